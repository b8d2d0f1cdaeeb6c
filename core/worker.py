"""The other side of `core.process`: what runs in the worker process."""

import contextlib
import os
import pickle
import signal
import sys
import threading
import traceback
from collections import deque
from collections.abc import Iterable, Iterator
from importlib import import_module
from queue import SimpleQueue
from typing import Any, BinaryIO

from core.errors import EngineFailed
from core.wire import AHEAD, Kind, Packed, receive, send, unpack

BUILD, CLOSE = "<build>", "<close>"
"""The two requests that are no method of the object."""
_ORPHANED = -1
"""The number of a request that comes from nobody: the parent is gone."""

_Message = tuple[int, Kind, Packed]
_Inbox = SimpleQueue[_Message]


def main(parent: int, *, outlive: bool = False) -> None:
    """Serves the parent, whose process number this is, over stdin and stdout until it is gone.
    With `outlive` the object's `orphaned` is then called, and may take its time."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a closed terminal is the parent's to judge
    if not outlive:
        _die_with(parent)
    requests, answers = _take_pipes()
    inbox: _Inbox = SimpleQueue()
    threading.Thread(target=_listen, args=(requests, inbox, outlive), daemon=True).start()
    _Serving(_Requests(inbox), answers).run()
    # The listener sits in a read that an orderly exit would wait for.
    os._exit(0)


class _Requests:
    """What came in, for the one thread that serves. What is said of a stream at work is heard in
    between."""

    def __init__(self, inbox: _Inbox) -> None:
        self._inbox = inbox
        self._later: deque[_Message] = deque()
        self._stopped: set[int] = set()
        self._stream, self._room = 0, 0

    def next(self) -> _Message:
        while not self._later:
            self._hear(self._inbox.get())
        return self._later.popleft()

    def begin(self, stream: int) -> None:
        """The request of this number is answered piece by piece."""
        self._stream, self._room = stream, AHEAD

    @property
    def wanted(self) -> bool:
        """Whether another piece of the stream is. Waits while enough lie untaken, but not when
        something else is asked meanwhile: that would wait for what waits for it."""
        while not self._inbox.empty():
            self._hear(self._inbox.get())
        while not (self._room > 0 or self._later or self._stream in self._stopped):
            self._hear(self._inbox.get())
        self._room -= 1
        orphaned = bool(self._later) and self._later[-1][0] == _ORPHANED
        return self._stream not in self._stopped and not orphaned

    def _hear(self, message: _Message) -> None:
        number, kind, _ = message
        if kind is Kind.MORE:
            self._room += number == self._stream
        elif kind is Kind.STOP:
            # Requests are numbered in the order of asking, and done in it.
            self._stopped = {one for one in self._stopped if one >= self._stream} | {number}
        else:
            self._later.append(message)


class _Serving:
    """Does what is asked, one request after the other, with the object that it is to build."""

    def __init__(self, requests: _Requests, answers: BinaryIO) -> None:
        self._requests = requests
        self._answers = answers
        self._served: Any = None

    def run(self) -> None:
        method = ""
        while method != CLOSE:
            number, kind, packed = self._requests.next()
            if number == _ORPHANED:
                if hasattr(self._served, "orphaned"):
                    self._served.orphaned()
                return
            result: object = None
            error: BaseException | None = None
            try:
                method, arguments = unpack(packed)
                result = self._done(number, kind, method, arguments)
            except Exception as exc:  # noqa: BLE001 (all of it is the parent's to judge)
                error = _portable(exc)
            self._end(number, result, error)
            if error is not None and self._served is None:
                return  # it could not be built

    def _done(self, number: int, kind: Kind, method: str, arguments: tuple[Any, ...]) -> object:
        if method == BUILD:
            self._served = _build(*arguments)
        elif method == CLOSE:
            _close(self._served)
        elif kind is Kind.STREAM:
            self._stream(number, getattr(self._served, method)(*arguments))
        else:
            return _listed(getattr(self._served, method)(*arguments))
        return None

    def _stream(self, number: int, pieces: Iterable[object]) -> None:
        self._requests.begin(number)
        stream = iter(pieces)
        try:
            while self._requests.wanted:
                try:
                    piece = next(stream)
                except StopIteration:
                    return
                self._send(number, Kind.PIECE, (piece, None))
        finally:
            _close(stream)

    def _end(self, number: int, result: object, error: BaseException | None) -> None:
        try:
            self._send(number, Kind.END, (result, error))
        except EngineFailed as failure:
            self._send(number, Kind.END, (None, failure))

    def _send(self, number: int, kind: Kind, message: object) -> None:
        """EngineFailed when it cannot be sent. Where nobody reads, the listener hears of it."""
        try:
            with contextlib.suppress(OSError):
                send(self._answers, number, kind, message)
        except (pickle.PicklingError, TypeError, AttributeError) as exc:
            raise EngineFailed(f"A result cannot leave its process: {exc}") from exc


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
    inbox.put((_ORPHANED, Kind.ASK, []))


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
