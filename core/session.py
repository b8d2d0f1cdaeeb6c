"""One run of the translation: its state, its events, and the numbers by which late results
are told from current ones."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from core.channel import Closed
from core.events import (
    Cut,
    Event,
    Fate,
    LanesStuck,
    Recognised,
    Settled,
    State,
    StateChanged,
    Translated,
)
from core.lane import Watch
from core.ledger import Ledger
from core.metrics import Metrics
from core.pipeline import Pipeline
from core.types import AudioChunk, Segment, Speech, Transcript, Translation

log = logging.getLogger(__name__)

Listener = Callable[[Event], None]


class Session:
    """Start, feed, receive, stop. Any thread may call; `feed` and `receive` one thread each.

    The pipeline is built by the function given, which gets the session's `watch`; building
    loads engines and may fail: the session is then FAILED and says why.
    """

    def __init__(self, build: Callable[["Session"], Pipeline]) -> None:
        self.state = State.IDLE
        self.turn = 0
        self.metrics = Metrics()
        self.ledger = Ledger(lambda *fate: self.tell(Settled(*fate)))
        self.watch = Watch(self._is_current, self._passed, self._failed, self.metrics.took)
        self._build = build
        self._pipeline: Pipeline | None = None
        self._listeners: list[Listener] = []
        self._changing = threading.RLock()

    def listen(self, listener: Listener) -> None:
        """Be told everything from here on, on whichever thread it happens; be quick."""
        self._listeners.append(listener)

    def tell(self, event: Event) -> None:
        for listener in self._listeners:
            listener(event)

    def start(self) -> None:
        """Build the pipeline and run it. Raises what building raised."""
        with self._changing:
            self._change(State.STARTING)
            try:
                self._pipeline = self._build(self)
            except Exception as error:
                self._change(State.FAILED, str(error))
                raise
            self._pipeline.start()
            self._change(State.RUNNING)

    def feed(self, chunk: AudioChunk) -> bool:
        """The next sound. Waits while the pipeline is full; False when it takes no more."""
        return self._pipeline is not None and self._pipeline.inbox.put(chunk)

    def finish(self) -> None:
        """The input has ended; what is inside still comes out of `receive`."""
        if self._pipeline is not None:
            self._pipeline.finish()

    def receive(self, timeout: float | None = None) -> Speech | None:
        """The next translated speech, in order; None when the last one has come out.
        Raises TimeoutError when nothing came in time."""
        if self._pipeline is None:
            return None
        try:
            speech: Speech = self._pipeline.outbox.get(timeout)
        except Closed:
            return None
        self._pipeline.outbox.ack()
        return speech

    def cancel(self) -> None:
        """Give up everything on its way (panic, or another language); the session runs on."""
        self.turn += 1
        self.ledger.cancel()

    def stop(self, timeout: float = 2.0) -> None:
        """End it. Returns within `timeout` whatever is stuck; says what is."""
        with self._changing:
            if self._pipeline is None or self.state is State.STOPPED:
                return
            self.cancel()
            self._change(State.STOPPING)
            stuck = self._pipeline.stop(timeout)
            if stuck:
                log.warning("lanes stuck at stop: %s", ", ".join(stuck))
                self.tell(LanesStuck(tuple(stuck)))
            self._change(State.STOPPED)

    def _change(self, state: State, reason: str = "") -> None:
        self.state = state
        self.tell(StateChanged(state, reason))

    def _is_current(self, item: Any) -> bool:
        return not hasattr(item, "segment") or item.segment.turn == self.turn

    def _passed(self, lane: str, item: Any) -> None:
        match item:
            case Segment(final=True):
                self.ledger.enter(item)
                self.tell(Cut(item))
            case Transcript():
                self.tell(Recognised(item))
            case Translation():
                self.tell(Translated(item))

    def _failed(self, lane: str, item: Any, error: Exception) -> None:
        self.metrics.count(f"{lane}.failed")
        if hasattr(item, "segment"):
            self.ledger.settle(item.segment.number, Fate.FAILED, f"{lane}: {error}")
