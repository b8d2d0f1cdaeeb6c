"""The paper's voice detector: speech is whatever is loud enough beside the loudest of late.

It cannot tell speech from music or a slamming door; steady noise it learns within seconds.
"""

import math

import numpy as np

from core.types import Samples

_RATE = 16000
_SILENT_DB = -120.0
_PEAK_DB = -30.0
_NOISE_DB = -50.0
"""At the start: low enough that a stream which begins inside a word is heard at once."""


class EnergyVad:
    """Speech: a frame less than `drop_db` below the running peak, and at least `above_noise_db`
    above the running noise floor, and never below `floor_db` (dB of full scale, RMS).

    The peak falls by `decay_db` a second, not below -30 dB; the noise floor follows every
    quieter frame at once and rises by `rise_db` a second. The answer is 0.5 on the border and
    reaches 0 and 1 six dB beside it.
    """

    frame = 512

    def __init__(
        self,
        *,
        drop_db: float = -35.0,
        floor_db: float = -55.0,
        above_noise_db: float = 8.0,
        decay_db: float = 1.0,
        rise_db: float = 4.0,
    ) -> None:
        if drop_db >= 0:
            raise ValueError("drop_db counts down from the peak and must be negative")
        self._drop, self._floor, self._above_noise = drop_db, floor_db, above_noise_db
        self._decay = decay_db * self.frame / _RATE
        self._rise = rise_db * self.frame / _RATE
        self._peak, self._noise = _PEAK_DB, _NOISE_DB

    def speech(self, frame: Samples) -> float:
        level = _level(frame)
        self._peak = max(level, self._peak - self._decay, _PEAK_DB)
        self._noise = min(level, self._noise + self._rise)
        border = max(self._peak + self._drop, self._noise + self._above_noise, self._floor)
        return min(1.0, max(0.0, 0.5 + (level - border) / 12.0))

    def reset(self) -> None:
        self._peak, self._noise = _PEAK_DB, _NOISE_DB

    def close(self) -> None:
        """Holds nothing."""


def _level(frame: Samples) -> float:
    """RMS in dB of full scale."""
    clean = np.nan_to_num(frame, posinf=0.0, neginf=0.0).astype(np.float64)
    power = float(np.mean(clean**2)) if len(clean) else 0.0
    return 10 * math.log10(max(power, 10 ** (_SILENT_DB / 10)))
