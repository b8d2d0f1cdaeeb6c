"""The inside of a mouth, pixel by pixel (see `interior`, which does the same in numpy)."""

import numpy as np
from numpy.typing import NDArray

from engines.lips.compiled import compiled

Floats = NDArray[np.float32]
Image = NDArray[np.uint8]
Unsigned = np.unsignedinteger
Single = np.floating


@compiled("f4[:,::1](f4[::1],f4[::1],f4,i8,f4[:],f4)")
def fit_columns(
    top: Floats, bottom: Floats, split: float, left: int, wanted: Floats, half: float
) -> Floats:
    """For the columns of an opening that starts at `left`, is `half` as wide and has its upper
    edge where `wanted` says: which column of the view, whose edges are `top` and `bottom`, is
    shown there; the top, the middle and the bottom of its opening in it; and by how much it is
    compressed above the middle to be as high as is wanted, at most to the half."""
    count = len(wanted)
    fitted = np.empty((5, count), np.float32)
    first, last = len(top), -1
    for x in range(len(top)):
        if bottom[x] - top[x] > 1:
            first, last = min(first, x), x
    seen = max(np.float32(4), np.float32(last - first) / 2)
    shift = np.float32(1) - min(np.float32(1), seen / half) if last >= 0 else np.float32(0)
    if last < 0:
        first, last = 0, len(top) - 1
    centre = np.float32(first + last) / 2
    for x in range(count):
        column = np.float32(left + x)
        column = min(max(column + shift * (centre - column), np.float32(first)), np.float32(last))
        at = int(np.rint(column))
        upper = top[at] + np.float32(2)
        lower = max(upper + np.float32(0.5), bottom[at] - np.float32(2))
        fitted[0, x], fitted[1, x], fitted[3, x] = column, upper, lower
        middle = upper + split * (lower - upper)
        fitted[2, x] = middle
        high = max(np.float32(1), middle - min(wanted[x], upper))
        fitted[4, x] = min(np.float32(1), max(np.float32(0.5), (middle - upper) / high))
    return fitted


@compiled("UniTuple(f4,3)(u1[::1],u8,u8,f4,f4)")
def _between(
    pixels: Image, corner: Unsigned, line: Unsigned, down: float, right: float
) -> tuple[float, float, float]:
    """The colour so far down and to the right of a pixel, 0 to 1. `corner` is where that lies
    among all bytes, the next row's a `line` on; unsigned, so none is looked for from the end."""
    below, next_ = corner + line, np.uint64(3)
    a, b = (np.float32(1) - down) * (np.float32(1) - right), (np.float32(1) - down) * right
    c, d = down * (np.float32(1) - right), down * right
    one = np.uint64(1)
    red = a * pixels[corner] + b * pixels[corner + next_]
    red += c * pixels[below] + d * pixels[below + next_]
    corner, below = corner + one, below + one
    green = a * pixels[corner] + b * pixels[corner + next_]
    green += c * pixels[below] + d * pixels[below + next_]
    corner, below = corner + one, below + one
    blue = a * pixels[corner] + b * pixels[corner + next_]
    blue += c * pixels[below] + d * pixels[below + next_]
    return red, green, blue


@compiled("UniTuple(f4,4)(f4,f4,f4,f4,f4,f4,f4)")
def _parted(
    row: Single,
    top: Single,
    middle: Single,
    bottom: Single,
    stretch: Single,
    fall: float,
    soft: float,
) -> tuple[Single, Single, Single, Single]:
    """Where a row of the mouth lies in a column of the view: how far it belongs to the lower part,
    which row of the upper part and which of the lower is seen there, and how far it lies in the
    gap between them."""
    zero, half, one = np.float32(0), np.float32(0.5), np.float32(1)
    down = min(max((row - middle - fall * half) / soft + half, zero), one)
    # Where the lip is higher than it was then, the upper part is made longer.
    above = middle - (middle - row) * stretch if row < middle else row
    above = min(max(above, top), max(top, middle + np.float32(3)))
    below = min(max(row - fall, min(middle - np.float32(3), bottom)), bottom)
    hole = min(row - middle, middle + fall - row) / soft + half
    return down, above, below, min(max(hole, zero), one)


@compiled("UniTuple(f4,3)(u1[:,:,::1],u1[::1],f4,f4)")
def _at(view: Image, pixels: Image, row: float, column: float) -> tuple[float, float, float]:
    """The colour of a place of the view, whose `pixels` are all its bytes."""
    zero, one, three = np.float32(0), np.float32(1), np.uint64(3)
    up = max(0, min(int(row), view.shape[0] - 2))
    left = max(0, min(int(column), view.shape[1] - 2))
    corner, line = np.uint64(up * view.shape[1] + left) * three, np.uint64(3 * view.shape[1])
    down = min(max(row - np.float32(up), zero), one)
    red, green, blue = _between(pixels, corner, line, down, column - np.float32(left))
    return red, green, blue


@compiled("(u1[:,:,::1],f4[:,::1],f4,f4,f4,UniTuple(f4,3),UniTuple(f4,3),f4,f4[:,:,::1])")
def lay_view(
    view: Image,
    fitted: Floats,
    first: float,
    fall: float,
    soft: float,
    dark: tuple[float, float, float],
    light: tuple[float, float, float],
    share: float,
    picture: Floats,
) -> None:
    """Lay a `share` of a view over `picture`, the rows from `first` on: its upper part as it is,
    the lower one fallen, `dark` between; `light` by what its colours are multiplied."""
    zero, one, most = np.float32(0), np.float32(1), np.float32(255)
    deepest, pixels = max(zero, min(one, fall / np.float32(8))), view.reshape(view.size)
    for y in range(picture.shape[0]):
        row = first + np.float32(y)
        for x in range(picture.shape[1]):
            column, top, middle, bottom = fitted[0, x], fitted[1, x], fitted[2, x], fitted[3, x]
            down, above, below, hole = _parted(row, top, middle, bottom, fitted[4, x], fall, soft)
            hole *= deepest
            red = green = blue = zero
            if down < one:
                red, green, blue = _at(view, pixels, above, column)
            if down > zero:
                r, g, b = _at(view, pixels, below, column)
                red, green = red + down * (r - red), green + down * (g - green)
                blue += down * (b - blue)
            red = min((red + hole * (dark[0] - red)) * light[0], most)
            green = min((green + hole * (dark[1] - green)) * light[1], most)
            blue = min((blue + hole * (dark[2] - blue)) * light[2], most)
            place = picture[y, x]
            if share < one:
                red = place[0] + share * (red - place[0])
                green = place[1] + share * (green - place[1])
                blue = place[2] + share * (blue - place[2])
            place[0], place[1], place[2] = red, green, blue


@compiled("u1[:,:,::1](f4[:,:,::1],f4[::1],f4[::1],f4,f4,f4,UniTuple(f4,3))")
def shaded(
    picture: Floats,
    top: Floats,
    bottom: Floats,
    first: float,
    depth: float,
    reach: float,
    cave: tuple[float, float, float],
) -> Image:
    """The picture with the lips' shadow, which is `depth` deep and `reach` rows long."""
    zero, one = np.float32(0), np.float32(1)
    dark = np.empty(picture.shape, np.uint8)
    for y in range(picture.shape[0]):
        row = first + np.float32(y)
        for x in range(picture.shape[1]):
            edge = min(row - top[x], np.float32(2.5) * (bottom[x] - row))
            shade = one - depth + depth * min(max(edge / reach, zero), one)
            for c in range(3):
                dark[y, x, c] = np.uint8(picture[y, x, c] * shade * cave[c] + np.float32(0.5))
    return dark
