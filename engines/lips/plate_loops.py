"""Thin-plate fields, number by number; `warp` does the same in numpy."""

import numpy as np
from numpy.typing import NDArray

from engines.lips.compiled import compiled

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

_ROOT_HALF = 0x3F3504F3
"""The bits of the square root of one half."""


@compiled("(f4[::1],f4[::1])")
def _times_log(squares: Floats, room: Floats) -> None:
    """Multiply numbers above zero by their logarithm; `room` is as long, to work in. (The series
    is that of the Cephes library: no call for each number, so many are done at once.)"""
    bits, parts = squares.view(np.int32), room.view(np.int32)
    for i in range(len(squares)):
        parts[i] = bits[i] - (((bits[i] - _ROOT_HALF) >> 23) << 23)
    for i in range(len(squares)):
        power = np.float32(np.int32((bits[i] - _ROOT_HALF) >> 23))
        x = room[i] - np.float32(1)
        y = np.float32(7.0376836292e-2) * x - np.float32(1.1514610310e-1)
        y = y * x + np.float32(1.1676998740e-1)
        y = y * x - np.float32(1.2420140846e-1)
        y = y * x + np.float32(1.4249322787e-1)
        y = y * x - np.float32(1.6668057665e-1)
        y = y * x + np.float32(2.0000714765e-1)
        y = y * x - np.float32(2.4999993993e-1)
        y = y * x + np.float32(3.3333331174e-1)
        log = x + x * x * (y * x - np.float32(0.5)) + power * np.float32(0.6931471805599453)
        squares[i] *= log


@compiled("(f8[:,::1],i8,i8)")
def _eliminate(system: Doubles, first: int, last: int) -> None:
    """Make zeros below the diagonal in these columns, with the largest of their rows in turn."""
    for k in range(first, last):
        best = k
        for i in range(k + 1, last):
            if abs(system[i, k]) > abs(system[best, k]):
                best = i
        for j in range(k, system.shape[1]):
            system[k, j], system[best, j] = system[best, j], system[k, j]
        above = system[k, k + 1 :]
        for i in range(k + 1, system.shape[0]):
            share = system[i, k] / system[k, k]
            row = system[i, k + 1 :]
            for j in range(len(row)):
                row[j] -= share * above[j]


@compiled("f8[:,::1](f8[:,::1])")
def _answers(system: Doubles) -> Doubles:
    """Of a system with zeros below its diagonal; the last two columns are what it has to be."""
    count = len(system)
    answers = np.empty((count, 2))
    for i in range(count - 1, -1, -1):
        x, y = system[i, count], system[i, count + 1]
        for j in range(i + 1, count):
            x -= system[i, j] * answers[j, 0]
            y -= system[i, j] * answers[j, 1]
        answers[i, 0], answers[i, 1] = x / system[i, i], y / system[i, i]
    return answers


@compiled("(f8[:,::1],i8,i8,i8,f4[:,::1],i8)")
def _solve(
    system: Doubles, common: int, begin: int, end: int, weights: Floats, column: int
) -> None:
    """Solve what is left of a system without the rows and columns that are neither among the
    `common` ones, which have been eliminated, nor from `begin` to `end`."""
    total, size = system.shape[0], common + end - begin
    left = np.zeros((size, size + 2))
    for i in range(size):
        row = system[i if i < common else i - common + begin]
        for j in range(size + 2):
            at = j if j < common else j - common + begin
            left[i, j] = row[at if j < size else total + j - size]
    _eliminate(left, common, size)
    answers = _answers(left)
    for i in range(size):
        at = i if i < common else i - common + begin
        weights[at, column], weights[at, column + 1] = answers[i, 0], answers[i, 1]


@compiled("f4[:,::1](f4[:,::1],f8[:,::1],f4,f4,i8,i8)")
def solve_pair(
    nodes: Floats, wanted: Doubles, stiffness: float, least: float, first: int, second: int
) -> Floats:
    """The weights of two fields that bring `nodes` where they are `wanted` (both n x 2): the last
    `second` nodes are the second field's alone, the `first` before those the first one's. Rows:
    the plane's three, the nodes'; columns: two for either field. `least` is added to squares of
    distances, `stiffness` to the diagonal."""
    count = len(nodes)
    total = count + 3
    system = np.zeros((total, total + 2))
    xs, ys = np.empty(count, np.float32), np.empty(count, np.float32)
    for i in range(count):
        xs[i], ys[i] = nodes[i, 0], nodes[i, 1]
    squares, room = np.empty(count, np.float32), np.empty(count, np.float32)
    for i in range(count):
        x, y = xs[i], ys[i]
        for j in range(count):
            squares[j] = (xs[j] - x) * (xs[j] - x) + (ys[j] - y) * (ys[j] - y) + least
        _times_log(squares, room)
        squares[i] += stiffness
        system[i + 3, 0], system[i + 3, 1], system[i + 3, 2] = 1, x, y
        system[0, i + 3], system[1, i + 3], system[2, i + 3] = 1, x, y
        for j in range(count):
            system[i + 3, j + 3] = squares[j]
        system[i + 3, total], system[i + 3, total + 1] = wanted[i, 0], wanted[i, 1]
    common = total - first - second
    _eliminate(system, 0, common)
    weights = np.zeros((total, 4), np.float32)
    _solve(system, common, common, common + first, weights, 0)
    _solve(system, common, common + first, total, weights, 2)
    return weights


@compiled("(f4[:,::1],f4[:,::1],f4,f4,f4,f4,f4,f4[:,:,::1])")
def bend(
    nodes: Floats,
    weights: Floats,
    least: float,
    left: float,
    top: float,
    wide: float,
    high: float,
    field: Floats,
) -> None:
    """Fill a field (rows x columns x as many as `weights` has): the first cell's centre is at
    `left`, `top`, the next ones `wide` and `high` on."""
    rows, columns, kinds = field.shape
    cells = rows * columns
    xs, ys = np.empty(cells, np.float32), np.empty(cells, np.float32)
    for cell in range(cells):
        xs[cell] = left + np.float32(cell % columns) * wide
        ys[cell] = top + np.float32(cell // columns) * high
    found = np.empty((kinds, cells), np.float32)
    for kind in range(kinds):
        along, down, start = weights[1, kind], weights[2, kind], weights[0, kind]
        for cell in range(cells):
            found[kind, cell] = start + along * xs[cell] + down * ys[cell]
    squares, room = np.empty(cells, np.float32), np.empty(cells, np.float32)
    for node in range(len(nodes)):
        x, y = nodes[node]
        for cell in range(cells):
            away, below = xs[cell] - x, ys[cell] - y
            squares[cell] = away * away + below * below + least
        _times_log(squares, room)
        for kind in range(kinds):
            weight, sums = weights[node + 3, kind], found[kind]
            for cell in range(cells):
                sums[cell] += weight * squares[cell]
    for kind in range(kinds):
        for cell in range(cells):
            field[cell // columns, cell % columns, kind] = found[kind, cell]
