"""The lag governor: the voice may fall behind the speaker by a budget and never by more.

It takes the mildest step that holds the budget: a faster tempo (pitch kept), then leaving out
fillers, then a shorter translation, then captions only. Speech is never played faster than the
highest tempo, and never on top of itself.
"""

from collections.abc import Callable
from enum import IntEnum

from core.config import Lag


class LagStep(IntEnum):
    NORMAL = 0
    TEMPO = 1
    FILLERS = 2
    SHORTER = 3
    CAPTIONS = 4


_FROM = {LagStep.TEMPO: 0.15, LagStep.FILLERS: 0.5, LagStep.SHORTER: 0.65}
"""The share of the budget from which on a step is taken."""
_FULL_TEMPO = 0.3
"""The share of the budget from which on the voice is as fast as it may be."""
_BACK = 0.1
"""A step is left when the lag is this share of the budget below where it was taken."""


class Governor:
    """Told how far behind each voice would start, says at which tempo it is to be played.

    `step` may be read from any thread; everything else belongs to the one that places voices.
    `changed` is called with the step and the lag whenever the step changes.
    """

    def __init__(
        self, settings: Lag, changed: Callable[[LagStep, float], None] = lambda step, lag: None
    ) -> None:
        self.step = LagStep.NORMAL
        self.settings = settings
        """May be replaced at any time."""
        self._changed = changed

    def judge(self, lag: float) -> LagStep:
        """The step for a voice that would start `lag` seconds after it was due."""
        step = LagStep.CAPTIONS if self._hopeless(lag) else self._mildest(lag)
        if step != self.step:
            self.step = step
            self._changed(step, lag)
        return step

    def tempo(self, lag: float, wanted: float = 1.0) -> float:
        """How fast to play: `wanted` (to fit the room there is), more when behind."""
        settings = self.settings
        if not settings.allow_tempo:
            return 1.0
        start = _FROM[LagStep.TEMPO] * settings.budget
        full = _FULL_TEMPO * settings.budget
        share = (lag - start) / (full - start)
        hurried = 1.0 + max(0.0, min(1.0, share)) * (settings.max_tempo - 1.0)
        return min(settings.max_tempo, max(1.0, wanted, hurried))

    def _hopeless(self, lag: float) -> bool:
        return self.settings.allow_captions_only and lag > self.settings.budget

    def _mildest(self, lag: float) -> LagStep:
        allowed = {
            LagStep.TEMPO: self.settings.allow_tempo,
            LagStep.FILLERS: self.settings.allow_fillers,
            LagStep.SHORTER: self.settings.allow_shorter,
        }
        taken = LagStep.NORMAL
        for step, share in _FROM.items():
            kept = _BACK if self.step in (step, LagStep.CAPTIONS) or self.step > step else 0.0
            if allowed[step] and lag >= (share - kept) * self.settings.budget:
                taken = step
        return taken
