"""An object or a stage in a worker process of its own on this machine.

For engines that hold the GIL or may take the process down with them: a crash or a hang costs
one restart, not the meeting.

The worker is a plain `python -c` child on two pipes, not one of multiprocessing's: "spawn"
imports the parent's `__main__` again (pytest, a console script, a notebook), "fork" copies
locks that other threads hold, and either leaves helper processes of its own. A frozen program
has no Python to start, so it starts itself: its main calls `run_if_worker()` first.
"""

import contextlib
import logging
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

from core.child import FROZEN_FLAG, Child, Late, WorkerDied
from core.errors import EngineFailed, TranslatedCameraError
from core.worker import main

__all__ = ["Remote", "RemoteStage", "WorkerDied", "run_if_worker"]

log = logging.getLogger(__name__)

In = TypeVar("In", contravariant=True)
Out = TypeVar("Out", covariant=True)

Rest = Callable[[tuple[Any, ...], Sequence[Any]], tuple[Any, ...] | None]
"""With which arguments the rest is asked for, when these were asked with and these pieces taken;
None if that was all. EngineFailed if it cannot be told."""

_BACKOFF_S, _LONGEST_BACKOFF_S = 0.25, 2.0
_FAREWELL_S = 1.0
_GLANCE_S = 0.1


def run_if_worker() -> None:
    """Serves as a worker and does not return, if this (frozen) program was started as one."""
    if len(sys.argv) == 4 and sys.argv[1] == FROZEN_FLAG:
        main(int(sys.argv[2]), outlive=sys.argv[3] == "1")


