"""The camera's pictures on their way to be shown or drawn."""

import threading
import time
from collections.abc import Callable

from app.live.clock import SessionClock
from app.live.desk import Desk
from core.devices import FPS
from core.latest import Latest
from core.types import Frame

_LOOK, _NEAR = 0.004, 0.0015
"""Seconds between two looks for the camera's next picture; and between two about when it comes."""
_EARLY, _LATE = 0.003, 0.012
"""Seconds before and after the moment at which a picture is expected, in which it mostly comes."""
_IDLE_LOOK = 0.1


class Watching:
    """`run` on one thread, until `ended`; while nobody looks, it takes none. `give` gets each
    picture; `taken` keeps the newest, for a preview."""

    def __init__(
        self,
        desk: Desk,
        clock: SessionClock,
        looked_at: Callable[[], bool],
        give: Callable[[Frame], None],
    ) -> None:
        self._desk, self._clock = desk, clock
        self._looked_at, self._give = looked_at, give
        self._rate = _Rate()
        self.taken: Latest[Frame] = Latest()
        self.cpu = 0.0
        """The CPU seconds of all that."""

    @property
    def fps(self) -> float:
        return self._rate.value

    def run(self, ended: threading.Event) -> None:
        version = 0
        while not ended.is_set():
            self.cpu = time.thread_time()
            if not self._looked_at():
                ended.wait(_IDLE_LOOK)
                continue
            held = self._desk.taken.get(version)
            if held is None:
                ended.wait(self._until_next(self._desk.taken.came(version)))
                continue
            version, taken = held
            frame = Frame(taken.image, self._clock.at(taken.pts), taken.number)
            self.taken.put(frame)
            self._rate.tick()
            self._give(frame)

    def _until_next(self, came: float) -> float:
        """Seconds until it is worth while to look again, if the last picture came then. More of
        them than are sent are not needed."""
        left = came + 1 / FPS - _EARLY - time.perf_counter()
        return max(left, _NEAR) if left > -_LATE else _LOOK


class _Rate:
    """Ticks a second, over the last second or so. One thread ticks."""

    def __init__(self) -> None:
        self._moments: list[float] = []

    def tick(self) -> None:
        now = time.perf_counter()
        self._moments = [one for one in self._moments if now - one < 1.0] + [now]

    @property
    def value(self) -> float:
        now = time.perf_counter()
        return float(sum(1 for one in self._moments if now - one < 1.0))
