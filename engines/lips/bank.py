"""The mouth bank: views of this speaker's own mouth from inside, kept while they talk.

A view is a small picture of the open mouth in a frame that is fixed to the skull, with the
curves of the inner lips in it. One is kept for each cell of opening x width x turn of the
head, the best so far. Choosing is smooth in time: the views' weights glide to the one that
fits best, and the one in use is left only for a clearly better one.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.head import Head
from engines.lips import points as at
from engines.lips.head import turn
from engines.lips.rest import breadth, opening

Array = NDArray[np.float64]
Floats = NDArray[np.float32]
Image = NDArray[np.uint8]

PATCH = (192, 112)
"""Width and height of a view."""
PIXEL = 1.2 / PATCH[0]
"""Side of a view's pixel, in head units."""
ORIGIN = (96.0, 28.0)
"""Where the middle of the resting upper lip's edge lies in a view."""

_ANCHORS = np.concatenate([at.UPPER_INNER[at.MIDDLE], at.CORNERS])
_MIDDLE = slice(PATCH[0] // 2 - 14, PATCH[0] // 2 + 15)
_GAPS = (0.05, 0.085, 0.12, 0.165, 0.22)
_WIDTHS = (0.8, 0.95)
_TURNS = (-0.12, 0.12)


def patch_to_picture(head: Head, anchor: Array) -> Floats:
    """The 2 x 3 matrix from view pixels to picture pixels; `anchor` in head coordinates."""
    x, y, z = anchor.tolist()
    rows = []
    for start, (right, down, away) in zip(
        head.origin.tolist(), head.rotation.tolist(), strict=True
    ):
        here = start + head.unit * (right * x + down * y + away * z)
        right, down = right * head.unit * PIXEL, down * head.unit * PIXEL
        rows.append((right, down, here - right * ORIGIN[0] - down * ORIGIN[1]))
    return np.array(rows[:2], np.float32)


def anchor_of(rest: Array) -> Array:
    """The point of the skull that views hang on: above the teeth, in the middle."""
    (_, y0, z0), (_, y1, z1), (_, y2, z2), (left, *_), (right, *_) = rest[_ANCHORS].tolist()
    return np.array([(left + right) / 2, (y0 + y1 + y2) / 3, (z0 + z1 + z2) / 3])


@dataclass(frozen=True, slots=True)
class View:
    """`top`, `bottom`: rows of the inner lips' edges for each column; equal beyond the corners.
    `split`: how far down the opening, 0 to 1, its darkest row lies. `skin`: its colour then."""

    image: Image
    top: Floats
    bottom: Floats
    split: float
    gap: float
    width: float
    turn: tuple[float, float]
    skin: Floats
    quality: float
    teeth: float
    """How bright the upper half of the opening is, against the skin."""
    floor: float
    """The same of its lower half: high when the teeth are clenched."""
    dark: Floats
    """The colour of its darkest part."""


def curves(contour_above: Floats, contour_below: Floats) -> tuple[Floats, Floats]:
    """Rows of two contours (points in view pixels) for every column of a view."""
    columns = np.arange(PATCH[0], dtype=np.float32)
    top = np.interp(columns, *_rising(contour_above)).astype(np.float32)
    bottom = np.interp(columns, *_rising(contour_below)).astype(np.float32)
    return top, np.maximum(top, bottom)


def _rising(contour: Floats) -> tuple[Floats, Floats]:
    return np.maximum.accumulate(contour[:, 0]), contour[:, 1]


class MouthBank:
    """Views by cell. `keep` what it `wants`, `choose` says what to show."""

    _SWITCH = 0.35
    _GLIDE = 0.6

    def __init__(self) -> None:
        self.views: dict[tuple[int, int, int], View] = {}
        self._weights: dict[tuple[int, int, int], float] = {}
        self._chosen: tuple[int, int, int] | None = None

    def wants(self, head: Head, shape: Array, speed: float) -> bool:
        """Whether a camera frame is worth keeping; `speed` is how fast the mouth moves, in units
        a frame."""
        gap, width = opening(shape), breadth(shape)
        if gap < _GAPS[0] or gap > 0.5 or speed > 0.06:
            return False
        kept = self.views.get(_cell(gap, width, turn(head)[0]))
        return kept is None or _quality(head, speed) >= kept.quality + 0.05

    def keep(
        self, picture: Image, head: Head, shape: Array, anchor: Array, skin: Floats, speed: float
    ) -> None:
        """Keep the view in a camera frame, unless the picture's edge cuts it."""
        matrix = patch_to_picture(head, anchor)
        view = _cut(picture, matrix, head, shape, skin, _quality(head, speed))
        if view is not None:
            self.views[_cell(view.gap, view.width, view.turn[0])] = view

    def choose(
        self, gap: float, width: float, facing: tuple[float, float]
    ) -> list[tuple[View, float]]:
        """The views to show for a mouth of this opening, weights adding up to 1; empty while
        the bank is."""
        if not self.views:
            return []
        costs = {cell: _cost(view, gap, width, facing) for cell, view in self.views.items()}
        best = min(costs, key=lambda cell: costs[cell])
        if self._chosen not in costs or costs[best] + self._SWITCH < costs[self._chosen]:
            self._chosen = best
        for cell in costs:
            goal = float(cell == self._chosen)
            weight = self._weights.get(cell, goal if not self._weights else 0.0)
            self._weights[cell] = weight + self._GLIDE * (goal - weight)
        strongest = sorted(costs, key=lambda cell: -self._weights[cell])[:2]
        # Two views at once are a blur: each is shown alone for most of the glide.
        total = sum(self._weights[cell] ** 2 for cell in strongest)
        shares = [(cell, self._weights[cell] ** 2 / total) for cell in strongest]
        return [(self.views[cell], share) for cell, share in shares if share > 0.06]


def _quality(head: Head, speed: float) -> float:
    return min(head.unit, 120.0) / 120 - 6 * speed - 0.5 * abs(turn(head)[1] - 0.2)


def _cell(gap: float, width: float, sideways: float) -> tuple[int, int, int]:
    return (
        int(np.searchsorted(_GAPS, gap)),
        int(np.searchsorted(_WIDTHS, width)),
        int(np.searchsorted(_TURNS, sideways)),
    )


def _cost(view: View, gap: float, width: float, facing: tuple[float, float]) -> float:
    # Of a view of a more open mouth a part is shown; in a less open one something is missing.
    return (
        max((gap - view.gap) / 0.05, (view.gap - gap) / 0.15)
        + abs(view.width - width) / 0.15
        + abs(view.turn[0] - facing[0]) / 0.15
        + abs(view.turn[1] - facing[1]) / 0.3
        - 0.5 * view.quality
        - 0.6 * min(view.teeth, 1.3)
        + 1.5 * min(view.floor, 0.9) * min(1.0, max(0.0, gap - 0.12) / 0.08)
    )


def _cut(
    picture: Image, matrix: Floats, head: Head, shape: Array, skin: Floats, quality: float
) -> View | None:
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    cut = cv2.warpAffine(picture, matrix, PATCH, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    image = np.asarray(cut, np.uint8)
    back = cv2.invertAffineTransform(matrix)
    lips = (head.out(shape)[:, :2] @ back[:, :2].T + back[:, 2]).astype(np.float32)
    inside = lips[np.concatenate([at.UPPER_INNER, at.LOWER_INNER])]
    if inside.min() < 1 or (inside >= np.array(PATCH) - 1).any():
        return None
    top, bottom = curves(lips[at.UPPER_INNER], lips[at.LOWER_INNER])
    rows = np.arange(PATCH[1])[:, None]
    within = (rows > top) & (rows < np.maximum(bottom, top + 2))
    return View(
        image=image,
        top=top,
        bottom=bottom,
        split=_darkest(image, top, bottom),
        gap=opening(shape),
        width=breadth(shape),
        turn=turn(head),
        skin=skin,
        quality=quality,
        teeth=_brightness(image, top, bottom, 0.35) / max(1.0, float(skin.mean())),
        floor=_brightness(image, top, bottom, 0.65) / max(1.0, float(skin.mean())),
        dark=np.percentile(image[within], 8, axis=0).astype(np.float32),
    )


def _brightness(image: Image, top: Floats, bottom: Floats, depth: float) -> float:
    rows = (top + depth * (bottom - top))[_MIDDLE]
    columns = np.arange(PATCH[0])[_MIDDLE]
    return float(image[np.clip(np.rint(rows).astype(int), 0, PATCH[1] - 1), columns].mean())


def _darkest(image: Image, top: Floats, bottom: Floats) -> float:
    """How far down the middle of the opening the darkest row lies."""
    first, last = float(top[_MIDDLE].mean()), float(bottom[_MIDDLE].mean())
    shares = np.linspace(0.3, 0.8, 26)
    rows = np.clip(np.rint(first + shares * (last - first)).astype(int), 0, PATCH[1] - 1)
    light = image[rows, _MIDDLE].mean((1, 2)) + 12 * np.abs(shares - 0.55)
    return float(shares[int(light.argmin())])
