"""What lies under any voice, where it is more than a voice's own: wind, traffic, a hand on the
microphone. It goes whether or not the network is let in."""

import numpy as np

from engines.enhance.features import BELOW_VOICE, HOP, RATE, Rows, Spectra

_OWN_DB, _RUMBLE_DB = -7.0, -4.0
"""The share of all that is heard which may be a voice's and its room's own, and the one from which
on it all goes."""
_REMEMBERED, _FADE = 1.0, 0.3
_TELLS_AFTER = 15
"""Frames after which the share is known well enough."""
_NOTHING = 1e-9


class Rumble:
    """For one stream."""

    def __init__(self) -> None:
        self._count = 0
        self._below, self._above, self._taken = 0.0, 0.0, 0.0

    def without(self, gain: Rows, spectra: Spectra) -> Rows:
        """The gains of `spectra`, with less of the lowest bands where they rumble."""
        power = np.square(np.abs(spectra))
        below = power[:, :BELOW_VOICE].sum(axis=1).tolist()
        above = power[:, BELOW_VOICE:].sum(axis=1).tolist()
        taken = [self._frame(*frame) for frame in zip(below, above, strict=True)]
        left = gain.copy()
        left[:, :BELOW_VOICE] *= 1 - np.array(taken, np.float32)[:, None]
        return left

    def _frame(self, below: float, above: float) -> float:
        self._count += 1
        pace = max(HOP / RATE / _REMEMBERED, 1 / self._count)
        self._below += pace * (below - self._below)
        self._above += pace * (above - self._above)
        if self._count > _TELLS_AFTER:
            share = self._below / (self._below + self._above + _NOTHING)
            much = (10 * np.log10(share + _NOTHING) - _OWN_DB) / (_RUMBLE_DB - _OWN_DB)
            most = HOP / RATE / _FADE
            away = min(max(float(much), 0.0), 1.0) - self._taken
            self._taken += min(max(away, -most), most)
        return self._taken
