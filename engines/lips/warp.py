"""Smooth warp fields: which source pixel goes where, when landmarks move.

A thin-plate field over one region, in two kinds that are alike except at the mouth: one keeps
the upper lip's inner edge, the other the lower's. Both come from one kernel. Far from the lips
the field is computed on a coarse grid and falls to nothing at the region's edge; around the
lips on a fine one.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.lips.field_loops import spread_down
from engines.lips.plate_loops import bend, solve_pair

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Image = NDArray[np.uint8]

COARSE, FINE = (16, 18), (22, 16)
"""Columns and rows of the grids."""

_SWING = 1.3
"""By how much values between the cells may be larger than those of the cells."""

# Enough to calm the landmarks' noise, too little to blur the edge of a lip.
_STIFFNESS = np.float32(1e-4)
_NEVER_ZERO = np.float32(2e-6)
"""A squared distance may come out a little below zero, and has to have a logarithm."""


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of the picture, in pixels; it may reach over the picture's edge."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def sane(self) -> bool:
        """Not larger than a face that fills a very large picture."""
        return self.width * self.height < 12e6

    @property
    def corner(self) -> Floats:
        return np.array([self.left, self.top], np.float32)

    @property
    def size(self) -> Floats:
        return np.array([self.width, self.height], np.float32)

    def clipped(self, other: "Region") -> "Region":
        """What lies in both; width or height is 0 when nothing does."""
        left, right = max(other.left, self.left), min(other.right, self.right)
        top, bottom = max(other.top, self.top), min(other.bottom, self.bottom)
        return Region(left, top, max(left, right), max(top, bottom))

    def grown(self, more: float) -> "Region":
        """So much of its sides larger on each side."""
        wide, high = math.ceil(more * self.width), math.ceil(more * self.height)
        return Region(self.left - wide, self.top - high, self.right + wide, self.bottom + high)

    def widened(self, by: int) -> "Region":
        """So many pixels larger on each side."""
        return Region(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def rows(self, some: slice) -> "Region":
        """Those of its rows."""
        return Region(self.left, self.top + some.start, self.right, self.top + some.stop)

    def within(self, outer: "Region") -> tuple[slice, slice]:
        """Where it lies in an array that holds the pixels of `outer`: rows, columns."""
        rows = slice(self.top - outer.top, self.bottom - outer.top)
        return rows, slice(self.left - outer.left, self.right - outer.left)


def around(points: Floats, left: float, top: float, right: float, bottom: float) -> Region:
    """The box of some points, with so many pixels more on each side."""
    low, high = points.min(0), points.max(0)
    return Region(
        math.floor(low[0] - left),
        math.floor(low[1] - top),
        math.ceil(high[0] + right),
        math.ceil(high[1] + bottom),
    )


def _kernel(here: Floats, there: Floats) -> Floats:
    """r² log r² between two sets of points."""
    one = np.ones((len(here), 4), np.float32)
    one[:, :2], one[:, 2] = here, np.einsum("ij,ij->i", here, here) + _NEVER_ZERO
    other = np.ones((len(there), 4), np.float32)
    other[:, :2], other[:, 3] = -2 * there, np.einsum("ij,ij->i", there, there)
    squares = one @ other.T
    logs = cv2.log(squares)
    return np.asarray(np.multiply(squares, logs, out=logs), np.float32)


def _system(nodes: Floats) -> Doubles:
    """What the weights of the plane, and of all nodes, are multiplied with."""
    count = len(nodes)
    system = np.zeros((count + 3, count + 3))
    system[3:, 3:] = _kernel(nodes, nodes)
    np.fill_diagonal(system[3:, 3:], system.diagonal()[3:] + _STIFFNESS)
    system[3:, 0] = system[0, 3:] = 1
    system[3:, 1:3] = nodes
    system[1:3, 3:] = nodes.T
    return system


def _rim(count: int = 2) -> Floats:
    """Points around the unit square."""
    along = np.linspace(0, 1, count + 1)[:-1]
    zero, one = np.zeros(count), np.ones(count)
    sides = [(along, zero), (one, along), (1 - along, one), (zero, 1 - along)]
    return np.concatenate([np.stack(side, 1) for side in sides]).astype(np.float32)


def _cells(grid: tuple[int, int]) -> Floats:
    """Centres of a grid's cells in the unit square, as cv2.resize understands a grid."""
    columns, rows = np.meshgrid(*((np.arange(count) + 0.5) / count for count in grid))
    return np.stack([columns.ravel(), rows.ravel()], 1).astype(np.float32)