class Remote:
    """The object that `factory` ("module:attribute", called with `options`) makes in a worker.

    The constructor returns once the object is built and raises what its building raised, but
    EngineFailed for an OSError and where no process can be started. One thread uses it at a time;
    `close` may come from any. Once `given_up` is set, a building is not waited for any more.

    A call that is not answered within `timeout` seconds, or whose worker dies, is tried again in a
    new worker, `tries` times in all. Workers that keep failing are started after growing
    pauses (2 s at most). One whose object cannot be built again costs the call, which raises
    EngineFailed; the next call starts another. `on_restart` hears, in whatever thread notices, that
    a new worker has taken over: its object is fresh, what was told to the last one is lost.
    """

    def __init__(
        self,
        factory: str,
        options: Mapping[str, Any] | None = None,
        *,
        timeout: float = 30.0,
        start_timeout: float = 60.0,
        backlog: int = 1000,
        tries: int = 2,
        on_restart: Callable[[], None] | None = None,
        outlive: bool = False,
        given_up: threading.Event | None = None,
    ) -> None:
        self.restarts = 0
        self._outlive = outlive
        self._factory, self._options = factory, dict(options or {})
        self._timeout, self._start_timeout = timeout, start_timeout
        self._backlog = backlog
        self._tries = tries
        self._on_restart = on_restart
        self._failures = 0
        self._not_before = 0.0
        self._built = False
        self._change = threading.RLock()
        self._closing = threading.Event()
        self._given_up = given_up or self._closing
        try:
            self._begin()
        except OSError as error:
            raise EngineFailed(f"{factory} cannot be started: {error}") from error
        self._built = True

    @property
    def pid(self) -> int:
        """The worker's process number, another one after each restart."""
        return self._child.process.pid

    @property
    def _unwanted(self) -> bool:
        return self._closing.is_set() or self._given_up.is_set()

    def hereafter(self, **options: Any) -> None:
        """What workers to come are built with instead; the present one stays as it is."""
        self._options = self._options | options

    def call(self, method: str, *arguments: Any, timeout: float | None = None) -> Any:
        """The method's result; an iterator arrives as a list. Raises what the method raised, and
        EngineFailed when `tries` workers in a row died or did not answer."""
        limit = self._timeout if timeout is None else timeout
        for _ in range(self._tries - 1):
            try:
                return self._ask(method, arguments, limit)
            except WorkerDied as exc:
                if self._closing.is_set():
                    raise
                log.warning("%s Trying once more in a new worker", exc)
        return self._ask(method, arguments, limit)

    def stream(
        self,
        method: str,
        *arguments: Any,
        timeout: float | None = None,
        rest: Rest | None = None,
    ) -> Iterator[Any]:
        """What the method's iterable gives, each as soon as it is made; a few are made ahead of who
        takes them (`core.wire.AHEAD`). Closed early, the work on it ends with the piece at hand.

        `timeout` is the longest wait for one piece, not counting what is done with those that
        came, nor the piece at hand of a stream that was closed. A worker that dies or hangs before
        the first of them is replaced as in `call`. After that `rest` says what is asked of the next
        one; without it the stream ends with the worker. Nothing is given twice.
        """
        limit = self._timeout if timeout is None else timeout
        asked = arguments
        left = self._tries
        while True:
            given: list[Any] = []
            left -= 1
            try:
                with contextlib.closing(self._pieces(method, asked, limit)) as pieces:
                    for piece in pieces:
                        given.append(piece)
                        yield piece
                return
            except WorkerDied as exc:
                if self._closing.is_set() or (given and rest is None):
                    raise
                if given and rest is not None:
                    wanted = rest(asked, given)
                    if wanted is None:
                        return
                    asked = wanted
                if not left:
                    raise
                log.warning("%s What is left is asked of a new worker", exc)

    def submit(self, method: str, *arguments: Any) -> "Future[Any]":
        """Asks without waiting. The answer, or WorkerDied, comes to the future; its callbacks
        run on a thread of this object. EngineFailed when `backlog` requests are waiting,
        WorkerDied while a failing worker pauses before its next start.

        A worker that has not answered for `timeout` seconds is replaced.
        """
        child = self._living(wait=False)
        limit = self._timeout if child.ready.done() else self._start_timeout
        if child.waiting_since(time.monotonic()) > limit:
            self._give_up(child)
            child = self._living(wait=False)
        if child.waiting >= self._backlog:
            raise EngineFailed(f"{self._factory} does not keep up: {self._backlog} requests wait.")
        return child.ask(method, arguments)

    def close(self) -> None:
        """Ends the worker, by force if it is busy for another second. Calls under way fail."""
        self._closing.set()
        with self._change:
            child = self._child
        child.end(_FAREWELL_S)

    def _ask(self, method: str, arguments: tuple[Any, ...], limit: float) -> Any:
        child = self._ready()
        patience = limit + child.busy()
        future = child.ask(method, arguments)
        try:
            return future.result(patience)
        except TimeoutError:
            if future.done():
                raise
            self._give_up(child)
            raise WorkerDied(f"{self._factory} gave no answer for {limit:g} s.") from None

    def _pieces(
        self, method: str, arguments: tuple[Any, ...], limit: float
    ) -> Generator[Any, None, None]:
        child = self._ready()
        try:
            yield from child.stream(method, arguments, limit)
        except Late:
            self._give_up(child)
            raise WorkerDied(f"{self._factory} gave no answer for {limit:g} s.") from None

    def _begin(self) -> None:
        with self._change:
            self._child = self._start()
        try:
            self._await_ready(self._child)
        except BaseException:
            self.close()
            raise

    def _ready(self) -> "Child":
        """The worker, with its object built."""
        child = self._living()
        try:
            self._await_ready(child)
        except WorkerDied:
            raise
        except Exception as error:
            child.process.kill()
            child.gone.wait(_FAREWELL_S)
            why = f"{self._factory} cannot be built again: {error}"
            told = str(error) if isinstance(error, TranslatedCameraError) else why
            raise EngineFailed(told) from error
        return child

    def _await_ready(self, child: "Child") -> None:
        until = time.monotonic() + self._start_timeout
        while not self._unwanted and time.monotonic() < until:
            with contextlib.suppress(TimeoutError):
                child.ready.result(_GLANCE_S)
            if child.ready.done():
                child.ready.result()
                return
        if self._unwanted:
            raise WorkerDied(f"{self._factory} is closed.")
        self._give_up(child)
        raise WorkerDied(f"{self._factory} did not start.")

    def _give_up(self, child: "Child") -> None:
        log.warning("%s hangs; its worker is ended", self._factory)
        child.process.kill()
        child.gone.wait(_FAREWELL_S)

    def _living(self, *, wait: bool = True) -> "Child":
        """The worker; a new one if the last one died."""
        with self._change:
            if not self._child.gone.is_set() and not self._closing.is_set():
                return self._child
            pause = self._not_before - time.monotonic()
            if pause > 0 and not wait:
                raise WorkerDied(
                    f"{self._factory} keeps crashing; it starts again in {pause:.1f} s."
                )
            if self._closing.wait(max(0.0, pause)):
                raise WorkerDied(f"{self._factory} is closed.")
            try:
                self._child = child = self._start()
            except OSError as error:
                self._failed()
                raise WorkerDied(f"{self._factory} cannot be started again: {error}") from error
            self.restarts += 1
        if self._on_restart is not None:
            self._on_restart()
        return child

    def _start(self) -> "Child":
        return Child(
            self._factory,
            self._options,
            self._answered,
            self._lost,
            self._succeed,
            outlive=self._outlive,
        )

    def _answered(self) -> None:
        self._failures = 0

    def _lost(self, death: WorkerDied) -> None:
        if self._built and not self._closing.is_set():
            log.warning("%s", death)
            self._failed()

    def _failed(self) -> None:
        self._failures += 1
        if self._failures > 1:
            pause = min(_BACKOFF_S * 2 ** (self._failures - 2), _LONGEST_BACKOFF_S)
            self._not_before = time.monotonic() + pause

    def _succeed(self, was_ready: bool) -> None:
        """After a first death a new worker is started before anybody asks."""
        if was_ready and self._failures == 1 and not self._closing.is_set():
            with contextlib.suppress(TranslatedCameraError):
                self._living()


