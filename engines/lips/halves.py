"""A mouth is two halves: above its middle line the upper lip, below it the lower."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engines.lips import points as at
from engines.lips.paste import filled, lay

Floats = NDArray[np.float32]
Image = NDArray[np.uint8]

Fetch = Callable[[slice, slice], Image]
"""Gives the pictures of some rows of the box, of the upper lip and below it of the lower one."""


def two_halves(fetch: Fetch, lips: Floats, size: tuple[int, int], unit: float) -> Image:
    """A box of this size (height, width) from both halves. `lips` are its landmarks, in the
    box; `unit` is the distance of the eyes in pixels."""
    height, width = size
    line: Floats = (lips[at.UPPER_INNER] + lips[at.LOWER_INNER]) * np.float32(0.5)
    middle = line[:, 1]
    pad = 4 + 0.03 * unit
    first = int(min(max(float(middle.min()) - pad, 0), height))
    last = int(min(max(float(middle.max()) + pad, first), height))
    both = fetch(slice(0, last), slice(first, height))
    mouth = np.concatenate([both[:first], both[last:]])
    if last > first:
        mask = _above_the_middle(line, first, (last - first, width), unit)
        lay(mouth, first, 0, both[first:last], mask)
    return mouth


def _above_the_middle(line: Floats, first: int, size: tuple[int, int], unit: float) -> Image:
    """For rows from `first` on: 255 above the line and its continuation to both sides."""
    far = 4.0 * (size[0] + size[1])
    ends = [[-far, line[0, 1]]], [[far, line[-1, 1]]]
    ceiling = [[far, first - far], [-far, first - far]]
    polygon = np.concatenate([ends[0], line, ends[1], ceiling]).astype(np.float32)
    polygon[:, 1] -= first
    return filled(size, polygon, max(0.8, 0.007 * unit))
