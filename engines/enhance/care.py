"""When not to believe lips: those that never move, and those that do not go with the sound."""

from collections import deque

import numpy as np

from core.types import LipSight, Samples
from engines.enhance.features import HOP, RATE

_LOOK_BACK = 4.0
_MOVED = 0.06
"""By how much a mouth opens and closes, at least, that is not a photo's."""

_DELAYS = np.array((0.0, 0.04, 0.08, 0.12))
"""Seconds by which sound may be later than the mouth that makes it."""
_REMEMBERED = 3.0
_KNOWN = 2.0
"""Seconds after which it is known whether lips go with the sound; before, they are given credit."""
_CREDIT = 0.35
_NO, _YES = 0.18, 0.32
"""The correlation of opening and loudness, so far below and from where on lips are believed."""
_QUIET = 1e-3
"""The share of the loudest power of late under which all is silence."""
_FADING = 0.999
_LONGEST = 0.1
_LEVELS = 60


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


class Agreement:
    """Whether lips open when it is loud, as a speaker's do. Those of a listener, of a picture that
    is late or of a mouth that is read badly do not, and would lead astray."""

    def __init__(self) -> None:
        self._levels: deque[tuple[float, float]] = deque(maxlen=_LEVELS)
        self._waiting: deque[LipSight] = deque()
        self._loudest, self._seconds, self._last = 0.0, 0.0, 0.0
        # Of the opening and of the level after each delay: mean, variance, and covariance with
        # the opening.
        self._mean, self._variance, self._shared = np.zeros((3, 1 + len(_DELAYS)))

    def hear(self, hops: Samples, end: float) -> None:
        """Whole hops, the last of which ends at `end`."""
        powers = np.square(hops).reshape(-1, HOP).mean(axis=1, dtype=np.float64).tolist()
        for number, power in enumerate(powers):
            self._loudest = max(power, _FADING * self._loudest)
            middle = end - (len(powers) - number - 0.5) * HOP / RATE
            level = float(np.log10(power + _QUIET * self._loudest + 1e-12))
            self._levels.append((middle, level))

    def judged(self, sight: LipSight) -> LipSight:
        """The sight, trusted as far as those before it went with the sound."""
        if sight.trust > 0:
            self._waiting.append(sight)
        until = self._levels[-1][0] - float(_DELAYS[-1]) if self._levels else -np.inf
        while self._waiting and self._waiting[0].pts <= until:
            self._compare(self._waiting.popleft())
        return LipSight(sight.pts, sight.opening, sight.spread, sight.trust * self._trust)

    def _compare(self, sight: LipSight) -> None:
        times, levels = np.array(self._levels).T
        values = np.append(sight.opening, np.interp(sight.pts + _DELAYS, times, levels))
        step = min(max(sight.pts - self._last, 1e-3), _LONGEST)
        self._last, self._seconds = sight.pts, self._seconds + step
        pace = step / min(self._seconds, _REMEMBERED)
        apart = values - self._mean
        self._mean = self._mean + pace * apart
        self._variance += pace * ((1 - pace) * apart**2 - self._variance)
        self._shared += pace * ((1 - pace) * apart[0] * apart - self._shared)

    @property
    def _trust(self) -> float:
        both = np.sqrt(self._variance[0] * self._variance[1:]) + 1e-9
        found = float((self._shared[1:] / both).max())
        credit = _CREDIT * max(0.0, 1 - self._seconds / _KNOWN)
        return min(max((found + credit - _NO) / (_YES - _NO), 0.0), 1.0)
