"""What is measured of a live stream while it runs: its stages' times, and its pictures a second."""

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence

from app.service.meters import Meters
from app.service.stream_pace import HEARS, Pace
from engines.link.report import ServiceTimes

EVERY = 1.0
_NEWEST = 512


class StreamMeter:
    """Of one stream; for one thread."""

    def __init__(self, meters: Meters, clock: Callable[[], float] = time.monotonic) -> None:
        self._meters, self._clock = meters, clock
        self._pace = Pace()
        self._hearing: deque[float] = deque(maxlen=_NEWEST)
        self._drawn = 0
        self._since = clock()

    @property
    def due(self) -> bool:
        """Whether it is time to ask the stream's process."""
        return self._clock() - self._since >= EVERY

    def heard(self) -> None:
        """A chunk of sound has come."""
        self._pace.came(self._clock())

    def drew(self) -> None:
        """A drawn picture goes back."""
        self._drawn += 1

    def take(self, timings: Mapping[str, Sequence[float]]) -> None:
        """What each item took since the last time, by stage."""
        now = self._clock()
        self._meters.stages(timings)
        self._hearing.extend(timings.get(HEARS, ()))
        if self._drawn and now > self._since:
            self._meters.fps.labels("stream").set(self._drawn / (now - self._since))
        self._drawn, self._since = 0, now

    def times(self) -> ServiceTimes:
        """Whether the service kept up."""
        return self._pace.times(self._hearing)
