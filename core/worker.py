"""The other side of `core.process`: what runs in the worker process, and the wire between.

A message is a pickle (protocol 5) with its large arrays behind it, uncopied. Requests are
(number, method, arguments), answers (number, result, error). Both ends are this program, one
the parent of the other, so unpickling trusts nobody else.
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

_COUNT = struct.Struct("<I")
_LENGTH = struct.Struct("<Q")


def send(stream: BinaryIO, message: object) -> None:
    """OSError when nobody reads any more; whatever `pickle` raises before a byte is sent."""
    buffers: list[pickle.PickleBuffer] = []
    text = pickle.dumps(message, 5, buffer_callback=buffers.append)
    views = [memoryview(text), *(buffer.raw() for buffer in buffers)]
    stream.write(_COUNT.pack(len(views)))
    stream.write(b"".join(_LENGTH.pack(view.nbytes) for view in views))
    for view in views:
        stream.write(view)
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """EOFError when the other side is gone."""
    (count,) = _COUNT.unpack(_exactly(stream, _COUNT.size))
    lengths = _exactly(stream, count * _LENGTH.size)
    parts = [_exactly(stream, length) for (length,) in _LENGTH.iter_unpack(lengths)]
    return pickle.loads(parts[0], buffers=parts[1:])


def _exactly(stream: BinaryIO, length: int) -> bytearray:
    """Writable, so that the arrays made from it are, too."""
    room = bytearray(length)
    if stream.readinto(room) != length:  # type: ignore[attr-defined]
        raise EOFError
    return room


def main(parent: int) -> None:
    """Serves the parent, whose process number this is, over stdin and stdout until it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with(parent)
    requests, answers = _take_pipes()
    inbox: SimpleQueue[tuple[int, str, tuple[Any, ...]]] = SimpleQueue()
    threading.Thread(target=_listen, args=(requests, inbox), daemon=True).start()
    with contextlib.suppress(OSError):
        _serve(inbox, answers)
    # The listener sits in a read that an orderly exit would wait for.
    os._exit(0)


def _serve(inbox: "SimpleQueue[tuple[int, str, tuple[Any, ...]]]", answers: BinaryIO) -> None:
    served: Any = None
    while True:
        number, method, arguments = inbox.get()
        answer: tuple[int, object, BaseException | None]
        try:
            if method == BUILD:
                served = _build(*arguments)
                answer = number, None, None
            elif method == CLOSE:
                _close(served)
                answer = number, None, None
            else:
                answer = number, _listed(getattr(served, method)(*arguments)), None
        except Exception as exc:  # noqa: BLE001 (all of it is the parent's to judge)
            answer = number, None, _portable(exc)
        _answer(answers, answer)
        if method == CLOSE:
            return


def _answer(stream: BinaryIO, answer: tuple[int, object, BaseException | None]) -> None:
    try:
        send(stream, answer)
    except (pickle.PicklingError, TypeError, AttributeError) as exc:
        send(stream, (answer[0], None, EngineFailed(f"A result cannot leave its process: {exc}")))


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


def _listen(requests: BinaryIO, inbox: "SimpleQueue[Any]") -> None:
    with contextlib.suppress(EOFError, OSError):
        while True:
            inbox.put(receive(requests))
    os._exit(0)


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
