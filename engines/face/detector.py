"""Finding faces: MediaPipe's short-range BlazeFace on the whole picture or on a square of it."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.face.nets import DETECTOR, Array, Net

_INPUT = 128
_STRIDES = ((8, 2), (16, 6))
_OVERLAP = 0.3
_SAMPLES = 3

Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Square:
    """A part of the picture to search: its centre and side in pixels; it may reach outside."""

    x: float
    y: float
    side: float


@dataclass(frozen=True, slots=True)
class Detection:
    """A face found: centre, width and height, and roll in radians, from `score` 0.5 to 1."""

    x: float
    y: float
    width: float
    height: float
    roll: float
    score: float

    @property
    def size(self) -> float:
        return max(self.width, self.height)

    def distance(self, x: float, y: float) -> float:
        return float(np.hypot(self.x - x, self.y - y))


class Detector:
    """Faces in a picture, most certain first. One thread at a time."""

    def __init__(self, *, least: float = 0.5) -> None:
        self._net = Net(DETECTOR, offset=127.5, scale=127.5)
        self._anchors = _anchors()
        self._least = least

    def detect(self, image: Image, square: Square) -> list[Detection]:
        corner = np.array([square.x - square.side / 2, square.y - square.side / 2])
        small = _view(image, square)
        regressors, scores = self._net(small)
        certain = (1 / (1 + np.exp(-np.clip(scores.reshape(-1), -50, 50)))).astype(np.float32)
        keep = certain >= self._least
        boxes: Array = regressors.reshape(-1, 16)[keep] / np.float32(_INPUT)
        boxes[:, 0:2] += self._anchors[keep]
        boxes[:, 4:] += np.tile(self._anchors[keep], 6)
        boxes *= np.float32(square.side)
        return [_detection(box, score, corner) for box, score in _merged(boxes, certain[keep])]


def squares(width: int, height: int) -> list[Square]:
    """What to search in turn: the whole picture, then squares of its short side, in which a
    small face is larger."""
    long, short = max(width, height), min(width, height)
    found = [Square(width / 2, height / 2, long)]
    if long > 1.2 * short:
        for part in (0.5, 0.0, 1.0):
            at = short / 2 + part * (long - short)
            found.append(
                Square(at, height / 2, short) if width > height else Square(width / 2, at, short)
            )
    return found


def _view(image: Image, square: Square) -> Image:
    """The square as the network wants it, black where it reaches outside of the picture."""
    scale = _INPUT / square.side
    height, width = image.shape[:2]
    left, top = square.x - square.side / 2, square.y - square.side / 2
    x0, x1 = max(0, int(left)), min(width, int(left + square.side))
    y0, y1 = max(0, int(top)), min(height, int(top + square.side))
    view = np.zeros((_INPUT, _INPUT, 3), np.uint8)
    at_x, at_y = round((x0 - left) * scale), round((y0 - top) * scale)
    w = min(_INPUT - at_x, max(1, round((x1 - x0) * scale)))
    h = min(_INPUT - at_y, max(1, round((y1 - y0) * scale)))
    part: NDArray[Any] = image[y0:y1, x0:x1]
    if scale < 1 / _SAMPLES:
        # Single pixels are all noise, all pixels cost time: average three by three of them.
        part = cv2.resize(part, (w * _SAMPLES, h * _SAMPLES), interpolation=cv2.INTER_NEAREST)
    view[at_y : at_y + h, at_x : at_x + w] = cv2.resize(part, (w, h), interpolation=cv2.INTER_AREA)
    return view


def _anchors() -> Array:
    """Centres of the 896 places the network answers for, in parts of its input."""
    grids = []
    for stride, each in _STRIDES:
        side = _INPUT // stride
        centres = (np.arange(side) + 0.5) / side
        y, x = np.meshgrid(centres, centres, indexing="ij")
        grids.append(np.repeat(np.stack([x, y], -1).reshape(-1, 2), each, 0))
    return np.concatenate(grids).astype(np.float32)


def _merged(boxes: Array, scores: Array) -> list[tuple[Array, float]]:
    """One box a face: the mean, by score, of all that overlap the best one."""
    found = []
    while len(boxes):
        best = int(np.argmax(scores))
        near = _overlap(boxes, boxes[best]) > _OVERLAP
        near[best] = True
        mean = np.average(boxes[near], 0, scores[near]).astype(np.float32)
        found.append((mean, float(scores[best])))
        boxes, scores = boxes[~near], scores[~near]
    return found


def _overlap(boxes: Array, one: Array) -> Array:
    """Intersection over union of each box with one."""
    low = np.maximum(boxes[:, :2] - boxes[:, 2:4] / 2, one[:2] - one[2:4] / 2)
    high = np.minimum(boxes[:, :2] + boxes[:, 2:4] / 2, one[:2] + one[2:4] / 2)
    common = np.prod(np.clip(high - low, 0, None), 1)
    area = np.prod(boxes[:, 2:4], 1) + np.prod(one[2:4]) - common
    return np.asarray(common / np.maximum(area, 1e-9), np.float32)


def _detection(box: Array, score: float, corner: Array) -> Detection:
    eyes = box[4:8].reshape(2, 2)
    across = eyes[1] - eyes[0]
    x, y = box[:2] + corner
    roll = float(np.arctan2(across[1], across[0]))
    return Detection(float(x), float(y), float(box[2]), float(box[3]), roll, score)
