"""What a microphone with an offset adds to all that it hears. A voice has a little of its own,
which comes and goes with it, and is left to it."""

import numpy as np

from core.types import Samples
from engines.enhance.features import HOP

_HOPS = 100
"""Two seconds: slow enough to leave the lowest voice alone."""
_FIRST = 10
"""As how many hops the first one counts: what wanders does more harm than what is a little off."""
_WEIGHTS = np.blackman(HOP + 2)[1:-1] / np.blackman(HOP + 2).sum()
"""Within a hop, so that the waves of a voice hardly count."""
_VOICE, _MICROPHONE = 0.02, 0.04
"""Up to where it is a voice's own, and from where on it is all the microphone's."""


class Offset:
    """For one stream."""

    def __init__(self) -> None:
        self._level, self._count = 0.0, 0

    def removed(self, hops: Samples) -> Samples:
        """From whole hops."""
        means = (hops.reshape(-1, HOP) @ _WEIGHTS).tolist()
        if means and not self._count:
            self._level, self._count = means[0], _FIRST
        levels = [self._removed]
        for mean in means:
            self._count = min(self._count + 1, _HOPS)
            self._level += (mean - self._level) / self._count
            levels.append(self._removed)
        way = np.arange(len(hops)) / HOP
        return hops - np.interp(way, np.arange(len(levels)), levels).astype(np.float32)

    @property
    def _removed(self) -> float:
        share = (abs(self._level) - _VOICE) / (_MICROPHONE - _VOICE)
        return self._level * min(max(share, 0.0), 1.0)
