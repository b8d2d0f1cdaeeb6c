"""A smile, raised brows, wider eyes: the face's own pixels, moved a little.

Each is a smooth warp of a part of the face, between 0 (as it is) and 1; up to about 0.6 it looks
natural. What lies outside of the part stays as it is, bit for bit.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from core.head import Head
from engines.lips.warp import COARSE, FINE, Fields, Region, around, fetch, maps

Floats = NDArray[np.float32]
Image = NDArray[np.uint8]

_BROWS = (
    70,
    63,
    105,
    66,
    107,
    46,
    53,
    52,
    65,
    55,
    300,
    293,
    334,
    296,
    336,
    276,
    283,
    282,
    295,
    285,
)
_UPPER_LIDS = (246, 161, 160, 159, 158, 157, 173, 466, 388, 387, 386, 385, 384, 398)
_ABOVE_STILL = (
    *(33, 133, 362, 263, 145, 153, 374, 380, 144, 373, 23, 253, 168, 6, 197, 10, 338, 109),
    *(67, 297, 21, 251, 127, 356, 50, 280),
)
_LIPS = (
    *(61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146),
    *(78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95),
)
_CHEEKS = (205, 425, 207, 427, 216, 436, 212, 432)
_BELOW_STILL = (2, 98, 327, 129, 358, 132, 361, 58, 288, 199, 152, 148, 377)

_SMILE_OUT, _SMILE_UP = 0.055, 0.085
_BROW_UP, _LID_UP = 0.075, 0.024


def smile(image: Image, landmarks: Floats, head: Head, amount: float) -> Image:
    """The corners of the mouth go up and out, and the cheeks with them."""
    moved = np.array(_LIPS + _CHEEKS)
    points = np.array(_LIPS + _CHEEKS + _BELOW_STILL)
    before = head.into(landmarks[points])
    corners = head.into(landmarks[[61, 291]])
    half = max(1e-3, float(corners[1, 0] - corners[0, 0]) / 2)
    x = (before[: len(moved), 0] - corners[:, 0].mean()) / half
    near = np.exp(-(np.clip(np.abs(x) - 1, 0, None) ** 2) / 0.3) * amount
    after = before.copy()
    after[: len(moved), 0] += _SMILE_OUT * near * np.clip(x, -1.1, 1.1)
    after[: len(moved), 1] -= _SMILE_UP * near * np.clip(np.abs(x), 0, 1.1) ** 2
    return _warp(image, before, after, head)


def open_eyes(image: Image, landmarks: Floats, head: Head, *, brow: float, eyes: float) -> Image:
    """The brows go up by `brow`, the upper lids by `eyes`."""
    points = np.array(_BROWS + _UPPER_LIDS + _ABOVE_STILL)
    before = head.into(landmarks[points])
    after = before.copy()
    after[: len(_BROWS), 1] -= _BROW_UP * brow
    after[len(_BROWS) : len(_BROWS) + len(_UPPER_LIDS), 1] -= _LID_UP * eyes
    return _warp(image, before, after, head)


def _warp(
    image: Image, before: NDArray[np.float64], after: NDArray[np.float64], head: Head
) -> Image:
    here, there = (head.out(points)[:, :2].astype(np.float32) for points in (before, after))
    margin = 0.3 * head.unit
    whole = around(np.concatenate([here, there]), margin, margin, margin, margin)
    region = whole.clipped(Region(0, 0, image.shape[1], image.shape[0]))
    if region.width < 4 or region.height < 4 or not whole.sane:
        return image
    fields = Fields(here, there, whole)
    weights = fields.solve(np.arange(len(here)))
    grid = FINE if head.unit > 60 else COARSE
    field = fields.at(whole, grid, weights, fading=True)
    part = fetch(image, *maps(field, whole, region), cv2.INTER_CUBIC)
    out = image.copy()
    out[region.top : region.bottom, region.left : region.right] = part
    return out
