"""Drawing a mouth: the region of the face is warped, then the inside is laid between the lips."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.head import Head
from engines.lips import points as at
from engines.lips.bank import MouthBank, anchor_of, curves, patch_to_picture
from engines.lips.field_loops import fade_beyond, join, moving_cells, take_within
from engines.lips.halves import two_halves
from engines.lips.head import turn
from engines.lips.interior import Opening, compose
from engines.lips.own_lips import ClosedLips, lay_lips
from engines.lips.paste import filled, lay, stroked
from engines.lips.warp import (
    CELLS,
    COARSE,
    FINE,
    Fields,
    Movable,
    Region,
    around,
    spread,
    swing,
)

Array = NDArray[np.float64]
Floats = NDArray[np.float32]
Image = NDArray[np.uint8]

_UNSEEN = 0.12
"""Movement of fewer pixels than this is not worth drawing."""
_THROAT = 0.30
_OUTSIDE, _FADING = 0.12, 0.15
"""So far outside of the mouth's surroundings all movement ends, and over so much it fades."""
_BEYOND = 0.08
"""So far beyond the lips' box, in parts of its sides, the fine grid goes."""
_INSET, _MOST_OF_LIP = 0.030, 0.28
"""How far within an open lip its edge is taken from: in head units, and at most in parts of it."""
_SEAM = np.array([0.36, 0.18, 0.18], np.float32)
_ROWS = (np.arange(COARSE[1], dtype=np.float32) + np.float32(0.5))[:, None, None]
"""Middles of the coarse grid's rows, in rows."""
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
        return around(lips, 0.16 * unit, 0.15 * unit, 0.16 * unit, 0.18 * unit)


def draw(source: Image, move: Move, bank: MouthBank, skin: Floats) -> tuple[Image, Region] | None:
    """The changed part of the picture and where it belongs; None when nothing of it is in view."""
    height, width = source.shape[:2]
    view = Region(0, 0, width, height)
    whole, whole_box = move.region, move.lips_box
    region = whole.clipped(view)
    box = whole_box.clipped(region)
    if min(region.width, region.height) < 8 or min(box.width, box.height) < 4 or not whole.sane:
        return None
    fields = Fields(at.NODES @ _within_the_lips(move), at.NODES @ move.after, whole)
    upper, lower = fields.solve_pair(at.OF_A_LIP)
    far = _passing(fields.at(whole, COARSE, [upper, lower], fading=True), move, whole)
    _keep_around_mouth(far, move, whole)
    moving = _moving(far, whole, box).clipped(region)
    rim = whole_box.grown(_BEYOND)
    near = _joined(fields.at(rim, FINE, [upper, lower]), rim, far, whole)
    around_it = Movable(source, moving.widened(swing(move.after - move.before)))
    # Little moves outside the box, and none of it is a sharp edge.
    picture = around_it.moved(whole, (far, moving))
    mouth = _mouth(around_it, near, rim, move, box)
    lips = move.after - box.corner
    matrix = patch_to_picture(move.head, anchor_of(move.rest))
    matrix[:, 2] -= box.corner
    if move.kept_lips is not None and move.kept_share > 0.02:
        share = move.kept_share * move.strength
        lay_lips(mouth, lips, move.kept_lips, matrix, skin, share)
    _lay_inside(mouth, move, lips, matrix, bank, skin)
    picture[box.within(moving)] = mouth
    return picture, moving


def _passing(both: Floats, move: Move, whole: Region) -> Floats:
    """The upper lip's field above the mouth, the lower one's below it, and from one to the other
    between."""
    lips = move.after[at.ALL_LIPS, 1]
    low, high = float(lips.min()), float(lips.max())
    step = whole.height / len(both) / max(high - low, 1.0)
    start = (whole.top - 0.5 - low) / max(high - low, 1.0)
    share = np.minimum(np.maximum(_ROWS * np.float32(step) + np.float32(start), 0), 1)
    far = both[:, :, 2:] - both[:, :, :2]
    far *= share
    far += both[:, :, :2]
    return far


def _keep_around_mouth(far: Floats, move: Move, whole: Region) -> None:
    """Leave of the coarse field what lies within the outline of all landmarks and of the throat
    below the jaw, or a short distance from it. Beside a turned head that is what is behind."""
    unit = move.head.unit
    throat = move.before[at.JAW] + np.array([0, _THROAT * unit], np.float32)
    hull = cv2.convexHull(np.concatenate([move.before, move.after, throat]))[:, 0]
    corners: Floats = np.ascontiguousarray(hull, np.float32)
    if fade_beyond is None:
        far *= _share_around(corners, whole, unit)
        return
    wide, high = whole.width / COARSE[0], whole.height / COARSE[1]
    start = whole.left + wide / 2 - 0.5, whole.top + high / 2 - 0.5
    fade_beyond(corners, *start, wide, high, _OUTSIDE * unit, _FADING * unit, far)


def _share_around(corners: Floats, whole: Region, unit: float) -> Floats:
    """At the cells of the coarse grid: 1 within a convex outline, 0 at a short distance from it."""
    along = np.roll(corners, -1, 0) - corners
    along /= np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-3)[:, None]
    outwards = np.stack([along[:, 1], -along[:, 0]], 1)
    if float(np.vdot(outwards, corners - corners.mean(0))) < 0:  # the outline runs the other way
        outwards = -outwards
    cells = CELLS[COARSE] * whole.size + whole.corner - 0.5
    beyond = (cells @ outwards.T - np.einsum("ij,ij->i", outwards, corners)).max(1)
    share = np.minimum(np.maximum(_OUTSIDE - beyond / unit, 0) * (1 / _FADING), 1)
    share *= share * (3 - 2 * share)
    return np.asarray(share.reshape(COARSE[1], COARSE[0], 1), np.float32)


