"""When not to believe lips: those that never move."""

from collections import deque

from core.types import LipSight

_LOOK_BACK = 4.0
_MOVED = 0.06
"""By how much a mouth opens and closes, at least, that is not a photo's."""


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
