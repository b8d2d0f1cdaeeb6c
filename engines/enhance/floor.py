"""How far sound is above the noise that never ends."""

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

from engines.enhance.features import Rows

Line = NDArray[np.floating]

_NOTHING = 1e-9
_BLOCK, _BLOCKS = 8, 10
"""Steady is what stays for a second and a half: the least of so many frames, so many times."""
_SMOOTH, _NEAR = 0.5, 0.1
_BIAS = 1.5
"""By how much noise is louder in the mean than at its least."""
_LOWEST = 4
"""The first band that counts: where voices begin."""
_TELLS_AFTER = 50
"""Frames after which the least is known well enough."""


class Floor:
    """By the least power of each band."""

    def __init__(self) -> None:
        self._count = 0
        self._smooth: Line = np.zeros(0, np.float32)
        self._mean: Line = self._smooth
        self._near = 0.0
        self._least: Line = self._smooth
        self._leasts: deque[Line] = deque(maxlen=_BLOCKS)

    def above(self, powers: Rows) -> Line:
        """In dB, of each frame; endless until that can be told."""
        return np.array([self._frame(power[_LOWEST:]) for power in powers], np.float32)

    def _frame(self, power: Line) -> float:
        if not self._count:
            self._smooth = self._mean = self._least = power
        self._smooth = self._smooth + _SMOOTH * (power - self._smooth)
        window = min(self._count + 1, _BLOCK * _BLOCKS)
        self._mean = self._mean + (power - self._mean) / window
        self._near += _NEAR * (float(power.sum()) - self._near)
        if self._count % _BLOCK == 0:
            self._leasts.append(self._least)
            self._least = self._smooth
        self._least = np.minimum(self._least, self._smooth)
        self._count += 1
        if self._count < _TELLS_AFTER:
            return math.inf
        floor = np.minimum(self._least, np.min(self._leasts, axis=0)).sum()
        loud = max(float(self._mean.sum()), self._near)
        return 10 * math.log10((loud + _NOTHING) / (_BIAS * floor + _NOTHING))
