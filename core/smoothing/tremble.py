"""How much the tracked points of a face tremble, whatever the face does."""

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_SHARE = 0.05
_FEWER = 4
"""A quarter of the points tells as much."""


class Tremble:
    """Measures the noise of points (n x d) in the head's frame: the standard deviation along
    one axis, `noise`.

    It is how far the middle one of three frames is off the line through the other two; of all
    points the median, so that brows and lids may move. It rises slowly and falls slowly.
    """

    def __init__(self, *, first: float) -> None:
        self.noise = first
        self._first = first
        self._before: list[Array] = []

    def reset(self) -> None:
        """Another stretch of frames; what the noise was stays known."""
        self._before = []

    def observe(self, points: Array) -> None:
        """The next frame; frames are taken to be evenly spaced, a little unevenness only makes
        the noise look larger while the face changes its shape."""
        points = points[::_FEWER]
        before, self._before = self._before, [*self._before[-1:], points]
        if len(before) < 2:
            return
        off = before[1] - (before[0] + points) / 2
        # For white noise: the mean square is 1.5 of its power, the median of the sums of three
        # squares 0.79 of their mean.
        power = _middle(np.einsum("ij,ij->i", off, off)) / (1.5 * 0.79 * points.shape[1])
        power = min(power, 4 * self.noise**2)
        noise = math.sqrt(self.noise**2 + _SHARE * (power - self.noise**2))
        self.noise = min(self._first * 10, max(self._first / 10, noise))


def _middle(values: Array) -> float:
    """The median; numpy's own takes care of cases that do not come up here."""
    half = len(values) // 2
    middle = np.partition(values, (half - 1, half))[half - 1 : half + 1]
    return float(middle[1] if len(values) % 2 else middle.mean())
