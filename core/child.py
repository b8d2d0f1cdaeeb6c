"""One life of a worker process, as its parent sees it."""

import contextlib
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from os import getpid
from queue import Empty, SimpleQueue
from typing import Any, BinaryIO, cast

from core.errors import EngineFailed
from core.wire import Kind, Packed, receive, send, unpack
from core.worker import BUILD, CLOSE

FROZEN_FLAG = "--worker-of"
_OVER = object()

# Linux ends a child when the *thread* that started it ends; this one lasts as long as we do.
_starter = ThreadPoolExecutor(1, "worker-starter")


class WorkerDied(EngineFailed):
    """The worker process ended before it answered."""


class Late(Exception):
    """A piece has not come in time."""


class _Pieces:
    """Those that have come and were not taken yet, then the end or an error."""

    def __init__(self) -> None:
        self._come: SimpleQueue[tuple[object, BaseException | None]] = SimpleQueue()

    def add(self, piece: object) -> None:
        self._come.put((piece, None))

    def set_result(self, result: object) -> None:
        self._come.put((_OVER, None))

    def set_exception(self, error: BaseException) -> None:
        self._come.put((None, error))

    def take(self, patience: float) -> object:
        """_OVER behind the last one."""
        try:
            piece, error = self._come.get(timeout=patience)
        except Empty:
            raise Late from None
        if error is not None:
            raise error
        return piece


