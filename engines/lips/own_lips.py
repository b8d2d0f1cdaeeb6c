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
from engines.lips.paste import blend, filled
from engines.lips.rest import breadth, opening
from engines.lips.warp import FINE, Fields, Region

Array = NDArray[np.float64]
Floats = NDArray[np.float32]
Image = NDArray[np.uint8]

_CLOSED = 0.07
_TURNS = (-0.15, 0.15)
# How much more open (or wider) than asked a mouth must be for the kept lips to show, and to
# show alone.
_FROM, _FULL = 0.06, 0.16

_OF_LIPS = {int(point): place for place, point in enumerate(at.LIPS)}
_UPPER_INNER = np.array([_OF_LIPS[int(point)] for point in at.UPPER_INNER])
_LOWER_INNER = np.array([_OF_LIPS[int(point)] for point in at.LOWER_INNER])
_EVERY = np.arange(len(at.LIPS))
_WITH_UPPER_EDGE = np.setdiff1d(_EVERY, _LOWER_INNER[1:-1])
_WITH_LOWER_EDGE = np.setdiff1d(_EVERY, _UPPER_INNER[1:-1])


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
    return float(np.clip((more + 0.3 * wider - _FROM) / (_FULL - _FROM), 0, 1))


def lay_lips(
    mouth: Image, lips: Floats, view: ClosedLips, matrix: Floats, skin: Floats, share: float
) -> None:
    """Lay the kept lips over those in the box `mouth`, where its landmarks `lips` (POINTS) are;
    `matrix` leads from the view's pixels to the box's, `skin` is its present colour."""
    unit = float(np.hypot(*matrix[:, 0])) / PIXEL
    box = Region(0, 0, mouth.shape[1], mouth.shape[0])
    seen = view.points @ matrix[:, :2].T + matrix[:, 2]
    target = lips[at.LIPS]
    matrix = matrix.copy()
    away = target.mean(0) - seen.mean(0)
    matrix[:, 2] += away
    fields = Fields((seen + away).astype(np.float32), target, box)
    weights = fields.solve(_WITH_UPPER_EDGE, _WITH_LOWER_EDGE)
    near = fields.over(box, FINE, weights)
    back = cv2.invertAffineTransform(matrix).astype(np.float32)
    x = np.arange(box.width, dtype=np.float32)[None, :]

    def fetch(field: Floats, rows: slice) -> Image:
        y = np.arange(rows.start, rows.stop, dtype=np.float32)[:, None]
        u, v = field[rows, :, 0] + x, field[rows, :, 1] + y
        columns = back[0, 0] * u + back[0, 1] * v + back[0, 2]
        lines = back[1, 0] * u + back[1, 1] * v + back[1, 2]
        mode = cv2.BORDER_REPLICATE
        return np.asarray(
            cv2.remap(view.image, columns, lines, cv2.INTER_LINEAR, borderMode=mode), np.uint8
        )

    size = (box.height, box.width)
    laid = two_halves(
        lambda rows: fetch(near[0], rows), lambda rows: fetch(near[1], rows), lips, size, unit
    )
    light = np.clip(skin / np.maximum(view.skin, 1), 0.6, 1.6).astype(np.float32)
    laid = np.asarray(cv2.multiply(laid, np.broadcast_to(light, laid.shape), dtype=cv2.CV_8U))
    outline = np.concatenate([lips[at.UPPER_OUTER], lips[at.LOWER_OUTER][::-1]])
    middle = outline.mean(0)
    # The skin around the kept lips covers what is left of the laughing mouth around them.
    outline = (outline - middle) * np.array([1.10, 1.45], np.float32) + middle
    mask = filled(size, outline, max(0.8, 0.03 * unit))
    mask = np.asarray(cv2.convertScaleAbs(mask, alpha=share), np.uint8)
    mouth[:] = blend(mouth, np.asarray(laid, np.uint8), mask)
