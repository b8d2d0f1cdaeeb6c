"""The turn that brings one set of points nearest to another: in a few numbers, as numpy's own
decomposition of so small a matrix costs more than all that is done with it.

Markley's FOAM ("Attitude determination using vector observations: a fast optimal matrix
algorithm", 1993).
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_STEPS, _NEAR = 40, 1e-15
_FLAT = 1e-6
"""Points nearer to one line than this leave the turn around it to chance."""


def nearest_turn(common: Array, most: float) -> tuple[Array, float]:
    """For the sum `common` (3 x 3) of products of the points (rows) and of those to be turned
    (columns), each about their middle: the rotation, and the sum of what they then have in common.
    `most`: what that would be if they fitted wholly."""
    (a, b, c), (d, e, f), (g, h, i) = common.tolist()
    minors = (
        (e * i - f * h, f * g - d * i, d * h - e * g),
        (c * h - b * i, a * i - c * g, b * g - a * h),
        (b * f - c * e, c * d - a * f, a * e - b * d),
    )
    volume = a * minors[0][0] + b * minors[0][1] + c * minors[0][2]
    power = a * a + b * b + c * c + d * d + e * e + f * f + g * g + h * h + i * i
    areas = sum(x * x + y * y + z * z for x, y, z in minors)
    fitted = _largest_root(power, 8 * volume, 4 * areas, most)
    half = (fitted * fitted - power) / 2
    scale = half * fitted - volume
    if not scale > _FLAT * power**1.5:
        return _decomposed(common)
    turn = (half + power) * common + fitted * np.array(minors) - common @ common.T @ common
    return np.asarray(turn / scale), fitted


def _largest_root(power: float, slope: float, level: float, most: float) -> float:
    """Of (x² - power)² - slope x - level, from above."""
    x = most
    for _ in range(_STEPS):
        rest = x * x - power
        steepness = 4 * x * rest - slope
        if not steepness > 0:
            break
        step = (rest * rest - slope * x - level) / steepness
        x -= step
        if abs(step) < _NEAR * x:
            break
    return x


def _decomposed(common: Array) -> tuple[Array, float]:
    u, strength, vt = np.linalg.svd(common)
    if np.linalg.det(common) < 0:
        u[:, 2] *= -1
        strength[2] *= -1
    return np.asarray(u @ vt), float(strength.sum())
