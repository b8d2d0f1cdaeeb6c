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
Image = NDArray[np.uint8]

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
    one = np.ones((len(here), 4), np.float32)
    one[:, :2], one[:, 2] = here, np.einsum("ij,ij->i", here, here)
    other = np.ones((len(there), 4), np.float32)
    other[:, :2], other[:, 3] = -2 * there, np.einsum("ij,ij->i", there, there)
    squares = one @ other.T
    np.maximum(squares, np.float32(1e-7), out=squares)
    squares *= cv2.log(squares)
    return np.asarray(squares, np.float32)


def _system(nodes: Floats) -> Doubles:
    """What the weights of all nodes, and of the plane, are multiplied with."""
    count = len(nodes)
    system = np.zeros((count + 3, count + 3))
    system[:count, :count] = _kernel(nodes, nodes)
    np.fill_diagonal(system[:count, :count], system.diagonal()[:count] + _STIFFNESS)
    system[:count, count] = system[count, :count] = 1
    system[:count, count + 1 :] = nodes
    system[count + 1 :, :count] = nodes.T
    return system


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
        self._wanted = np.zeros((len(self._nodes) + 3, 2))
        self._wanted[: len(after)] = before - after
        self._moving = len(after)
        self._system = _system(self._nodes)

    def _scaled(self, points: Floats) -> Floats:
        return np.asarray(points / self._unit, np.float32)

    def solve(self, *used: NDArray[np.intp]) -> list[Floats]:
        """The weights of fields that look at some of the points only, one for each of `used`."""
        total = len(self._nodes)
        rest = np.arange(self._moving, total + 3)
        found = []
        for points in used:
            index = np.concatenate([points, rest])
            solved = np.linalg.solve(
                self._system.take(index, 0).take(index, 1), self._wanted[index]
            )
            weights = np.zeros((total + 3, 2), np.float32)
            weights[index] = solved
            found.append(weights)
        return found

    def over(
        self, box: Region, grid: tuple[int, int], weights: list[Floats], *, fading: bool = False
    ) -> list[Floats]:
        """Displacements for each pixel of a box, one field for each of the weights."""
        here = self._scaled(_CELLS[grid] * box.size - 0.5 + (box.corner - self._region.corner))
        count = len(self._nodes)
        nodes = np.ones((len(here), count + 3), np.float32)
        nodes[:, :count], nodes[:, count + 1 :] = _kernel(here, self._nodes), here
        coarse = (nodes @ np.concatenate(weights, 1)).reshape(grid[1], grid[0], -1)
        if fading:
            coarse = coarse * _WINDOWS[grid][..., None]
        fields = []
        for first in range(0, coarse.shape[2], 2):
            part = np.ascontiguousarray(coarse[..., first : first + 2])
            whole = cv2.resize(part, (box.width, box.height), interpolation=cv2.INTER_CUBIC)
            fields.append(np.asarray(whole, np.float32))
        return fields


def fetch(source: Image, displacement: Floats, box: Region, interpolation: int) -> Image:
    """What is seen in a box of the picture (height x width x 2 displacements) when each of its
    pixels comes from where the field says; `source` is the whole picture."""
    first = np.zeros((box.width, 2), np.float32)
    first[:, 0] = np.arange(box.left, box.right)
    there = displacement + first
    there[..., 1] += np.arange(box.top, box.bottom, dtype=np.float32)[:, None]
    # As `remap` itself would do, to a 32nd of a pixel, but for the whole picture at once.
    whole, part = cv2.convertMaps(there, np.empty(0, np.float32), cv2.CV_16SC2)
    picture = cv2.remap(source, whole, part, interpolation, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(picture, np.uint8)
