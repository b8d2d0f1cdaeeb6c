"""Whether an engine is quick enough for a lag budget: what it took against what it may take, for a
trial before a session as for the items of one that runs."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

SHARES: Mapping[str, float] = {"stt": 0.25, "mt": 0.1, "tts": 0.1}
"""Of the lag budget, what each kind may take until the first of it is there, for `_USUAL` seconds
of speech. The rest is for the pause, for playing, and for a machine that is busy now and then."""
LIPS_S = 0.025
"""Of the 33 ms between two pictures, what drawing the lips may take."""

_USUAL = 5.0
_SHORTEST = 2.0
_KEEPS_UP = 0.5
"""Whatever the budget: what is spoken in a second is done in half of one, or it piles up."""
_ITEMS = 4
_LEEWAY = 1.5
"""An engine that was quick enough may be slower by so much while the voice is not behind."""


@dataclass(frozen=True)
class Pace:
    """What an engine took, in seconds, for something that is spoken in `speech` seconds: until
    the `first` of it was there, and the `whole` of it. Of lips, one picture."""

    speech: float
    first: float
    whole: float

    def strain(self, kind: str, budget: float) -> float:
        """What it took over what it may take: above 1 is too slow."""
        if kind not in SHARES:
            return self.whole / LIPS_S
        speech = max(self.speech, _SHORTEST)
        return max(
            self.first / (SHARES[kind] * budget * speech / _USUAL),
            self.whole / (_KEEPS_UP * speech),
        )

    def allowed(self, kind: str, budget: float) -> float:
        """The seconds that `whole` might have been."""
        return self.whole / self.strain(kind, budget) if self.whole else 0.0


class Strain:
    """Of one engine at work, over its last items. One thread tells; any may ask."""

    def __init__(self, kind: str, budget: Callable[[], float]) -> None:
        self._kind, self._budget = kind, budget
        self._last: deque[float] = deque(maxlen=_ITEMS)

    def took(self, pace: Pace) -> None:
        self._last.append(pace.strain(self._kind, self._budget()))

    @property
    def now(self) -> float:
        """The middle of the last items; 0 before there are enough to tell."""
        last = tuple(self._last)
        return median(last) if len(last) == _ITEMS else 0.0

    def too_much(self, behind: bool) -> bool:
        """`behind`: whether the voice is later than it should be."""
        return self.now > (1.0 if behind else _LEEWAY)

    def forget(self) -> None:
        """Another engine is at work."""
        self._last.clear()
