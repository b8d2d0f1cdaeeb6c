"""A mouth is two halves: above its middle line the upper lip, below it the lower."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engines.lips import points as at
from engines.lips.paste import filled, lay

Floats = NDArray[np.float32]
Image = NDArray[np.uint8]

Fetch = Callable[[slice], Image]
"""Gives the picture of some rows of the box."""


def two_halves(
    above: Fetch, below: Fetch, lips: Floats, size: tuple[int, int], unit: float
) -> Image:
    """A box of this size (height, width) from both halves. `lips` are its landmarks, in the
    box; `unit` is the distance of the eyes in pixels."""
    height, width = size
    line: Floats = (lips[at.UPPER_INNER] + lips[at.LOWER_INNER]) * np.float32(0.5)
    middle = line[:, 1]
    pad = 4 + 0.03 * unit
    first = int(np.clip(middle.min() - pad, 0, height))
    last = int(np.clip(middle.max() + pad, first, height))
    mouth = np.empty((height, width, 3), np.uint8)
    if first < height:
        mouth[first:] = below(slice(first, height))
    if last > 0:
        upper = above(slice(0, last))
        mouth[:first] = upper[:first]
        if last > first:
            mask = _above_the_middle(line, first, (last - first, width), unit)
            lay(mouth, first, 0, upper[first:], mask)
    return mouth


def _above_the_middle(line: Floats, first: int, size: tuple[int, int], unit: float) -> Image:
    """For rows from `first` on: 255 above the line and its continuation to both sides."""
    far = 4.0 * (size[0] + size[1])
    ends = [[-far, line[0, 1]]], [[far, line[-1, 1]]]
    ceiling = [[far, first - far], [-far, first - far]]
    polygon = np.concatenate([ends[0], line, ends[1], ceiling]).astype(np.float32)
    polygon[:, 1] -= first
    return filled(size, polygon, max(0.8, 0.007 * unit))
