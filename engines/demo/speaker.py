"""A synthetic speaker: a drawn head that talks, blinks and moves a little."""

from math import sin

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.demo import head, mouth
from engines.demo.scene import draw_scene

_BLINKS = 5
_HEAD_SIZE = 0.212
"""One unit of the head as a share of the picture's height."""
Image = NDArray[np.uint8]


class DemoSpeaker:
    """Gives the picture of the speaker at any moment, with the mouth in any shape.

    Everything that does not move is drawn when it is made (about a second); a frame then takes
    a few milliseconds on one core. For one thread.
    """

    def __init__(self, size: tuple[int, int] = (1280, 720)) -> None:
        cv2.setNumThreads(1)
        width, height = size
        self.size = size
        self._unit = _HEAD_SIZE * min(height, width * 0.75)
        self._centre = (width / 2, height * 0.43)
        self._scene = draw_scene(size, self._unit, self._centre)
        levels = np.linspace(0, 1, _BLINKS)
        self._heads = [_premultiplied(one) for one in head.draw_heads(self._unit, list(levels))]
        self._jaw = _JawWarp(self._heads[0].shape[:2], self._unit)
        self._rows, self._columns, self._x, self._y = _mouth_grid(self._unit)

    def frame(self, shape: NDArray[np.float32], seconds: float) -> Image:
        """RGB, height x width x 3. `shape`: six mouth parameters in [0, 1] in the order of
        core.types.MOUTH_PARAMETERS; `seconds` moves the head and the eyelids."""
        shape = np.clip(np.asarray(shape, np.float32), 0, 1)
        face = self._heads[round(_lid(seconds) * (_BLINKS - 1))].copy()
        self._jaw.open(face, float(shape[0]))
        part = face[self._rows, self._columns]
        part[..., :3] = mouth.paint_mouth(part[..., :3], shape, self._x, self._y, self._unit)
        return self._placed(face, seconds)

    def _placed(self, face: Image, seconds: float) -> Image:
        matrix, (left, top, right, bottom) = self._pose(face, seconds)
        size = (right - left, bottom - top)
        moved = cv2.warpAffine(face, matrix, size, flags=cv2.INTER_LINEAR)
        picture = self._scene.copy()
        part = picture[top:bottom, left:right]
        through = cv2.cvtColor(255 - moved[..., 3], cv2.COLOR_GRAY2RGB)
        colour = cv2.cvtColor(moved, cv2.COLOR_RGBA2RGB)
        part[:] = cv2.add(cv2.multiply(part, through, scale=1 / 255), colour)
        return picture

    def _pose(
        self, face: Image, seconds: float
    ) -> tuple[NDArray[np.float64], tuple[int, int, int, int]]:
        """Where the head's picture goes, and the part of the frame that it can touch."""
        unit, (width, height) = self._unit, self.size
        angle = 1.6 * sin(0.9 * seconds + 0.4) + 0.7 * sin(2.3 * seconds)
        scale = 1 + 0.008 * sin(0.7 * seconds)
        x = self._centre[0] + unit * (0.035 * sin(0.63 * seconds) + 0.012 * sin(1.9 * seconds))
        y = self._centre[1] + unit * (0.02 * sin(0.8 * seconds + 1) + 0.012 * sin(2.7 * seconds))
        reach = round(unit * 2.35)
        left, top = max(0, round(x) - reach), max(0, round(y) - reach)
        right, bottom = min(width, round(x) + reach), min(height, round(y) + reach)
        neck = (-head.LEFT * unit, (1.2 - head.TOP) * unit)
        matrix = np.asarray(cv2.getRotationMatrix2D(neck, angle, scale), np.float64)
        matrix[:, 2] += np.array((x - left + head.LEFT * unit, y - top + head.TOP * unit))
        return matrix, (left, top, right, bottom)


class _JawWarp:
    """Moves chin and cheeks down with the jaw."""

    def __init__(self, shape: tuple[int, ...], unit: float) -> None:
        height, width = shape
        self._first = round((0.25 - head.TOP) * unit)
        rows = np.arange(self._first, height, dtype=np.float32)
        self._columns, self._rows = np.meshgrid(np.arange(width, dtype=np.float32), rows)
        y, x = self._rows / unit + head.TOP, self._columns / unit + head.LEFT
        down = _smooth((y - 0.3) / 0.8)
        aside = 1 - 0.55 * _smooth((np.abs(x) - 0.3) / 0.7)
        self._share = down * aside * mouth.JAW * unit

    def open(self, face: Image, jaw: float) -> None:
        if jaw > 0.004:
            rows = self._rows - jaw * self._share
            face[self._first :] = cv2.remap(face, self._columns, rows, cv2.INTER_LINEAR)


def _smooth(t: head.Plane) -> head.Plane:
    t = np.clip(t, 0, 1)
    return t * t * (3 - 2 * t)


def _premultiplied(image: Image) -> Image:
    alpha = image[..., 3:].astype(np.float32) / 255
    image[..., :3] = (image[..., :3] * alpha + 0.5).astype(np.uint8)
    return image


def _mouth_grid(unit: float) -> tuple[slice, slice, head.Plane, head.Plane]:
    columns = slice(round((mouth.LEFT - head.LEFT) * unit), round((mouth.RIGHT - head.LEFT) * unit))
    rows = slice(round((mouth.TOP - head.TOP) * unit), round((mouth.BOTTOM - head.TOP) * unit))
    x = (np.arange(columns.start, columns.stop, dtype=np.float32) + 0.5) / unit + head.LEFT
    y = (np.arange(rows.start, rows.stop, dtype=np.float32) + 0.5) / unit + head.TOP
    return rows, columns, x, y


def _lid(seconds: float) -> float:
    """How far the eyes are shut: a blink of 0.2 s about every three seconds."""
    since = (seconds + 0.9 * sin(0.37 * seconds)) % 3.3 - 1.5
    return max(0.0, 1 - abs(since) / 0.1)