class RemoteStage(Generic[In, Out]):
    """A whole stage in a worker process; its items travel there, and what they become comes back
    as it is made.

    `timeout`, in seconds, is the longest wait for one piece and may depend on the item. A worker
    that died is replaced while nobody asks, so that the next item does not wait for it;
    `on_restart` hears of each new one, in whatever thread notices.

    `rest` tells what is left to do of an item of which these pieces were given out when its worker
    ended, None if that is nothing, and raises EngineFailed if it cannot be told. Without it such
    an item fails. No piece is given out twice. `needs` says what of an item travels.
    """

    def __init__(
        self,
        factory: str,
        options: Mapping[str, Any] | None = None,
        *,
        timeout: float | Callable[[In], float] = 30.0,
        tries: int = 2,
        on_restart: Callable[[], None] | None = None,
        rest: Callable[[In, Sequence[Out]], In | None] | None = None,
        needs: Callable[[In], Any] = lambda item: item,
    ) -> None:
        self._timeout = timeout if callable(timeout) else lambda item: timeout
        self._needs = needs
        self._rest = None if rest is None else _of_items(rest)
        self.remote = Remote(factory, options, tries=tries, on_restart=on_restart)

    def ahead(self, item: In) -> None:
        """One worker does one item at a time: there is nothing to begin."""

    def process(self, item: In) -> Iterator[Out]:
        limit = self._timeout(item)
        needed = self._needs(item)
        yield from self.remote.stream("process", needed, timeout=limit, rest=self._rest)

    def flush(self) -> Iterator[Out]:
        yield from self.remote.stream("flush")

    def close(self) -> None:
        self.remote.close()


def _of_items(rest: Callable[[In, Sequence[Out]], In | None]) -> Rest:
    def arguments(asked: tuple[Any, ...], given: Sequence[Any]) -> tuple[Any, ...] | None:
        left = rest(asked[0], given)
        return None if left is None else (left,)

    return arguments
