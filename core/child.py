"""One life of a worker process, as its parent sees it."""

import contextlib
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from os import getpid
from queue import SimpleQueue
from typing import Any, BinaryIO, cast

from core.errors import EngineFailed
from core.worker import BUILD, CLOSE, Packed, receive, send, unpack

FROZEN_FLAG = "--worker-of"

# Linux ends a child when the *thread* that started it ends; this one lasts as long as we do.
_starter = ThreadPoolExecutor(1, "worker-starter")


class WorkerDied(EngineFailed):
    """The worker process ended before it answered."""


class Child:
    """One life of the worker process, with a thread that writes to it and one that reads.

    At its end `lost` is called, then who waits for answers hears of it, then `buried` is called
    with whether the object had been built."""

    def __init__(
        self,
        factory: str,
        options: dict[str, Any],
        answered: Callable[[], None],
        lost: Callable[[], None],
        buried: Callable[[bool], None],
        *,
        outlive: bool = False,
    ) -> None:
        self.process = _starter.submit(_spawn, outlive).result()
        self._factory = factory
        self.gone = threading.Event()
        self._answered, self._lost, self._buried = answered, lost, buried
        self._waiting: dict[int, tuple[Future[Any], float]] = {}
        self._outbox: SimpleQueue[tuple[int, str, tuple[Any, ...]] | None] = SimpleQueue()
        self._lock = threading.Lock()
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

    def ask(self, method: str, arguments: tuple[Any, ...]) -> "Future[Any]":
        future: Future[Any] = Future()
        with self._lock:
            if self.gone.is_set():
                future.set_exception(self._death())
                return future
            self._asked += 1
            self._waiting[self._asked] = future, time.monotonic()
            self._outbox.put((self._asked, method, arguments))
        return future

    def end(self, patience: float) -> None:
        self.ask(CLOSE, ())
        if not self.gone.wait(patience):
            self.process.kill()
            self.gone.wait(patience / 2)

    def _write(self) -> None:
        stream = cast(BinaryIO, self.process.stdin)
        # The pipe may already be broken when what is left in the buffer is given up.
        with contextlib.suppress(OSError), stream:
            while (request := self._outbox.get()) is not None:
                try:
                    send(stream, request[0], request[1:])
                except (pickle.PicklingError, TypeError, AttributeError) as exc:
                    self._settle(request[0], None, TypeError(f"cannot be sent: {exc}"))

    def _read(self) -> None:
        stream = cast(BinaryIO, self.process.stdout)
        with contextlib.suppress(OSError, EOFError), stream:
            while True:
                number, packed = receive(stream)
                self._settle(number, *_unpacked(packed))
        self._bury()

    def _settle(self, number: int, result: object, error: BaseException | None) -> None:
        with self._lock:
            future, _ = self._waiting.pop(number)
        if future is not self.ready:
            self._answered()
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)

    def _bury(self) -> None:
        self.process.kill()
        self.process.wait()
        with self._lock:
            self.gone.set()
            lost, self._waiting = self._waiting, {}
        self._outbox.put(None)
        was_ready = self.ready.done() and self.ready.exception() is None
        self._lost()
        for future, _ in lost.values():
            future.set_exception(self._death())
        self._buried(was_ready)

    def _death(self) -> WorkerDied:
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
