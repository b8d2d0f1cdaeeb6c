"""A film of one still portrait, moved in a known way under a noisy sensor: where each point of
the face really is can be told for every moment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.types import Frame

WIDTH, HEIGHT = 1280, 720
_SCALE = 2.2
_FACE = (224.0, 115.0)  # in the portrait, before scaling
_NOISE = 6.0

Matrix = NDArray[np.float64]
Motion = Callable[[float], Matrix]


def still(_seconds: float) -> Matrix:
    return _place(0.0, 0.0, 0.0, 1.0, 1.0)


def moving(seconds: float) -> Matrix:
    """Swaying, nodding, tilting, turning (narrower), coming nearer, none in step."""

    def swing(hertz: float) -> float:
        return float(np.sin(2 * np.pi * hertz * seconds))

    turn = np.cos(np.radians(18 * swing(0.31)))
    return _place(
        60 * swing(0.37) + 12 * swing(1.1),
        25 * swing(0.53),
        np.radians(6 * swing(0.29)),
        1 + 0.04 * swing(0.23),
        float(turn),
    )


def _place(right: float, down: float, roll: float, size: float, narrow: float) -> Matrix:
    """From the portrait to the picture (2 x 3)."""
    c, s = np.cos(roll) * _SCALE * size, np.sin(roll) * _SCALE * size
    turn = np.array([[c * narrow, -s], [s * narrow, c]])
    centre = np.array([WIDTH / 2 + right, HEIGHT / 2 + down]) - turn @ _FACE
    return np.column_stack([turn, centre])


@dataclass(frozen=True)
class Film:
    """Frames at 30 a second. `true` maps points seen in the still picture to any moment."""

    portrait: NDArray[np.uint8]
    motion: Motion
    seconds: float
    noise: float = _NOISE

    @property
    def times(self) -> NDArray[np.float64]:
        return np.arange(round(self.seconds * 30)) / 30

    def frames(self) -> Iterator[Frame]:
        grain = _Grain(self.noise)
        for number, pts in enumerate(self.times.tolist()):
            picture = cv2.warpAffine(
                self.portrait, self.motion(pts), (WIDTH, HEIGHT), borderValue=(90, 90, 90)
            )
            yield Frame(grain.over(np.asarray(picture, np.uint8)), pts, number)

    def true(self, points: NDArray[np.floating], seconds: float) -> Matrix:
        """Where points (n x 2) of the unmoved picture are at a moment."""
        back = cv2.invertAffineTransform(still(0.0))
        portrait = points @ back[:, :2].T + back[:, 2]
        there = self.motion(seconds)
        return np.asarray(portrait @ there[:, :2].T + there[:, 2], np.float64)


class _Grain:
    """Sensor noise: a large sheet of it, laid on each picture at another place."""

    def __init__(self, sigma: float) -> None:
        self._random = np.random.default_rng(7)
        shape = (HEIGHT + 128, WIDTH + 128, 3)
        self._sheet = np.round(sigma * self._random.standard_normal(shape)).astype(np.int16)

    def over(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        y, x = self._random.integers(0, 128, 2)
        noisy = picture + self._sheet[y : y + HEIGHT, x : x + WIDTH]
        return np.asarray(np.clip(noisy, 0, 255), np.uint8)
