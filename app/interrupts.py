"""Ctrl-C and the other ways of asking a program to end, all as one KeyboardInterrupt."""

import signal
from types import FrameType

_ENDINGS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


def listen() -> None:
    """From here on the first of them raises KeyboardInterrupt in the main thread. What follows
    it, closing files and ending workers, is short and must be complete: further ones are
    ignored."""
    for number in _ENDINGS:
        signal.signal(number, _once)


def ignore() -> None:
    """The program is ending already."""
    for number in _ENDINGS:
        signal.signal(number, signal.SIG_IGN)


def _once(number: int, frame: FrameType | None) -> None:
    ignore()
    raise KeyboardInterrupt
