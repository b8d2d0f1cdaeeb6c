"""The One-Euro filter (see `core.smoothing.one_euro`) in one compiled loop over its points."""

import numpy as np
from numpy.typing import NDArray

from core.smoothing.one_euro import BEHIND, NOISE_MARGIN, NOISE_MARGIN_TOGETHER, OneEuro, share_of
from engines.lips.compiled import compiled

Array = NDArray[np.float64]


class QuickOneEuro(OneEuro):
    """The same numbers for less time; without numba it is its parent."""

    def _step(self, measured: Array, seconds: float) -> Array:
        if _filter is None:
            return super()._step(measured, seconds)
        share, white = share_of(self._speed_cutoff, seconds), self.noise**2 * measured.shape[1]
        resting = 2 * share**2 / (2 - share) * white / seconds**2
        margin = NOISE_MARGIN_TOGETHER if self._together else NOISE_MARGIN
        noise = np.array([margin * resting, margin * white, 1 / BEHIND**2])
        pace = self._rest, self._quicker, seconds, share
        value = np.empty(measured.shape)
        known = self._last, self._speed, self._value
        _filter(np.ascontiguousarray(measured), *known, *pace, noise, self._together, value)
        self._last, self._value = measured, value
        return value


@compiled("(f8[:,::1],f8[:,:],f8[:,:],f8[:,:],f8,f8,f8,f8,f8[::1],b1,f8[:,::1])")
def _filter(
    measured: Array,
    last: Array,
    speed: Array,
    value: Array,
    rest: float,
    quicker: float,
    seconds: float,
    share: float,
    noise: Array,
    together: bool,
    result: Array,
) -> None:
    """`noise`: what counts as rest of a speed's square and of a distance's, and by what the latter
    is multiplied. `speed` is brought up to date in its place."""
    count, axes = measured.shape
    all_fast = all_far = 0.0
    squares = np.empty((count, 2))
    for i in range(count):
        fast = far = 0.0
        for axis in range(axes):
            change = (measured[i, axis] - last[i, axis]) / seconds
            speed[i, axis] += share * (change - speed[i, axis])
            fast += speed[i, axis] ** 2
            far += (measured[i, axis] - value[i, axis]) ** 2
        squares[i, 0], squares[i, 1] = fast, far
        all_fast, all_far = all_fast + fast, all_far + far
    gain = 0.0
    for i in range(count):
        if i == 0 or not together:
            fast = all_fast / count if together else squares[i, 0]
            far = all_far / count if together else squares[i, 1]
            moved = max(max(0.0, fast - noise[0]), max(0.0, far - noise[1]) * noise[2])
            gain = 1 - np.exp(-2 * np.pi * (rest + quicker * np.sqrt(moved)) * seconds)
        for axis in range(axes):
            result[i, axis] = value[i, axis] + gain * (measured[i, axis] - value[i, axis])