class Child:
    """One life of the worker process, with a thread that writes to it and one that reads.

    It ends when its object cannot be built: `ready` then says why. At its end `lost` is called with
    what happened, then who waits for answers hears of it, then `buried` is called with whether the
    object had been built. OSError when no process can be started."""

    def __init__(
        self,
        factory: str,
        options: dict[str, Any],
        answered: Callable[[], None],
        lost: Callable[[WorkerDied], None],
        buried: Callable[[bool], None],
        *,
        outlive: bool = False,
    ) -> None:
        self.process = _starter.submit(_spawn, outlive).result()
        self._factory = factory
        self.gone = threading.Event()
        self._answered, self._lost, self._buried = answered, lost, buried
        self._waiting: dict[int, tuple[Future[Any] | _Pieces, float]] = {}
        self._ending: dict[int, float] = {}
        self._outbox: SimpleQueue[tuple[int, Kind, object] | None] = SimpleQueue()
        # Of a stream that nobody holds any more it may be taken on any thread, this one included.
        self._lock = threading.RLock()
        self._asked = 0
        self.ready = self.ask(BUILD, (factory, options))
        for work in (self._write, self._read):
            threading.Thread(target=work, name=f"worker-{work.__name__}", daemon=True).start()

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def waiting_since(self, now: float) -> float:
        """How long the oldest request has waited, in seconds."""
        with self._lock:
            return now - next((asked for _, asked in self._waiting.values()), now)

    def busy(self) -> float:
        """For how many seconds it may still be at the piece at hand of a stream that nobody wants:
        what is asked meanwhile is begun after that."""
        with self._lock:
            until = max(self._ending.values(), default=0.0)
        return max(0.0, until - time.monotonic())

    def ask(self, method: str, arguments: tuple[Any, ...]) -> "Future[Any]":
        future: Future[Any] = Future()
        self._request(Kind.ASK, (method, arguments), future)
        return future

    def stream(self, method: str, arguments: tuple[Any, ...], patience: float) -> Iterator[Any]:
        """What the method's iterable gives. Asks when the first is wanted; Late when one that is
        waited for takes more than `patience` seconds. Who closes it early wants no more."""
        pieces = _Pieces()
        extra = self.busy()
        number = self._request(Kind.STREAM, (method, arguments), pieces)
        try:
            while (piece := pieces.take(patience + extra)) is not _OVER:
                extra = 0.0
                self._outbox.put((number, Kind.MORE, None))
                yield piece
        finally:
            self._drop(number, patience)

    def end(self, patience: float) -> None:
        with self._lock:
            for number, (waits, _) in list(self._waiting.items()):
                if isinstance(waits, _Pieces):
                    self._drop(number, patience)
                    waits.set_exception(WorkerDied(f"{self._factory} is closed."))
        self.ask(CLOSE, ())
        if not self.gone.wait(patience):
            self.process.kill()
            self.gone.wait(patience / 2)

    def _request(self, kind: Kind, message: object, waits: Future[Any] | _Pieces) -> int:
        with self._lock:
            if self.gone.is_set():
                waits.set_exception(self._death())
                return 0
            self._asked += 1
            self._waiting[self._asked] = waits, time.monotonic()
            self._outbox.put((self._asked, kind, message))
            return self._asked

    def _drop(self, number: int, patience: float) -> None:
        """Nobody wants the rest of a stream, if there is one. The piece at hand may take as long as
        any."""
        with self._lock:
            if self._waiting.pop(number, None) is not None:
                self._ending[number] = time.monotonic() + patience
                self._outbox.put((number, Kind.STOP, None))

    def _write(self) -> None:
        stream = cast(BinaryIO, self.process.stdin)
        # The pipe may already be broken when what is left in the buffer is given up.
        with contextlib.suppress(OSError), stream:
            while (request := self._outbox.get()) is not None:
                try:
                    send(stream, *request)
                except (pickle.PicklingError, TypeError, AttributeError) as exc:
                    refused = TypeError(f"cannot be sent: {exc}")
                    self._settle(request[0], Kind.END, None, refused)

    def _read(self) -> None:
        stream = cast(BinaryIO, self.process.stdout)
        with contextlib.suppress(OSError, EOFError), stream:
            while True:
                number, kind, packed = receive(stream)
                self._settle(number, kind, *_unpacked(packed))
        self._bury()

    def _settle(self, number: int, kind: Kind, result: object, error: BaseException | None) -> None:
        waits = self._waiter(number, kind)
        if kind is Kind.END and waits is not self.ready:
            self._answered()
        if waits is None:
            return
        if error is not None:
            waits.set_exception(error)
        elif isinstance(waits, _Pieces) and kind is Kind.PIECE:
            waits.add(result)
        else:
            waits.set_result(result)

    def _waiter(self, number: int, kind: Kind) -> Future[Any] | _Pieces | None:
        """Who waits for the answer; None when nobody wants it any more."""
        with self._lock:
            waits, _ = self._waiting.pop(number, (None, 0.0))
            if kind is Kind.END:
                self._ending.pop(number, None)
            if waits is not None and kind is Kind.PIECE:
                self._waiting[number] = waits, time.monotonic()
            return waits

    def _bury(self) -> None:
        self.process.kill()
        self.process.wait()
        with self._lock:
            self.gone.set()
            lost, self._waiting = self._waiting, {}
        self._outbox.put(None)
        was_ready = self.ready.done() and self.ready.exception() is None
        self._lost(self._death())
        for future, _ in lost.values():
            future.set_exception(self._death())
        self._buried(was_ready)

    def _death(self) -> WorkerDied:
        refused = self.ready.exception() if self.ready.done() else None
        if refused is not None and not isinstance(refused, WorkerDied):
            return WorkerDied(f"{self._factory} cannot be built again: {refused}")
        return WorkerDied(f"{self._factory} crashed in its worker process.")


def _unpacked(packed: Packed) -> tuple[object, BaseException | None]:
    try:
        result, error = unpack(packed)
    except Exception as exc:  # noqa: BLE001 (a value's own code runs here and may do anything)
        return None, EngineFailed(f"An answer of a worker cannot be read: {exc}")
    return result, error


def _spawn(outlive: bool) -> "subprocess.Popen[bytes]":
    if getattr(sys, "frozen", False):
        command = [sys.executable, FROZEN_FLAG, str(getpid()), str(int(outlive))]
    else:
        serve = f"w.main({getpid()}, outlive={outlive})"
        start = f"import sys; sys.path[:] = {sys.path!r}; import core.worker as w; {serve}"
        command = [sys.executable, "-c", start]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None if sys.stderr else subprocess.DEVNULL,
        # Ctrl-C in the terminal is for the parent, which decides.
        process_group=0 if sys.platform != "win32" else None,
    )
