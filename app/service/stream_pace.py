"""Whether a live stream's service keeps up: the time between two chunks that come, against the time
that it hears one of them for."""

from collections import deque
from collections.abc import Sequence

import numpy as np

from engines.link.report import ServiceTimes

HEARS = "segment"
"""The stage that each chunk of sound passes: enhanced, then cut."""
_NEWEST = 1500


class Pace:
    """For one thread."""

    def __init__(self) -> None:
        self._moments: deque[float] = deque(maxlen=_NEWEST)

    def came(self, moment: float) -> None:
        """A chunk of sound, at this moment in seconds."""
        self._moments.append(moment)

    def times(self, computing: Sequence[float]) -> ServiceTimes:
        """The mean distance of chunks, and the 95 % of them that took so long at most."""
        count = len(self._moments) - 1
        interval = (self._moments[-1] - self._moments[0]) / count if count > 0 else 0.0
        took = float(np.percentile(list(computing), 95)) if len(computing) else 0.0
        return ServiceTimes(round(interval, 6), round(took, 6))
