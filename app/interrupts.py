"""Ctrl-C and the other ways of asking a program to end, all as one KeyboardInterrupt."""

import _thread
import contextlib
import os
import select
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from importlib.machinery import ExtensionFileLoader
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from sys import UnraisableHookArgs as _Found

_CLOSED = getattr(signal, "SIGHUP", None)
"""The terminal was closed."""
_ENDINGS = tuple(filter(None, (signal.SIGINT, signal.SIGTERM, _CLOSED)))
_AGAIN_S = 0.05
_MAIN = threading.main_thread().ident or 0


def listen() -> None:
    """From here on the first of them raises KeyboardInterrupt in the main thread. What follows
    it, closing files and ending workers, is short and must be complete: further ones are
    ignored. Who starts the program so that it outlasts its terminal (nohup) is obeyed."""
    for number in _ENDINGS:
        if number != _CLOSED or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _once)
    sys.unraisablehook = partial(_unraisable, sys.unraisablehook)


def ignore() -> None:
    """The program is ending already."""
    for number in _ENDINGS:
        signal.signal(number, signal.SIG_IGN)


def leave(code: int) -> NoReturn:
    """The end of the program, which nothing interrupts. Python remembers a KeyboardInterrupt that
    came through an `exec` of text, as the making of a dataclass is, although it was caught
    since, and kills itself by SIGINT in place of what it was told; the next `exec` forgets it."""
    ignore()
    exec("")
    sys.exit(code)


def when_closed(end: Callable[[], object]) -> None:
    """What a closed terminal does from here on, for who hears Ctrl-C in a way of their own."""

    def closed(number: int, frame: FrameType | None) -> None:
        _forget_terminal()
        end()

    if _CLOSED is not None and signal.getsignal(_CLOSED) != signal.SIG_IGN:
        signal.signal(_CLOSED, closed)


def _once(number: int, frame: FrameType | None) -> None:
    if number == _CLOSED:
        _forget_terminal()
    if _native_module_begins(frame):
        threading.Timer(_AGAIN_S, _interrupt).start()
        return
    ignore()
    raise KeyboardInterrupt


def _native_module_begins(frame: FrameType | None) -> bool:
    """Whether one is being imported. What it raises then may be made an ImportError, which means
    that something else is taken in its place, and not that the program ends."""
    while frame is not None:
        if isinstance(frame.f_locals.get("self"), ExtensionFileLoader):
            return True
        frame = frame.f_back
    return False


def _forget_terminal() -> None:
    """Whatever is still said goes nowhere: writing to a terminal that is gone is an error."""
    for stream in (1, 2):
        with contextlib.suppress(OSError):
            ends = select.poll()
            ends.register(stream, 0)
            if any(how & (select.POLLERR | select.POLLHUP) for _, how in ends.poll(0)):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream)


def _unraisable(before: "Callable[[_Found], object]", found: "_Found") -> None:
    """An interrupt that met a function which cannot raise (called by C, or a finaliser) is lost:
    it comes again when that one is over."""
    if not isinstance(found.exc_value, KeyboardInterrupt):
        before(found)
        return
    signal.signal(signal.SIGINT, _once)
    threading.Timer(_AGAIN_S, _interrupt).start()


def _interrupt() -> None:
    """Also where the main thread waits; on Windows once it goes on."""
    if sys.platform == "win32":
        _thread.interrupt_main()
    else:
        signal.pthread_kill(_MAIN, signal.SIGINT)
