"""Drawing a mouth: the region of the face is warped, then the inside is laid between the lips."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from core.head import Head
from engines.lips import points as at
from engines.lips.bank import MouthBank, anchor_of, curves, patch_to_picture
from engines.lips.halves import two_halves
from engines.lips.head import turn
from engines.lips.interior import Opening, compose
from engines.lips.own_lips import ClosedLips, lay_lips
from engines.lips.paste import blend, filled, stroked
from engines.lips.warp import COARSE, FINE, Fields, Region, around, fetch

Array = NDArray[np.float64]
Floats = NDArray[np.float32]
Image = NDArray[np.uint8]

_ALL = np.arange(len(at.POINTS))
_WITH_UPPER_EDGE = np.setdiff1d(_ALL, at.LOWER_INNER[1:-1])
_WITH_LOWER_EDGE = np.setdiff1d(_ALL, at.UPPER_INNER[1:-1])

_STRIDE, _UNSEEN = 8, 0.08
"""Movement of fewer pixels than this is not worth drawing; it is looked for in such steps."""
_INSET = 0.030
"""How far within an open lip its edge is taken from, in head units."""
_SEAM = np.array([0.36, 0.18, 0.18], np.float32)
_CLOSED = 0.012
"""Lips nearer than this, in head units, show nothing between them."""


@dataclass(frozen=True, slots=True)
class Move:
    """What is to be drawn: landmarks (POINTS, pixels) `before` and `after`. `rest` is the mouth
    at rest in the head's frame, `round` how far the lips are pushed forward, `strength` how
    much of the inside is ours; `kept_share` of the lips' red comes from `kept_lips`."""

    head: Head
    rest: Array
    before: Floats
    after: Floats
    round: float
    strength: float
    kept_lips: ClosedLips | None = None
    kept_share: float = 0.0

    @property
    def region(self) -> Region:
        """All that may change; it may reach over the picture's edge."""
        unit = self.head.unit
        both = np.concatenate([self.before, self.after])
        return around(both, 0.12 * unit, 0.25 * unit, 0.12 * unit, 0.55 * unit)

    @property
    def lips_box(self) -> Region:
        unit = self.head.unit
        lips = self.after[at.LIPS]
        return around(lips, 0.20 * unit, 0.20 * unit, 0.20 * unit, 0.24 * unit)


def draw(source: Image, move: Move, bank: MouthBank, skin: Floats) -> tuple[Image, Region] | None:
    """The changed part of the picture and where it belongs; None when nothing of it is in view."""
    height, width = source.shape[:2]
    view = Region(0, 0, width, height)
    whole, whole_box = move.region, move.lips_box
    region = whole.clipped(view)
    box = whole_box.clipped(region)
    if min(region.width, region.height) < 8 or min(box.width, box.height) < 4 or not whole.sane:
        return None
    fields = Fields(_within_the_lips(move), move.after, whole)
    upper, lower = fields.solve(_WITH_UPPER_EDGE, _WITH_LOWER_EDGE)
    both = np.asarray((upper + lower) / 2, np.float32)
    far = fields.over(whole, COARSE, [both], fading=True)[0][region.within(whole)]
    far, region = _moving(far, region, box)
    # Little moves outside the box, and none of it is a sharp edge.
    picture = fetch(source, far, region, cv2.INTER_LINEAR)
    lips = move.after - box.corner
    near = fields.over(whole_box, FINE, [upper, lower])
    mouth = _mouth(source, near, far[box.within(region)], move, whole_box, box)
    matrix = patch_to_picture(move.head, anchor_of(move.rest))
    matrix[:, 2] -= box.corner
    if move.kept_lips is not None and move.kept_share > 0.02:
        share = move.kept_share * move.strength
        lay_lips(mouth, lips, move.kept_lips, matrix, skin, share)
    _lay_inside(mouth, move, lips, matrix, bank, skin)
    picture[box.within(region)] = mouth
    return picture, region


def _moving(field: Floats, region: Region, box: Region) -> tuple[Floats, Region]:
    """The part of the region that moves enough to be seen, and all of the box."""
    moves = np.abs(field[::_STRIDE, ::_STRIDE]).max(2) > _UNSEEN
    rows, columns = np.flatnonzero(moves.any(1)), np.flatnonzero(moves.any(0))
    if not len(rows):
        return field[box.within(region)], box
    moving = Region(
        min(box.left, region.left + _STRIDE * (int(columns[0]) - 1)),
        min(box.top, region.top + _STRIDE * (int(rows[0]) - 1)),
        max(box.right, region.left + _STRIDE * (int(columns[-1]) + 2)),
        max(box.bottom, region.top + _STRIDE * (int(rows[-1]) + 2)),
    ).clipped(region)
    return field[moving.within(region)], moving


