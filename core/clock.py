"""Time as the session sees it: one clock that everything is given, so that tests can move it."""

import threading
import time
from typing import Protocol


class Clock(Protocol):
    def now(self) -> float:
        """Seconds since an arbitrary start; never goes back."""
        ...

    def sleep(self, seconds: float) -> None: ...


class RealClock:
    """Seconds since it was made, by the machine's monotonic clock. Any thread may ask."""

    def __init__(self) -> None:
        self._start = time.perf_counter()

    def now(self) -> float:
        return time.perf_counter() - self._start

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            time.sleep(seconds)


class ManualClock:
    """Stands still until it is moved. `sleep` waits for `advance` from another thread; with
    `auto`, it moves the clock itself and returns at once (one thread, or one lane of a
    simulation)."""

    def __init__(self, start: float = 0.0, *, auto: bool = False) -> None:
        self._now = start
        self._auto = auto
        self._moved = threading.Condition()

    def now(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        with self._moved:
            until = self._now + max(0.0, seconds)
            if self._auto:
                self._now = until
            else:
                self._moved.wait_for(lambda: self._now >= until)

    def advance(self, seconds: float) -> None:
        self.advance_to(self._now + seconds)

    def advance_to(self, moment: float) -> None:
        """Move forward; a moment in the past changes nothing."""
        with self._moved:
            self._now = max(self._now, moment)
            self._moved.notify_all()


class MachineClock:
    """The moments of core.devices: the same in every process of this machine. Any thread."""

    def now(self) -> float:
        return time.perf_counter()

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            time.sleep(seconds)
