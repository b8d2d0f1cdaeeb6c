"""How a face looks, read off its picture in compiled loops; `looks` does the same in OpenCV.

Every row goes through loops over nothing but short arrays of its own: only such loops does the
compiler do many steps of at once.
"""

import numpy as np
from numpy.typing import NDArray

from engines.lips.compiled import compiled

Image = NDArray[np.uint8]
Rows = NDArray[np.int32]


@compiled("(u1[::1],i4[::1])")
def _grey(row: Image, grey: Rows) -> None:
    """A row of RGB pixels as brightness, as OpenCV weighs the colours."""
    for x in range(len(grey)):
        red, green, blue = np.int32(row[3 * x]), np.int32(row[3 * x + 1]), np.int32(row[3 * x + 2])
        grey[x] = (red * 9798 + green * 19235 + blue * 3735 + 16384) >> 15


@compiled("UniTuple(f8,2)(u1[:,:,::1],i8,i8,i8,i8)")
def detail(view: Image, left: int, top: int, right: int, bottom: int) -> tuple[float, float]:
    """The spread of the Laplacian, and of the brightness itself, in a part of a picture."""
    wide, high = right - left, bottom - top
    grey = np.empty((high, wide), np.int32)
    for y in range(high):
        _grey(view[top + y, left:right].reshape(3 * wide), grey[y])
    total = squares = fine = fine_squares = np.int64(0)
    for y in range(high):
        row, above, below = grey[y], grey[abs(y - 1)], grey[high - 1 - abs(high - 2 - y)]
        some = some_squares = each = each_squares = np.int32(0)
        for x in range(len(row)):
            some += row[x]
            some_squares += row[x] * row[x]
        inner, before, after = row[1:-1], row[:-2], row[2:]
        over, under = above[1:-1], below[1:-1]
        for x in range(len(inner)):
            value = before[x] + after[x] + over[x] + under[x] - 4 * inner[x]
            each += value
            each_squares += value * value
        for x, beside in ((0, 1), (wide - 1, wide - 2)):
            value = np.int32(2 * row[beside] + above[x] + below[x] - 4 * row[x])
            each += value
            each_squares += value * value
        total, squares = total + some, squares + some_squares
        fine, fine_squares = fine + each, fine_squares + each_squares
    count = wide * high
    of_all = squares / count - (total / count) ** 2
    of_fine = fine_squares / count - (fine / count) ** 2
    return np.sqrt(max(0.0, of_fine)), np.sqrt(max(0.0, of_all))


@compiled("(u1[:,:,::1],i8,i8,i4[::1])")
def soft_pixel(view: Image, x: int, y: int, colour: Rows) -> None:
    """The mean colour of the 5 x 5 pixels around one; the picture goes on beyond its edge."""
    side, wide = view.shape[0], view.shape[1]
    colour[:] = 0
    for j in range(y - 2, y + 3):
        row = min(max(j, 0), side - 1)
        for i in range(x - 2, x + 3):
            column = min(max(i, 0), wide - 1)
            for c in range(3):
                colour[c] += view[row, column, c]
    for c in range(3):
        colour[c] = (colour[c] + 12) // 25


@compiled("(u1[:,:,::1],i8[:,::1],f4[:,::1])")
def light_at(view: Image, places: NDArray[np.int64], light: NDArray[np.float32]) -> None:
    """Logarithms of the red and the green around these places (column, row)."""
    colour = np.empty(3, np.int32)
    for i in range(len(places)):
        soft_pixel(view, places[i, 0], places[i, 1], colour)
        light[i, 0] = np.log(np.float32(colour[0] + 8))
        light[i, 1] = np.log(np.float32(colour[1] + 8))


@compiled("(u1[:,:,::1],i8,i8,i4[:,::1])")
def _soft_grey(view: Image, left: int, top: int, grey: Rows) -> None:
    """The brightness of a part of a picture of which each pixel is the mean of 5 x 5."""
    high, wide = grey.shape
    sums, row = np.empty(3 * (wide + 4), np.int32), np.empty(3 * wide, np.uint8)
    last = view.shape[1] - 1
    for y in range(high):
        sums[:] = 0
        for j in range(top + y - 2, top + y + 3):
            line = view[min(max(j, 0), view.shape[0] - 1)]
            for i in range(wide + 4):
                x = min(max(left + i - 2, 0), last)
                for c in range(3):
                    sums[3 * i + c] += line[x, c]
        a, b, m, d, e = sums[:-12], sums[3:-9], sums[6:-6], sums[9:-3], sums[12:]
        for k in range(len(row)):
            row[k] = np.uint8((a[k] + b[k] + m[k] + d[k] + e[k] + 12) // 25)
        _grey(row, grey[y])


@compiled("i4(i4[:,::1])")
def _level(grey: Rows) -> int:
    """The median of each fourth pixel of each fourth row."""
    counts, total = np.zeros(256, np.int32), 0
    for y in range(0, grey.shape[0], 4):
        for x in range(0, grey.shape[1], 4):
            counts[grey[y, x]] += 1
            total += 1
    level, so_far = 0, counts[0]
    while so_far < (total + 1) // 2:
        level += 1
        so_far += counts[level]
    return level


@compiled("i4(i4[:,::1],i8,i8)")
def _edge(grey: Rows, x: int, y: int) -> int:
    """How strong the edge at a pixel is: half of Sobel's answers, both ways."""
    above, here, below = grey[y - 1], grey[y], grey[y + 1]
    across = abs(
        above[x + 1] - above[x - 1] + 2 * (here[x + 1] - here[x - 1]) + below[x + 1] - below[x - 1]
    )
    down = abs(
        below[x - 1] - above[x - 1] + 2 * (below[x] - above[x]) + below[x + 1] - above[x + 1]
    )
    # Halves are rounded to even numbers, as OpenCV does.
    across, down = (across + (across >> 1 & 1)) >> 1, (down + (down >> 1 & 1)) >> 1
    return int(min(255, min(255, across) + min(255, down)))


@compiled("f4(u1[:,:,::1],i8[:,::1],i8)")
def edges(view: Image, places: NDArray[np.int64], near: int) -> float:
    """Mean logarithm of the strength of edges near these places, in parts of the brightness
    around; `near`, at least 6, is how far around that is."""
    left = right = places[0, 0]
    top = bottom = places[0, 1]
    for i in range(len(places)):
        left, right = min(left, places[i, 0]), max(right, places[i, 0])
        top, bottom = min(top, places[i, 1]), max(bottom, places[i, 1])
    left, top = left - near, top - near
    grey = np.empty((bottom + near + 1 - top, right + near + 1 - left), np.int32)
    _soft_grey(view, left, top, grey)
    level = np.float32(_level(grey) + 8)
    total = np.float32(0)
    for i in range(len(places)):
        column, row, strength = places[i, 0] - left, places[i, 1] - top, np.int32(0)
        for y in range(row - 4, row + 5):
            for x in range(column - 4, column + 5):
                strength += _edge(grey, x, y)
        total += np.log(np.float32((strength + 40) // 81) / level + np.float32(0.02))
    return float(total / np.float32(len(places)))
