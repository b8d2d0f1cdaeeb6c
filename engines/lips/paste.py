"""Masks with soft edges, and laying pictures over others through them."""

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.lips import paste_loops

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


def lay(canvas: Image, top: int, left: int, above: Image, mask: Image) -> None:
    """Lay `above` over the canvas, its corner at `top`, `left`: where the mask is 255 it is seen,
    where that is 0 the canvas stays as it is, bit for bit."""
    if paste_loops.lay is not None and canvas.flags.c_contiguous and above.flags.c_contiguous:
        paste_loops.lay(canvas, top, left, above, mask)
        return
    part = canvas[top : top + mask.shape[0], left : left + mask.shape[1]]
    share = mask.astype(np.float32) * np.float32(1 / 255)
    part[:] = cv2.blendLinear(part, above, 1 - share, share)


def lay_sharper(
    canvas: Image, top: int, left: int, above: Image, mask: Image, amount: float
) -> None:
    """The same with its fine structure enhanced: by `amount` of what a blurred copy lacks."""
    soft = np.asarray(cv2.GaussianBlur(above, (5, 5), 0), np.uint8)
    if paste_loops.lay_sharper is not None and canvas.flags.c_contiguous:
        whole = np.ascontiguousarray(above)
        paste_loops.lay_sharper(canvas, top, left, whole, soft, amount, mask)
        return
    sharp = cv2.addWeighted(above, 1 + amount, soft, -amount, 0)
    lay(canvas, top, left, np.asarray(sharp, np.uint8), mask)