def _ramp(x: Floats, first: tuple[float, float], last: tuple[float, float]) -> Floats:
    """0 up to `first[0]`, 1 from `first[1]` on; the same from the other end for `last`."""
    rise = (x - first[0]) / (first[1] - first[0])
    fall = (1 - x - last[0]) / (last[1] - last[0])
    edge = np.minimum(np.maximum(np.minimum(rise, fall), 0), 1)
    return np.asarray(edge * edge * (3 - 2 * edge), np.float32)


def _window(cells: Floats) -> Floats:
    """By what a field is multiplied so that it falls to nothing before the rim: two cells of the
    coarse grid stay empty there, and cubic interpolation has nothing to swing from."""
    across = _ramp(cells[:, 0], (0.095, 0.16), (0.095, 0.16))
    down = _ramp(cells[:, 1], (0.085, 0.15), (0.085, 0.25))
    return np.asarray(across * down, np.float32)


_RIM = _rim()
CELLS = {grid: _cells(grid) for grid in (COARSE, FINE)}
_WINDOWS = {grid: _window(cells).reshape(grid[1], grid[0], 1) for grid, cells in CELLS.items()}


class Fields:
    """The fields that carry points `after` back to `before` (pixels) and, unless it is `free`,
    keep the region's rim in place."""

    def __init__(
        self, before: Floats, after: Floats, region: Region, *, free: bool = False
    ) -> None:
        self._region = region
        # Lengths near 1 keep the kernel's matrix well conditioned.
        self._unit = float(region.size.max()) / 2
        rim = _RIM[: 0 if free else None] * region.size
        nodes = np.concatenate([rim, after - region.corner])
        self._nodes: Floats = np.asarray(nodes / np.float32(self._unit), np.float32)
        self._still, self._moving = len(rim), len(after)
        self._wanted = np.zeros((len(nodes), 2))
        self._wanted[len(rim) :] = before - after

    def solve(self, *used: NDArray[np.intp]) -> list[Floats]:
        """The weights of fields that look at some of the points only, one for each of `used`."""
        system = _system(self._nodes)
        wanted = np.concatenate([np.zeros((3, 2)), self._wanted])
        found = []
        for points in used:
            index = np.concatenate([np.arange(3 + self._still), points + 3 + self._still])
            part = system.take(index, 0).take(index, 1)
            weights = np.zeros((len(system), 2), np.float32)
            weights[index] = np.linalg.solve(part, wanted.take(index, 0))
            found.append(weights)
        return found

    def solve_pair(self, edge: int) -> list[Floats]:
        """The weights of two fields: of the points the last `edge` are looked at by the second
        one only, and the `edge` before those by the first one only."""
        if solve_pair is None:
            every = np.arange(self._moving)
            return self.solve(every[:-edge], np.delete(every, slice(-2 * edge, -edge)))
        weights = solve_pair(self._nodes, self._wanted, _STIFFNESS, _NEVER_ZERO, edge, edge)
        return [weights[:, :2], weights[:, 2:]]

    def at(
        self, box: Region, grid: tuple[int, int], weights: list[Floats], *, fading: bool = False
    ) -> Floats:
        """Displacements at the centres of a grid's cells in a box: rows x columns x 2, and as
        many more for each further field."""
        every = weights[0] if len(weights) == 1 else np.concatenate(weights, 1)
        found = self._plain(box, grid, every) if bend is None else self._bent(box, grid, every)
        if fading:
            found *= _WINDOWS[grid]
        return found

    def _plain(self, box: Region, grid: tuple[int, int], weights: Floats) -> Floats:
        corner = box.corner - self._region.corner
        here = np.asarray((CELLS[grid] * box.size - 0.5 + corner) / self._unit, np.float32)
        nodes = np.ones((len(here), len(weights)), np.float32)
        nodes[:, 1:3], nodes[:, 3:] = here, _kernel(here, self._nodes)
        return np.asarray((nodes @ weights).reshape(grid[1], grid[0], -1), np.float32)

    def _bent(self, box: Region, grid: tuple[int, int], weights: Floats) -> Floats:
        wide, high = box.width / grid[0], box.height / grid[1]
        left = box.left - self._region.left + wide / 2 - 0.5
        top = box.top - self._region.top + high / 2 - 0.5
        cells = (value / self._unit for value in (left, top, wide, high))
        field = np.empty((grid[1], grid[0], weights.shape[1]), np.float32)
        bend(self._nodes, np.ascontiguousarray(weights), _NEVER_ZERO, *cells, field)
        return field


