"""Laying one picture over another, byte by byte (see `paste`, which does the same in OpenCV).

Each row goes through a loop over nothing but short arrays of its own: only such loops does the
compiler do many steps of at once.
"""

import numpy as np
from numpy.typing import NDArray

from engines.lips.compiled import compiled

Image = NDArray[np.uint8]


@compiled("UniTuple(i8,2)(u1[::1],u1[::1])")
def _seen(mask: Image, shares: Image) -> tuple[int, int]:
    """From where to where a row of a mask is not 0; there `shares` becomes the mask, three times
    each, from 0 on."""
    first, last = 0, len(mask)
    while first < last and mask[first] == 0:
        first += 1
    while last > first and mask[last - 1] == 0:
        last -= 1
    some = mask[first:last]
    for i in range(len(some)):
        share = some[i]
        shares[3 * i], shares[3 * i + 1], shares[3 * i + 2] = share, share, share
    return first, last


@compiled("(u1[:,:,::1],i8,i8,u1[:,:,::1],u1[:,::1])")
def lay(canvas: Image, top: int, left: int, above: Image, mask: Image) -> None:
    """Lay `above` over the canvas, its corner at `top`, `left`: not at all where the mask is 0."""
    shares = np.empty(3 * mask.shape[1], np.uint8)
    for y in range(mask.shape[0]):
        first, last = _seen(mask[y], shares)
        row = canvas[top + y, left + first : left + last].reshape(3 * (last - first))
        over = above[y, first:last].reshape(3 * (last - first))
        for i in range(len(row)):
            share = np.int32(shares[i])
            mixed = np.int32(row[i]) * np.int32(255 - share) + np.int32(over[i]) * share + 128
            row[i] = np.uint8(np.int32(mixed + np.int32(mixed >> 8)) >> 8)


@compiled("(u1[:,:,::1],i8,i8,u1[:,:,::1],u1[:,:,::1],f4,u1[:,::1])")
def lay_sharper(
    canvas: Image, top: int, left: int, above: Image, soft: Image, amount: float, mask: Image
) -> None:
    """The same with a picture that is made sharper: by `amount` of what its soft copy lacks."""
    shares = np.empty(3 * mask.shape[1], np.uint8)
    zero, most = np.float32(0), np.float32(255)
    for y in range(mask.shape[0]):
        first, last = _seen(mask[y], shares)
        row = canvas[top + y, left + first : left + last].reshape(3 * (last - first))
        over = above[y, first:last].reshape(3 * (last - first))
        blurred = soft[y, first:last].reshape(3 * (last - first))
        for i in range(len(row)):
            here, below = np.float32(over[i]), np.float32(row[i])
            sharp = here + amount * (here - np.float32(blurred[i]))
            sharp = min(max(sharp, zero), most)
            share = np.float32(shares[i]) * np.float32(1 / 255)
            row[i] = np.uint8(below + share * (sharp - below) + np.float32(0.5))
