"""The One-Euro filter: the faster something moves, the less it is smoothed."""

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Noise is not white and not the same for all points: so many times its power counts as rest.
NOISE_MARGIN, NOISE_MARGIN_TOGETHER = 6.0, 2.5
# A result that is behind by some distance is as bad as one that moves it in so many seconds.
BEHIND = 0.15


class OneEuro:
    """Points (n x d) that are filtered one by one, or, `together`, at the pace of their common
    motion.

    A point at rest is low-passed at `rest` Hz; each unit a second of speed beyond what noise
    alone makes of a resting point adds `quicker` Hz. `noise` (a standard deviation along one
    axis) may be set between updates.
    """

    def __init__(
        self,
        *,
        rest: float,
        quicker: float,
        speed_cutoff: float = 1.0,
        noise: float = 0.0,
        together: bool = False,
    ) -> None:
        self._rest, self._quicker = rest, quicker
        self._speed_cutoff = speed_cutoff
        self._together = together
        self.noise = noise
        self.reset()

    def reset(self) -> None:
        self._begun = False
        nothing: Array = np.zeros((0, 0))
        self._value = self._last = self._speed = nothing

    def update(self, measured: Array, seconds: float) -> Array:
        """The smoothed points, `seconds` (> 0) after the ones before."""
        if not self._begun:
            self._begun = True
            self._value = self._last = measured
            self._speed = np.zeros_like(measured)
            return measured
        return self._step(measured, seconds)

    def _step(self, measured: Array, seconds: float) -> Array:
        """As `update`, once there was something before."""
        # Against the last measurement, not the last result: a lagging result would look fast.
        change = (measured - self._last) / seconds
        self._last = measured
        share = share_of(self._speed_cutoff, seconds)
        self._speed = self._speed + share * (change - self._speed)
        white = self.noise**2 * measured.shape[-1]
        moved = self._power(self._speed, 2 * share**2 / (2 - share) * white / seconds**2)
        behind = self._power(measured - self._value, white)
        cutoff = self._rest + self._quicker * np.sqrt(np.maximum(moved, behind / BEHIND**2))
        gain = 1 - np.exp(-2 * np.pi * cutoff * seconds)
        self._value = self._value + gain * (measured - self._value)
        return self._value

    def _power(self, points: Array, white: float) -> Array:
        """Mean square of each point (n x 1), or of all in common, beyond that of mere noise."""
        if self._together:
            common = float(np.vdot(points, points)) / len(points)
            return np.array([[max(0.0, common - NOISE_MARGIN_TOGETHER * white)]])
        squares = np.einsum("ij,ij->i", points, points)[:, None]
        return np.asarray(np.maximum(0.0, squares - NOISE_MARGIN * white))


def share_of(cutoff: float, seconds: float) -> float:
    """Of the new measurement in the result of a low pass at this frequency."""
    return 1 - math.exp(-2 * math.pi * cutoff * seconds)
