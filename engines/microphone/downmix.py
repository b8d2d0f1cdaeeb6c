"""Any number of channels to one, as a listener would want it from a microphone."""

import numpy as np

from core.types import Samples

_MEMORY = 0.3
"""Seconds over which the channels' strengths are smoothed."""
_QUIET = 0.03
"""A channel with less than this share of the strongest one's energy says nothing (-15 dB)."""
_CANCELLED = 0.1
"""When the mean is so much weaker than the strongest channel, they are in opposite phase."""
_HYSTERESIS = 2.0
_SILENCE = 1e-10


class DownMix:
    """The mean of the channels that carry sound: a microphone on one input of six is as loud as
    alone. Channels in opposite phase are not added: the strongest is taken. Gives as many
    samples as it gets; changes are faded over a block. One thread."""

    def __init__(self, rate: int, channels: int) -> None:
        self._memory = _MEMORY * rate
        self._energies = np.zeros(channels)
        self._together = 0.0
        self._weights = np.full(channels, 1 / channels, np.float32)
        self._heard = False

    def fold(self, block: Samples) -> Samples:
        """Samples x channels, becomes samples."""
        if block.shape[1] == 1:
            return block[:, 0]
        before, wanted = self._weights, self._listen(block)
        self._weights = wanted
        if np.array_equal(before, wanted):
            return np.asarray(block @ wanted, np.float32)
        share = np.linspace(0, 1, len(block), dtype=np.float32)
        return np.asarray((1 - share) * (block @ before) + share * (block @ wanted), np.float32)

    def _listen(self, block: Samples) -> Samples:
        energies = np.einsum("sc,sc->c", block, block)
        if energies.max(initial=0.0) < _SILENCE * len(block):
            return self._weights
        kept = np.exp(-len(block) / self._memory)
        self._energies = self._energies * kept + energies
        active = self._active()
        together = float(np.sum((block @ active) ** 2))
        self._together = self._together * kept + together
        strongest = int(self._energies.argmax())
        if self._together < _CANCELLED * self._energies[strongest]:
            active = np.zeros_like(active)
            active[self._steady(strongest)] = 1.0
        if not self._heard:  # there is nothing yet that a change could break
            self._heard = True
            self._weights = active
        return active

    def _active(self) -> Samples:
        """Equal weights for the channels that say something; one that did needs less to go on."""
        bar = _QUIET * self._energies.max()
        bars = np.where(self._weights > 0, bar / _HYSTERESIS, bar * _HYSTERESIS)
        active = self._energies >= bars
        return np.asarray(active / active.sum(), np.float32)

    def _steady(self, strongest: int) -> int:
        """The channel that is taken alone, until another is much stronger."""
        now = int(self._weights.argmax())
        alone = self._weights[now] == 1.0
        keep = alone and self._energies[now] * _HYSTERESIS > self._energies[strongest]
        return now if keep else strongest
