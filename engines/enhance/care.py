"""When not to believe: lips that never move, and a network that has nothing to take away."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from core.types import LipSight, Samples
from engines.enhance.features import HOP, RATE

_LOOK_BACK = 4.0
_MOVED = 0.06
"""By how much a mouth opens and closes, at least, that is not a photo's."""
_LITTLE_DB, _MUCH_DB = -17.0, -12.0
"""Where less than that share of the power would be taken away, the sound is clean: it is left as
it is. Where more, all is done that the network says."""
_MEMORY = 0.4
_OPENS, _SHUTS = 0.08, 0.6
"""Seconds."""


class Movement:
    """Whether lips have moved of late. A still photo tells nothing about who speaks."""

    def __init__(self) -> None:
        self._sights: deque[LipSight] = deque()

    def judged(self, sight: LipSight) -> LipSight:
        """The sight, not to be trusted while nothing has moved."""
        self._sights.append(sight)
        while self._sights[0].pts < sight.pts - _LOOK_BACK:
            self._sights.popleft()
        openings = [one.opening for one in self._sights if one.trust > 0]
        if openings and max(openings) - min(openings) >= _MOVED:
            return sight
        return LipSight(sight.pts)


class Restraint:
    """How far the network may have its way, hop by hop, 0 to 1; without steps."""

    def __init__(self) -> None:
        self._taken, self._whole, self._level = 0.0, 1e-6, 0.0

    def levels(self, magnitude: Samples, gain: Samples) -> NDArray[np.float32]:
        """(n, 1) for n hops with the magnitudes and gains (n, bands)."""
        power = np.square(magnitude)
        taken = (power * np.square(1 - gain)).sum(axis=1).tolist()
        hops = zip(taken, power.sum(axis=1).tolist(), strict=True)
        return np.array([[self._level_after(*hop)] for hop in hops], np.float32)

    def _level_after(self, taken: float, whole: float) -> float:
        step = HOP / RATE
        self._taken += (taken - self._taken) * step / _MEMORY
        self._whole += (whole - self._whole) * step / _MEMORY
        decibels = 10 * np.log10((self._taken + 1e-9) / (self._whole + 1e-6))
        wanted = float(np.clip((decibels - _LITTLE_DB) / (_MUCH_DB - _LITTLE_DB), 0.0, 1.0))
        pace = _OPENS if wanted > self._level else _SHUTS
        self._level += (wanted - self._level) * min(1.0, step / pace)
        return self._level