def _mouth(
    source: Image, near: list[Floats], far: Floats, move: Move, whole_box: Region, box: Region
) -> Image:
    """The box of the lips: the upper field above the middle of the mouth, the lower one below;
    both pass into the far one at the box's rim."""
    place = box.within(whole_box)
    share = _feather(whole_box.width, whole_box.height)[place]

    def half(field: Floats, rows: slice) -> Image:
        part = Region(box.left, box.top + rows.start, box.right, box.top + rows.stop)
        joined = field[place][rows] - far[rows]
        joined *= share[rows]
        joined += far[rows]
        return fetch(source, joined, part, cv2.INTER_CUBIC)

    size = (box.height, box.width)
    lips = move.after - box.corner
    return two_halves(
        lambda rows: half(near[0], rows),
        lambda rows: half(near[1], rows),
        lips,
        size,
        move.head.unit,
    )


@lru_cache(maxsize=8)
def _feather(width: int, height: int) -> Floats:
    """From 0 at a box's rim to 1 inside it."""
    x = np.minimum(np.arange(width), np.arange(width)[::-1]) / (0.14 * width)
    y = np.minimum(np.arange(height), np.arange(height)[::-1]) / (0.16 * height)
    share = np.minimum(np.minimum(x, 1)[None], np.minimum(y, 1)[:, None])
    return np.asarray(np.repeat(share[..., None], 2, 2), np.float32)


def _within_the_lips(move: Move) -> Floats:
    """Where the lips are taken from. The traced edge of an open lip carries a fringe of teeth,
    so the edge is taken from a little within the lip."""
    before = move.before.copy()
    unit = move.head.unit
    gap = before[at.LOWER_INNER, 1] - before[at.UPPER_INNER, 1]
    opened = np.clip(gap / (0.05 * unit), 0, 1) * move.strength
    for outer, inner in ((at.UPPER_OUTER, at.UPPER_INNER), (at.LOWER_OUTER, at.LOWER_INNER)):
        red = before[outer] - before[inner]
        thickness = np.linalg.norm(red, axis=1)
        share = opened * np.minimum(0.28, _INSET * unit / np.maximum(thickness, 1e-3))
        before[inner[1:-1]] += (share[:, None] * red)[1:-1].astype(np.float32)
    return before


def _draw_seam(mouth: Image, move: Move, line: Floats, skin: Floats) -> None:
    """The dark line between lips that touch; a mouth that is closed already has its own."""
    unit = move.head.unit
    opened = float(np.ptp(move.before[at.MIDDLE_GAP, 1])) / unit
    share = min(1.0, opened / 0.05) * move.strength * 0.65
    thickness = max(1, round(0.016 * unit))
    mask = stroked((mouth.shape[0], mouth.shape[1]), line, thickness, max(0.6, 0.008 * unit))
    mask = np.asarray(cv2.convertScaleAbs(mask, alpha=share), np.uint8)
    dark = np.empty_like(mouth)
    dark[:] = skin * _SEAM
    mouth[:] = blend(mouth, dark, mask)


def _lay_inside(
    mouth: Image, move: Move, lips: Floats, matrix: Floats, bank: MouthBank, skin: Floats
) -> None:
    above, below = lips[at.UPPER_INNER], lips[at.LOWER_INNER]
    if float((below - above).max()) < _CLOSED * move.head.unit:
        _draw_seam(mouth, move, np.asarray((above + below) / 2, np.float32), skin)
        return
    back = cv2.invertAffineTransform(matrix)
    top, bottom = curves(above @ back[:, :2].T + back[:, 2], below @ back[:, :2].T + back[:, 2])
    hole = Opening(top, bottom)
    width = float(np.linalg.norm(lips[at.UPPER_OUTER[-1]] - lips[at.UPPER_OUTER[0]]))
    views = bank.choose(hole.gap, width / move.head.unit, turn(move.head))
    inside = compose(hole, views, skin, move.round)
    # From here on `matrix` starts at the part of the view that was composed.
    matrix = matrix.copy()
    matrix[:, 2] += matrix[:, :2] @ np.array([hole.left, hole.upper], np.float32)
    outline = np.concatenate([above, below[::-1]])
    box = Region(0, 0, mouth.shape[1], mouth.shape[0])
    pad = 3 + 0.03 * move.head.unit
    part = around(outline, pad, pad, pad, pad).clipped(box)
    if part.width < 1 or part.height < 1:
        return
    matrix[:, 2] -= part.corner
    size = (part.width, part.height)
    laid = cv2.warpAffine(
        inside, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    blur = max(0.7, 0.009 * move.head.unit)
    mask = filled((part.height, part.width), outline - part.corner, blur)
    if move.strength < 1:
        mask = np.asarray(cv2.convertScaleAbs(mask, alpha=move.strength), np.uint8)
    place = part.within(box)
    mouth[place] = blend(mouth[place], np.asarray(laid, np.uint8), mask)
