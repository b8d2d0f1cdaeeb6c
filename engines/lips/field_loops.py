"""Small steps before a field and over its grids, cell by cell; `drawing` does the same in numpy."""

import numpy as np
from numpy.typing import NDArray

from engines.lips.compiled import compiled

Floats = NDArray[np.float32]
Index = NDArray[np.intp]


@compiled("(f4[:,::1],f4,f4,f4,f4,f4,f4,f4[:,:,::1])")
def fade_beyond(
    corners: Floats,
    left: float,
    top: float,
    wide: float,
    high: float,
    outside: float,
    fading: float,
    field: Floats,
) -> None:
    """Multiply a field (rows x columns x 2) by 1 within a convex outline and by 0 from
    `outside` pixels beyond it, over the last `fading` of which it falls. The first cell's centre
    is at `left`, `top`; the next ones `wide` and `high` pixels on."""
    count = len(corners)
    edges = np.empty((count, 3), np.float32)
    middle_x = middle_y = np.float32(0)
    for i in range(count):
        middle_x, middle_y = middle_x + corners[i, 0] / count, middle_y + corners[i, 1] / count
    for i in range(count):
        x, y = corners[i]
        along_x, along_y = corners[(i + 1) % count, 0] - x, corners[(i + 1) % count, 1] - y
        length = max(np.float32(np.sqrt(along_x * along_x + along_y * along_y)), np.float32(1e-3))
        out_x, out_y = along_y / length, -along_x / length
        if out_x * (x - middle_x) + out_y * (y - middle_y) < 0:
            out_x, out_y = -out_x, -out_y
        edges[i, 0], edges[i, 1], edges[i, 2] = out_x, out_y, out_x * x + out_y * y
    for row in range(field.shape[0]):
        y = top + np.float32(row) * high
        for column in range(field.shape[1]):
            x = left + np.float32(column) * wide
            beyond = np.float32(-1e30)
            for i in range(count):
                beyond = max(beyond, edges[i, 0] * x + edges[i, 1] * y - edges[i, 2])
            share = min(max((outside - beyond) / fading, np.float32(0)), np.float32(1))
            share *= share * (3 - 2 * share)
            field[row, column, 0] *= share
            field[row, column, 1] *= share


@compiled("UniTuple(i8,4)(f4[:,:,::1],f4)")
def moving_cells(field: Floats, unseen: float) -> tuple[int, int, int, int]:
    """The first and the last row, and the first and the last column, of the cells that move by
    more than so many pixels; the last row is -1 where none does."""
    rows, columns = field.shape[0], field.shape[1]
    top, bottom, left, right = rows, -1, columns, -1
    for row in range(rows):
        for column in range(columns):
            if abs(field[row, column, 0]) > unseen or abs(field[row, column, 1]) > unseen:
                top, bottom = min(top, row), row
                left, right = min(left, column), max(right, column)
    return top, bottom, left, right


@compiled("(f4[:,:,::1],f4[:,:],f4[:,:],i8,i8,f4,f4,f4[:,:],f4[:,:,::1])")
def join(
    far: Floats,
    down: Floats,
    across: Floats,
    left: int,
    top: int,
    wide: float,
    high: float,
    shares: Floats,
    near: Floats,
) -> None:
    """Let fine fields (rows x columns x 4, two in one), where their share falls, pass into the
    coarse one. `down` and `across` take that to its region's pixels; the fine cells are `wide` and
    `high` pixels large and begin at `left`, `top`."""
    half = np.empty((far.shape[1], 2), np.float32)
    for row in range(near.shape[0]):
        y = int((np.float32(row) + np.float32(0.5)) * high + np.float32(top))
        y = min(max(y, 0), len(down) - 1)
        half[:] = 0
        for i in range(far.shape[0]):
            for j in range(far.shape[1]):
                half[j, 0] += down[y, i] * far[i, j, 0]
                half[j, 1] += down[y, i] * far[i, j, 1]
        for column in range(near.shape[1]):
            x = int((np.float32(column) + np.float32(0.5)) * wide + np.float32(left))
            x = min(max(x, 0), len(across) - 1)
            there_x, there_y = np.float32(0), np.float32(0)
            for j in range(far.shape[1]):
                there_x += across[x, j] * half[j, 0]
                there_y += across[x, j] * half[j, 1]
            share = shares[row, column]
            for field in range(0, 4, 2):
                near[row, column, field] += (1 - share) * (there_x - near[row, column, field])
                near[row, column, field + 1] += (1 - share) * (
                    there_y - near[row, column, field + 1]
                )


@compiled("(f4[:,::1],i8[::1],i8[::1],f4[::1],f4,f4)")
def take_within(
    points: Floats, outer: Index, inner: Index, opened: Floats, share: float, most: float
) -> None:
    """Move a lip's inner edge, all but its corners, towards the outer one where it is opened (0 to
    1): by this share of the lip's thickness, and by no more than `most` pixels."""
    for i in range(1, len(inner) - 1):
        red_x = points[outer[i], 0] - points[inner[i], 0]
        red_y = points[outer[i], 1] - points[inner[i], 1]
        thick = max(np.float32(np.sqrt(red_x * red_x + red_y * red_y)), np.float32(1e-3))
        part = opened[i] * min(share, most / thick)
        points[inner[i], 0] += part * red_x
        points[inner[i], 1] += part * red_y


@compiled("(f4[:,:],f4[:,::1],f4,f4[:,::1])")
def spread_down(shares: Floats, along: Floats, first: float, spread: Floats) -> None:
    """Rows that are mixed of those of `along` by their `shares`, of which at most four that
    follow one another are not 0. The last two rows of `along` are added to each: the one as it
    is, the other as many times as `first` and the row's number say."""
    cells = shares.shape[1]
    level, slope = along[cells], along[cells + 1]
    for y in range(len(spread)):
        start = 0
        while start < cells - 4 and shares[y, start] == 0:
            start += 1
        a, b, c, d = along[start], along[start + 1], along[start + 2], along[start + 3]
        p, q = shares[y, start], shares[y, start + 1]
        r, s = shares[y, start + 2], shares[y, start + 3]
        row, times = spread[y], first + np.float32(y)
        for x in range(len(row)):
            row[x] = p * a[x] + q * b[x] + r * c[x] + s * d[x] + level[x] + times * slope[x]