@lru_cache(maxsize=256)
def spread(cells: int, pixels: int) -> Floats:
    """The matrix (pixels x cells) that takes values at cells' centres to the pixels between, as
    cv2.resize does."""
    unit = np.eye(cells, dtype=np.float32)
    return np.asarray(cv2.resize(unit, (cells, pixels), interpolation=cv2.INTER_CUBIC))


_AS_IT_IS = np.eye(2, 3, dtype=np.float32)


def maps(
    field: Floats, box: Region, part: Region, matrix: Floats = _AS_IT_IS, room: Floats | None = None
) -> tuple[Floats, Floats]:
    """Where in the picture, column and row, each pixel of `part` comes from; `field` holds the
    displacements at the cells of `box`, and `part` lies in that. `matrix` (2 x 3) leads from
    where they would be displaced to on to another picture. `room`: where to put them, side by
    side."""
    rows, columns = part.within(box)
    wide, count = part.width, field.shape[0]
    across = spread(field.shape[1], box.width)[columns].T
    along = np.empty((count + 2, 2 * wide), np.float32)
    x = np.arange(part.left, part.right, dtype=np.float32)
    for axis, first in ((0, 0), (1, wide)):
        row, last = matrix[axis].tolist(), first + wide
        moved = field[..., 0] * row[0] + field[..., 1] * row[1]
        np.matmul(moved, across, out=along[:count, first:last])
        along[count, first:last], along[count + 1, first:last] = x * row[0] + row[2], row[1]
    both = np.empty((part.height, 2 * wide), np.float32) if room is None else room
    _down(spread(count, box.height)[rows], along, part, both)
    return both[:, :wide], both[:, wide:]


def _down(shares: Floats, along: Floats, part: Region, both: Floats) -> None:
    if spread_down is not None:
        spread_down(shares, along, part.top, both)
        return
    high, count = shares.shape
    down = np.empty((high, count + 2), np.float32)
    down[:, :count], down[:, count] = shares, 1
    down[:, count + 1] = np.arange(part.top, part.bottom)
    np.matmul(down, along, out=both)


def fetch(source: Image, columns: Floats, rows: Floats, interpolation: int) -> Image:
    """The picture of which each pixel comes from where the maps say in `source`."""
    # As `remap` itself would do, to a 32nd of a pixel, but for the whole picture at once.
    whole, part = cv2.convertMaps(columns, rows, cv2.CV_16SC2)
    picture = cv2.remap(source, whole, part, interpolation, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(picture, np.uint8)


def swing(*fields: Floats) -> int:
    """Somewhat more pixels than the farthest that is given, and two."""
    return math.ceil(_SWING * max(float(np.abs(field).max()) for field in fields)) + 2


class Movable:
    """A part of a picture that fields are to move, linear between pixels: for where little moves,
    as edges get a little softer. Four channels wide, of which OpenCV takes all at once, of three
    one by one."""

    def __init__(self, source: Image, part: Region) -> None:
        near = part.clipped(Region(0, 0, source.shape[1], source.shape[0]))
        rows, columns = slice(near.top, near.bottom), slice(near.left, near.right)
        self._four = cv2.cvtColor(source[rows, columns], cv2.COLOR_RGB2RGBA)
        self._corner = near.corner

    def moved(
        self, box: Region, *pieces: tuple[Floats, Region], matrix: Floats = _AS_IT_IS
    ) -> Image:
        """One below the other, the pixels of each region after its field has moved the picture.
        All fields lie over `box`, as in `maps`, and all regions between the same columns."""
        here, wide = matrix.copy(), pieces[0][1].width
        here[:, 2] -= self._corner
        both = np.empty((sum(part.height for _, part in pieces), 2 * wide), np.float32)
        first = 0
        for field, part in pieces:
            maps(field, box, part, here, both[first : first + part.height])
            first += part.height
        columns, rows = both[:, :wide], both[:, wide:]
        border = cv2.BORDER_REPLICATE
        four = cv2.remap(self._four, columns, rows, cv2.INTER_LINEAR, borderMode=border)
        return np.asarray(cv2.cvtColor(four, cv2.COLOR_RGBA2RGB), np.uint8)
