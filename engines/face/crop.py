"""The landmark network on one face: a turned square around it in, 468 points in pixels out."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.face.detector import Detection, Image
from engines.face.fine_mesh import FineMesh
from engines.face.nets import Array

_INPUT = 192
_MARGIN = 1.5
_EYES = (33, 263)


@dataclass(frozen=True, slots=True)
class Crop:
    """A square of the picture: centre and side in pixels, turned by `roll` radians."""

    x: float
    y: float
    side: float
    roll: float

    @property
    def to_image(self) -> NDArray[np.float64]:
        """Takes a point of the network's input to the picture (2 x 3)."""
        half = _INPUT / 2
        scale = self.side / _INPUT
        c, s = math.cos(self.roll) * scale, math.sin(self.roll) * scale
        return np.array(
            [[c, -s, self.x - c * half + s * half], [s, c, self.y - s * half - c * half]]
        )


def around_detection(found: Detection) -> Crop:
    return Crop(found.x, found.y, _MARGIN * found.size, found.roll)


def around_landmarks(landmarks: Array) -> Crop:
    """The square to look at in the next frame."""
    across, up = (landmarks[_EYES[1], :2] - landmarks[_EYES[0], :2]).tolist()
    roll = math.atan2(up, across)
    c, s = math.cos(roll), math.sin(roll)
    upright = np.array([[c, s], [-s, c]], np.float32) @ landmarks[:, :2].T
    (left, top), (right, bottom) = upright.min(1).tolist(), upright.max(1).tolist()
    x, y = (left + right) / 2, (top + bottom) / 2
    return Crop(c * x - s * y, s * x + c * y, _MARGIN * max(right - left, bottom - top), roll)


@dataclass(frozen=True, slots=True)
class Seen:
    """A face as the network saw it: 468 x 3 points in pixels of the picture, how surely there is
    a face (0 to 1), and the network's input with the same points in its own pixels (468 x 2)."""

    landmarks: Array
    score: float
    view: Image
    places: Array


class Landmarks:
    """468 points of the face inside a crop. One thread at a time."""

    def __init__(self) -> None:
        self._net = FineMesh()

    def find(self, image: Image, crop: Crop) -> Seen:
        to_image = crop.to_image
        view = _view(image, to_image)
        points, score = self._net(view)
        points = points.reshape(-1, 3)
        landmarks = np.empty_like(points)
        landmarks[:, :2] = cv2.transform(points[None, :, :2], to_image)[0]
        landmarks[:, 2] = points[:, 2] * (crop.side / _INPUT)
        certain = 1 / (1 + math.exp(-min(50.0, max(-50.0, float(score.reshape(-1)[0])))))
        return Seen(landmarks, certain, view, points[:, :2])


def _view(image: Image, to_image: NDArray[np.float64]) -> Image:
    pixels = to_image.copy()
    pixels[:, 2] += pixels[:, :2] @ (0.5, 0.5) - 0.5  # pixel centres, not corners
    view = cv2.warpAffine(
        image,
        pixels,
        (_INPUT, _INPUT),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(view, np.uint8)
