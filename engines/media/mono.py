"""Stereo folded to one channel for recognition, also where the channels cancel each other."""

import numpy as np

from core.types import Samples

_WINDOW = 0.02
_RAMP = 0.01
_MEMORY = 0.04
"""Seconds over which the energies are smoothed."""
_ENTER, _LEAVE = 0.1, 0.3
"""Sum over difference, as energies, below and above which they cancel and no longer do."""
_LOUDER = 4.0
"""How much more energy the other channel must have to be changed to."""
_SILENT = 1e-9
_BOTH = np.array((0.5, 0.5), np.float32)


class Mono:
    """The mean of two channels; where they are in opposite phase (a cable or microphone with
    its poles exchanged), which would make the mean silent, the louder one alone.

    Gives as many samples as it gets, without delay; changes are faded. For one thread.
    """

    def __init__(self, rate: int) -> None:
        self._window = max(1, round(_WINDOW * rate))
        self._ramp = max(1, round(_RAMP * rate))
        self._memory = _MEMORY * rate
        self._energies = np.zeros(4)
        self._weights = _BOTH
        self._wanted = _BOTH
        self._heard = False

    def fold(self, block: Samples) -> Samples:
        """2 x n, becomes 1 x n."""
        parts = [
            self._folded(block[:, at : at + self._window])
            for at in range(0, block.shape[1], self._window)
        ]
        return np.concatenate(parts)[None] if parts else block[:1]

    def _folded(self, window: Samples) -> Samples:
        self._listen(window)
        if np.array_equal(self._weights, self._wanted):
            return np.asarray(self._weights @ window, np.float32)
        count = window.shape[1]
        gap = self._wanted - self._weights
        steps = np.minimum(np.arange(1, count + 1, dtype=np.float32) / self._ramp, 1.0)
        weights = self._weights[:, None] + gap[:, None] * steps
        self._weights = self._wanted if steps[-1] >= 1.0 else weights[:, -1]
        return np.asarray((weights * window).sum(0), np.float32)

    def _listen(self, window: Samples) -> None:
        left, right = window
        signals = (left + right, left - right, left, right)
        energies = np.array([float(np.dot(one, one)) for one in signals])
        if energies[1] + energies[0] < _SILENT * window.shape[1]:
            return
        self._energies *= np.exp(-window.shape[1] / self._memory)
        self._energies += energies
        self._wanted = self._choice()
        if not self._heard:  # there is nothing yet that a change could break
            self._heard = True
            self._weights = self._wanted

    def _choice(self) -> Samples:
        together, apart, left, right = self._energies
        folded = self._wanted is _BOTH
        if together > apart * (_ENTER if folded else _LEAVE):
            return _BOTH
        if folded:
            return _only(0 if left >= right else 1)
        now = int(self._wanted[1])
        louder = (right, left)[now] > _LOUDER * (left, right)[now]
        return _only(1 - now) if louder else self._wanted


def _only(channel: int) -> Samples:
    weights = np.zeros(2, np.float32)
    weights[channel] = 1.0
    return weights
