"""How much of a smile the speaker has on their lips, apart from what they say.

A mouth that is wide for a syllable speaks; one that stays wide smiles. Eyes and cheeks go on
smiling in the picture, so the drawn mouth keeps some of it.
"""

import math

_STAYS = 0.35
"""Seconds after which a width that stays counts as an expression."""
_SLIGHT, _KEPT, _MOST = 0.04, 0.65, 0.20
"""Units of the head's frame by which every mouth is wider at times; the part of what is beyond
that is kept; and how much at most."""
_LONGEST_GAP = 1.0


class Smile:
    """Asked by one thread. `wider`: by how much the mouth should rest wider than usual."""

    def __init__(self) -> None:
        self._pts: float | None = None
        self._width = 0.0

    @property
    def wider(self) -> float:
        return min(_MOST, max(0.0, _KEPT * (self._width - _SLIGHT)))

    def observe(self, pts: float, wider: float) -> None:
        """A mouth that is seen wider than usual by so much; late frames say nothing."""
        seconds = _LONGEST_GAP if self._pts is None else pts - self._pts
        if 0 > seconds > -_LONGEST_GAP:
            return
        self._pts = pts
        if not 0 <= seconds < _LONGEST_GAP:  # another stream, or the first frame
            self._width = 0.0
            return
        self._width += (wider - self._width) * (1 - math.exp(-seconds / _STAYS))
