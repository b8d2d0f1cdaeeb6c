"""Masks with soft edges, and blending through them."""

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Image = NDArray[np.uint8]

_FRACTION = 4
"""Binary digits after the point in the corners of a polygon."""


def filled(size: tuple[int, int], polygon: Floats, blur: float) -> Image:
    """255 inside the polygon, 0 outside, for a picture of `size` (height, width)."""
    mask = np.zeros(size, np.uint8)
    corners = np.rint(polygon * (1 << _FRACTION)).astype(np.int32)
    cv2.fillPoly(mask, [corners], 255, cv2.LINE_AA if blur else cv2.LINE_8, _FRACTION)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), blur), np.uint8) if blur else mask


def stroked(size: tuple[int, int], line: Floats, thickness: int, blur: float) -> Image:
    """255 along a line that fades at its ends and sides."""
    mask = np.zeros(size, np.uint8)
    points = np.rint(line[1:-1] * (1 << _FRACTION)).astype(np.int32)
    cv2.polylines(mask, [points], False, 255, thickness, cv2.LINE_AA, _FRACTION)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), blur), np.uint8)


def blend(below: Image, above: Image, mask: Image) -> Image:
    """`below` where the mask is 0 (bit for bit), `above` where it is 255."""
    share = mask.astype(np.float32) * np.float32(1 / 255)
    return np.asarray(cv2.blendLinear(below, above, 1 - share, share), np.uint8)
