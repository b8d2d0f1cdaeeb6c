"""Smooth warp fields: which source pixel goes where, when landmarks move.

A thin-plate field over one region, in two kinds that are alike except at the mouth: one keeps
the upper lip's inner edge, the other the lower's. Both come from one kernel. Far from the lips
the field is computed on a coarse grid and falls to nothing at the region's edge; around the
lips on a fine one.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

COARSE, FINE = (16, 18), (26, 22)
"""Columns and rows of the grids."""

# Enough to calm the landmarks' noise, too little to blur the edge of a lip.
_STIFFNESS = 1e-4


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
    squares = (here**2).sum(1)[:, None] + (there**2).sum(1)[None] - 2 * here @ there.T
    np.maximum(squares, 1e-7, out=squares)
    return np.asarray(squares * cv2.log(squares), np.float32)


def _rim(count: int = 4) -> Floats:
    """Points around the unit square."""
    along = np.linspace(0, 1, count + 1)[:-1]
    zero, one = np.zeros(count), np.ones(count)
    sides = [(along, zero), (one, along), (1 - along, one), (zero, 1 - along)]
    return np.concatenate([np.stack(side, 1) for side in sides]).astype(np.float32)


def _cells(grid: tuple[int, int]) -> Floats:
    """Centres of a grid's cells in the unit square, as cv2.resize understands a grid."""
    columns, rows = np.meshgrid(*((np.arange(count) + 0.5) / count for count in grid))
    return np.stack([columns.ravel(), rows.ravel()], 1).astype(np.float32)


def _ramp(count: int, first: float, last: float) -> Doubles:
    x = np.linspace(0, 1, count)
    edge = np.clip(np.minimum(x / first, (1 - x) / last), 0, 1)
    edge[[1, -2]] = 0  # so that cubic interpolation has nothing to swing from at the rim
    return np.asarray(edge * edge * (3 - 2 * edge))


_RIM = _rim()
_CELLS = {grid: _cells(grid) for grid in (COARSE, FINE)}
_WINDOWS = {
    grid: (_ramp(grid[1], 0.12, 0.25)[:, None] * _ramp(grid[0], 0.12, 0.12)).astype(np.float32)
    for grid in (COARSE, FINE)
}


class Fields:
    """The fields that carry points `after` back to `before` (pixels) and keep the region's rim
    in place."""

    def __init__(self, before: Floats, after: Floats, region: Region) -> None:
        self._region = region
        # Lengths near 1 keep the kernel's matrix well conditioned.
        self._unit = float(region.size.max()) / 2
        rim = _RIM * region.size
        self._nodes = self._scaled(np.concatenate([after - region.corner, rim]))
        self._shift = np.concatenate([before - after, np.zeros_like(rim)])
        self._moving = len(after)
        self._matrix = _kernel(self._nodes, self._nodes).astype(np.float64)

    def _scaled(self, points: Floats) -> Floats:
        return np.asarray(points / self._unit, np.float32)

    def solve(self, used: NDArray[np.intp]) -> Floats:
        """The weights of a field that looks at some of the points only."""
        index = np.concatenate([used, np.arange(self._moving, len(self._nodes))])
        count, total = len(index), len(self._nodes)
        system = np.zeros((count + 3, count + 3))
        system[:count, :count] = self._matrix[np.ix_(index, index)]
        system[range(count), range(count)] += _STIFFNESS
        plane = np.concatenate([np.ones((count, 1), np.float32), self._nodes[index]], 1)
        system[:count, count:], system[count:, :count] = plane, plane.T
        wanted = np.concatenate([self._shift[index], np.zeros((3, 2))])
        solved = np.linalg.solve(system, wanted)
        weights = np.zeros((total + 3, 2), np.float32)
        weights[index], weights[total:] = solved[:count], solved[count:]
        return weights

    def over(
        self, box: Region, grid: tuple[int, int], weights: list[Floats], *, fading: bool = False
    ) -> list[Floats]:
        """Displacements for each pixel of a box, one field for each of the weights."""
        here = self._scaled(_CELLS[grid] * box.size - 0.5 + (box.corner - self._region.corner))
        plane = np.concatenate([np.ones((len(here), 1), np.float32), here], 1)
        nodes = np.concatenate([_kernel(here, self._nodes), plane], 1)
        coarse = (nodes @ np.concatenate(weights, 1)).reshape(grid[1], grid[0], -1)
        if fading:
            coarse = coarse * _WINDOWS[grid][..., None]
        fields = []
        for first in range(0, coarse.shape[2], 2):
            part = np.ascontiguousarray(coarse[..., first : first + 2])
            whole = cv2.resize(part, (box.width, box.height), interpolation=cv2.INTER_CUBIC)
            fields.append(np.asarray(whole, np.float32))
        return fields
