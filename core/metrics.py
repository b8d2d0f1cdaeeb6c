"""What a session counts and times, for the window, the bench and the log."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypedDict

import numpy as np

from core.clock import Clock, RealClock

WINDOW = 512
"""Timings that the percentiles are taken over: the newest ones of a name."""


class Snapshot(TypedDict):
    """All of one moment. A timing has "count", and "p50", "p95" and "max" in seconds over its
    newest WINDOW ones."""

    counters: dict[str, int]
    gauges: dict[str, float]
    timings: dict[str, dict[str, float]]


@dataclass
class _Timings:
    count: int = 0
    newest: deque[float] = field(default_factory=lambda: deque(maxlen=WINDOW))


class Metrics:
    """Counters, gauges and timings by name, made by their first use. Any thread may use it; a
    call costs about a microsecond, a snapshot a sort of each window."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or RealClock()
        self._lock = threading.Lock()
        self._counters: dict[str, int] = {}
        self._gauges: dict[str, float] = {}
        self._timings: dict[str, _Timings] = {}

    def count(self, name: str, more: int = 1) -> None:
        with self._lock:
            self._counters[name] = self._counters.get(name, 0) + more

    def gauge(self, name: str, value: float) -> None:
        """The present value of something that goes up and down."""
        with self._lock:
            self._gauges[name] = value

    def took(self, name: str, seconds: float) -> None:
        """One more duration; fits `core.lane.Watch.took`."""
        with self._lock:
            timings = self._timings.setdefault(name, _Timings())
            timings.count += 1
            timings.newest.append(seconds)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Time a block, also when it raises."""
        start = self._clock.now()
        try:
            yield
        finally:
            self.took(name, self._clock.now() - start)

    def newest(self) -> dict[str, list[float]]:
        """The timings themselves, as far back as WINDOW."""
        with self._lock:
            return {name: list(timings.newest) for name, timings in self._timings.items()}

    def since(self, counted: dict[str, int]) -> dict[str, list[float]]:
        """The timings that have come since this was asked with the same `counted`, which is kept up
        by it; as far back as WINDOW."""
        found = {}
        with self._lock:
            for name, timings in self._timings.items():
                fresh = timings.count - counted.get(name, 0)
                counted[name] = timings.count
                found[name] = list(timings.newest)[-fresh:] if fresh else []
        return found

    def snapshot(self) -> Snapshot:
        with self._lock:
            counters, gauges = dict(self._counters), dict(self._gauges)
            timings = {name: (t.count, list(t.newest)) for name, t in self._timings.items()}
        summaries = {name: _summary(count, newest) for name, (count, newest) in timings.items()}
        return {"counters": counters, "gauges": gauges, "timings": summaries}


def _summary(count: int, seconds: list[float]) -> dict[str, float]:
    p50, p95 = np.percentile(seconds, (50, 95))
    return {"count": count, "p50": float(p50), "p95": float(p95), "max": max(seconds)}
