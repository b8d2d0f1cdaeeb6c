"""The other side of `core.process`: what runs in the worker process, and the wire between.

A message is a number and a pickle (protocol 5) with its large arrays behind it, uncopied. A
request holds (method, arguments), its answer, under the same number, (result, error). Both ends
are this program, one the parent of the other, so unpickling trusts nobody else.
"""

import contextlib
import os
import pickle
import signal
import struct
import sys
import threading
import traceback
from collections.abc import Iterator
from importlib import import_module
from queue import SimpleQueue
from typing import Any, BinaryIO

from core.errors import EngineFailed

BUILD, CLOSE = "<build>", "<close>"
"""The two requests that are no method of the object."""
_ORPHANED = -1
"""The number of a request that comes from nobody: the parent is gone."""

_HEAD = struct.Struct("<QI")
_LENGTH = struct.Struct("<Q")

Packed = list[bytearray]
_Inbox = SimpleQueue[tuple[int, Packed]]


def send(stream: BinaryIO, number: int, message: object) -> None:
    """OSError when nobody reads any more; whatever `pickle` raises before a byte is sent."""
    buffers: list[pickle.PickleBuffer] = []
    text = pickle.dumps(message, 5, buffer_callback=buffers.append)
    views = [memoryview(text), *(buffer.raw() for buffer in buffers)]
    stream.write(_HEAD.pack(number, len(views)))
    stream.write(b"".join(_LENGTH.pack(view.nbytes) for view in views))
    for view in views:
        stream.write(view)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[int, Packed]:
    """The number and what `unpack` wants. EOFError when the other side is gone."""
    number, count = _HEAD.unpack(_exactly(stream, _HEAD.size))
    lengths = _exactly(stream, count * _LENGTH.size)
    return number, [_exactly(stream, length) for (length,) in _LENGTH.iter_unpack(lengths)]


def unpack(packed: Packed) -> Any:
    """Imports whatever the message is made of, and may raise anything doing so."""
    return pickle.loads(packed[0], buffers=packed[1:])


def _exactly(stream: BinaryIO, length: int) -> bytearray:
    """Writable, so that the arrays made from it are, too."""
    room = bytearray(length)
    if stream.readinto(room) != length:  # type: ignore[attr-defined]
        raise EOFError
    return room


def main(parent: int, *, outlive: bool = False) -> None:
    """Serves the parent, whose process number this is, over stdin and stdout until it is gone.
    With `outlive` the object's `orphaned` is then called, and may take its time."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if outlive and hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the terminal goes with the parent
    if not outlive:
        _die_with(parent)
    requests, answers = _take_pipes()
    inbox: _Inbox = SimpleQueue()
    threading.Thread(target=_listen, args=(requests, inbox, outlive), daemon=True).start()
    with contextlib.suppress(OSError):
        _serve(inbox, answers)
    # The listener sits in a read that an orderly exit would wait for.
    os._exit(0)


def _serve(inbox: _Inbox, answers: BinaryIO) -> None:
    served: Any = None
    method = ""
    answer: tuple[object, BaseException | None]
    while method != CLOSE:
        number, packed = inbox.get()
        if number == _ORPHANED:
            if hasattr(served, "orphaned"):
                served.orphaned()
            return
        try:
            method, arguments = unpack(packed)
            if method == BUILD:
                served = _build(*arguments)
                answer = None, None
            elif method == CLOSE:
                _close(served)
                answer = None, None
            else:
                answer = _listed(getattr(served, method)(*arguments)), None
        except Exception as exc:  # noqa: BLE001 (all of it is the parent's to judge)
            answer = None, _portable(exc)
        _answer(answers, number, answer)


def _answer(stream: BinaryIO, number: int, answer: tuple[object, BaseException | None]) -> None:
    try:
        send(stream, number, answer)
    except (pickle.PicklingError, TypeError, AttributeError) as exc:
        failure = EngineFailed(f"A result cannot leave its process: {exc}")
        send(stream, number, (None, failure))


def _build(factory: str, options: dict[str, Any]) -> Any:
    module, _, attribute = factory.partition(":")
    return getattr(import_module(module), attribute)(**options)


def _close(served: Any) -> None:
    if hasattr(served, "close"):
        served.close()


def _listed(result: object) -> object:
    return list(result) if isinstance(result, Iterator) else result


def _portable(exc: BaseException) -> BaseException:
    """The error with its traceback as a note; another one in its place if it cannot travel."""
    exc.add_note("".join(traceback.format_tb(exc.__traceback__)).rstrip())
    try:
        pickle.loads(pickle.dumps(exc))
    except Exception:  # noqa: BLE001 (an error's own code runs here and may do anything)
        other = EngineFailed(f"{type(exc).__name__}: {exc}")
        other.add_note(exc.__notes__[-1])
        return other
    return exc


def _listen(requests: BinaryIO, inbox: _Inbox, outlive: bool) -> None:
    """Only moves bytes: unpacking imports, and two threads that import numpy break it."""
    with contextlib.suppress(EOFError, OSError):
        while True:
            inbox.put(receive(requests))
    if not outlive:
        os._exit(0)
    inbox.put((_ORPHANED, []))


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes, moved out of reach of native code that prints: that goes to stderr."""
    requests, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return os.fdopen(requests, "rb"), os.fdopen(answers, "wb")


def _die_with(parent: int) -> None:
    """Elsewhere than on Linux the listener's end of file does it, unless native code holds the
    GIL: then as soon as it lets go."""
    if sys.platform != "linux":
        return
    import ctypes

    set_death_signal = 1
    ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)
