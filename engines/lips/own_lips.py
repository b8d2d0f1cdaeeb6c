"""The red of this speaker's lips, kept from moments when the mouth was closed.

Lips of a wide-open or laughing mouth are thin and stretched; closing them in the picture would
blow them up to a blur. Then the kept lips are laid over, in the present light.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.head import Head
from engines.lips import points as at
from engines.lips.bank import PATCH, PIXEL, patch_to_picture
from engines.lips.halves import two_halves
from engines.lips.head import turn
from engines.lips.paste import filled, lay
from engines.lips.rest import breadth, opening
from engines.lips.warp import COARSE, Fields, Movable, Region, around

Array = NDArray[np.float64]
Floats = NDArray[np.float32]
Image = NDArray[np.uint8]

_CLOSED = 0.07
_TURNS = (-0.15, 0.15)
# How much more open (or wider) than asked a mouth must be for the kept lips to show, and to
# show alone.
_FROM, _FULL = 0.05, 0.11
_WITH_SKIN = np.array([1.10, 1.45], np.float32)


@dataclass(frozen=True, slots=True)
class ClosedLips:
    """A view (see `bank`) of closed lips; `points`: LIPS in view pixels; `skin`: the skin's
    colour then."""

    image: Image
    points: Floats
    skin: Floats
    quality: float
    turn: tuple[float, float]


class OwnLips:
    """The best closed lips for the head turned left, straight and right."""

    def __init__(self) -> None:
        self.views: dict[int, ClosedLips] = {}

    def wants(self, head: Head, shape: Array, speed: float) -> bool:
        """Whether a camera frame is worth keeping; `speed` is how fast the mouth moves, in units
        a frame."""
        if opening(shape) > _CLOSED or speed > 0.04:
            return False
        kept = self.views.get(_place(head))
        return kept is None or _quality(head, shape, speed) >= kept.quality + 0.03

    def keep(
        self, picture: Image, head: Head, shape: Array, anchor: Array, skin: Floats, speed: float
    ) -> None:
        """Keep the lips in a camera frame, unless the picture's edge cuts them."""
        matrix = patch_to_picture(head, anchor)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        image = cv2.warpAffine(picture, matrix, PATCH, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        back = cv2.invertAffineTransform(matrix)
        points = (head.out(shape)[at.LIPS, :2] @ back[:, :2].T + back[:, 2]).astype(np.float32)
        if points.min() < 2 or (points > np.array(PATCH) - 3).any():
            return
        quality = _quality(head, shape, speed)
        view = ClosedLips(np.asarray(image, np.uint8), points, skin, quality, turn(head))
        self.views[_place(head)] = view

    def choose(self, facing: tuple[float, float]) -> ClosedLips | None:
        def distance(view: ClosedLips) -> float:
            return abs(view.turn[0] - facing[0]) + 0.5 * abs(view.turn[1] - facing[1])

        return min(self.views.values(), key=distance, default=None)


def _place(head: Head) -> int:
    return int(np.searchsorted(_TURNS, turn(head)[0]))


def _quality(head: Head, shape: Array, speed: float) -> float:
    near = min(head.unit, 120.0) / 120
    return near - 8 * opening(shape) - 4 * speed - 0.5 * abs(turn(head)[1] - 0.2)


def share_of_kept_lips(own: Array, asked: Array) -> float:
    """How far the kept lips are better than those in the picture, 0 to 1: by how much the
    speaker's mouth is more open and wider than the one that is asked for."""
    more = max(0.0, opening(own) - opening(asked))
    wider = max(0.0, breadth(own) - breadth(asked))
    return min(1.0, max(0.0, (more + 0.3 * wider - _FROM) / (_FULL - _FROM)))


def lay_lips(
    mouth: Image, lips: Floats, view: ClosedLips, matrix: Floats, skin: Floats, share: float
) -> None:
    """Lay the kept lips over those in the box `mouth`, where its landmarks `lips` (POINTS) are;
    `matrix` leads from the view's pixels to the box's, `skin` is its present colour."""
    unit = float(np.hypot(*matrix[:, 0])) / PIXEL
    outline, soft = _outline(lips), max(0.8, 0.03 * unit)
    whole = around(outline, 3 * soft, 3 * soft, 3 * soft, 3 * soft)
    box = whole.clipped(Region(0, 0, mouth.shape[1], mouth.shape[0]))
    if box.width < 4 or box.height < 4:
        return
    seen = view.points @ matrix[:, :2].T + matrix[:, 2]
    away = lips[at.LIPS].mean(0) - seen.mean(0)
    taken = (seen + away).astype(np.float32)
    after = at.LIP_NODES @ lips[at.ALL_LIPS]
    fields = Fields(at.LIP_NODES @ taken, after, whole, free=True)
    weights = fields.solve_pair(at.OF_A_LIP)
    near = fields.at(whole, COARSE, weights).reshape(COARSE[1], COARSE[0], 2, 2)
    moved = matrix.copy()
    moved[:, 2] += away
    back = cv2.invertAffineTransform(moved).astype(np.float32)

    seen_then = Movable(view.image, Region(0, 0, *PATCH))

    def both(above: slice, below: slice) -> Image:
        upper, lower = (near[:, :, 0], box.rows(above)), (near[:, :, 1], box.rows(below))
        return seen_then.moved(whole, upper, lower, matrix=back)

    size = (box.height, box.width)
    inner = lips - box.corner
    laid = two_halves(both, inner, size, unit)
    light = np.minimum(np.maximum(skin / np.maximum(view.skin, 1), 0.6), 1.6)
    laid = np.asarray(cv2.multiply(laid, np.array((*light.tolist(), 0.0))), np.uint8)
    mask = filled(size, outline - box.corner, soft)
    mask = np.asarray(cv2.convertScaleAbs(mask, alpha=share), np.uint8)
    lay(mouth, box.top, box.left, laid, mask)


def _outline(lips: Floats) -> Floats:
    """Around the lips and a little skin: that covers what is left of a laughing mouth."""
    outline = np.concatenate([lips[at.UPPER_OUTER], lips[at.LOWER_OUTER][::-1]])
    middle = outline.mean(0)
    return np.asarray((outline - middle) * _WITH_SKIN + middle, np.float32)