def _moving(field: Floats, whole: Region, box: Region) -> Region:
    """The part of a region that moves enough to be seen, and all of the box."""
    top, bottom, left, right = (moving_cells or _moving_cells)(field, _UNSEEN)
    if bottom < 0:
        return box
    wide, high = whole.width / field.shape[1], whole.height / field.shape[0]
    return Region(
        min(box.left, whole.left + math.floor(wide * (left - 0.5))),
        min(box.top, whole.top + math.floor(high * (top - 0.5))),
        max(box.right, whole.left + math.ceil(wide * (right + 1.5))),
        max(box.bottom, whole.top + math.ceil(high * (bottom + 1.5))),
    )


def _moving_cells(field: Floats, unseen: float) -> tuple[int, int, int, int]:
    seen = np.abs(field).max(2) > unseen
    rows, columns = np.flatnonzero(seen.any(1)).tolist(), np.flatnonzero(seen.any(0)).tolist()
    return (rows[0], rows[-1], columns[0], columns[-1]) if rows else (0, -1, 0, -1)


def _joined(near: Floats, rim: Region, far: Floats, whole: Region) -> Floats:
    """The fine fields, upper and lower, passing into the coarse one at the rim of the lips' box;
    all at the cells of the fine grid."""
    columns, rows = FINE
    if join is not None:
        down, across = spread(far.shape[0], whole.height), spread(far.shape[1], whole.width)
        start = rim.left - whole.left, rim.top - whole.top
        size = rim.width / columns, rim.height / rows
        joined = near.reshape(rows, columns, 4)
        join(far, down, across, *start, *size, _FEATHER[:, :, 0, 0], joined)
        return joined.reshape(rows, columns, 2, 2)
    across = (np.arange(columns) + 0.5) * (rim.width / columns) + (rim.left - whole.left)
    down = (np.arange(rows) + 0.5) * (rim.height / rows) + (rim.top - whole.top)
    left = spread(far.shape[0], whole.height)[np.clip(down.astype(int), 0, whole.height - 1)]
    right = spread(far.shape[1], whole.width)[np.clip(across.astype(int), 0, whole.width - 1)]
    there = np.empty((rows, columns, 2), np.float32)
    for axis in (0, 1):
        there[..., axis] = left @ far[..., axis] @ right.T
    joined = near.reshape(rows, columns, 2, 2) - there[:, :, None]
    joined *= _FEATHER
    joined += there[:, :, None]
    return np.asarray(joined, np.float32)


def _feather() -> Floats:
    """At the cells of the fine grid, which reaches `_BEYOND` the lips' box: 0 outside of the box
    and at its rim, 1 inside."""
    shares = []
    for count, width in zip(FINE, (0.14, 0.16), strict=True):
        place = (np.arange(count) + 0.5) / count * (1 + 2 * _BEYOND) - _BEYOND
        rise = np.clip(np.minimum(place, 1 - place) / width, 0, 1)
        shares.append(rise * rise * (3 - 2 * rise))
    return np.asarray((shares[1][:, None] * shares[0])[..., None, None], np.float32)


_FEATHER = _feather()


def _mouth(source: Movable, near: Floats, rim: Region, move: Move, box: Region) -> Image:
    """The box of the lips: the upper field above the middle of the mouth, the lower one below."""

    def both(above: slice, below: slice) -> Image:
        upper, lower = (near[:, :, 0], box.rows(above)), (near[:, :, 1], box.rows(below))
        return source.moved(rim, upper, lower)

    size = box.height, box.width
    return two_halves(both, move.after - box.corner, size, move.head.unit)


def _within_the_lips(move: Move) -> Floats:
    """Where the lips are taken from. The traced edge of an open lip carries a fringe of teeth,
    so the edge is taken from a little within the lip."""
    before = move.before.copy()
    unit = move.head.unit
    gap = before[at.LOWER_INNER, 1] - before[at.UPPER_INNER, 1]
    shares = np.minimum(np.maximum(gap * (1 / (0.05 * unit)), 0), 1) * move.strength
    opened: Floats = shares.astype(np.float32)
    for outer, inner in ((at.UPPER_OUTER, at.UPPER_INNER), (at.LOWER_OUTER, at.LOWER_INNER)):
        if take_within is None:
            _take_within(before, outer, inner, opened, _INSET * unit)
        else:
            take_within(before, outer, inner, opened, _MOST_OF_LIP, _INSET * unit)
    return before


def _take_within(
    points: Floats, outer: at.Index, inner: at.Index, opened: Floats, most: float
) -> None:
    red = points[outer] - points[inner]
    thickness = np.maximum(np.linalg.norm(red, axis=1), 1e-3)
    share = opened * np.minimum(_MOST_OF_LIP, most / thickness)
    points[inner[1:-1]] += (share[:, None] * red)[1:-1].astype(np.float32)


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
    lay(mouth, 0, 0, dark, mask)


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
    lay(mouth, part.top, part.left, np.asarray(laid, np.uint8), mask)
