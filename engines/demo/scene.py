"""What stands still behind the demo speaker's head: room, neck and shoulders."""

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.demo.head import SKIN, Plane, vector

_JUMPER = vector(62, 92, 112)


def draw_scene(
    size: tuple[int, int], unit: float, centre: tuple[float, float]
) -> NDArray[np.uint8]:
    """RGB. `unit` and `centre` (pixels) say where the head will be."""
    width, height = size
    columns, rows = np.meshgrid(np.arange(width), np.arange(height))
    x = ((columns - centre[0]) / unit).astype(np.float32)
    y = ((rows - centre[1]) / unit).astype(np.float32)
    picture = _room(x, y, unit)
    _paint_body(picture, x, y, unit)
    return picture.clip(0, 255).astype(np.uint8)


def _room(x: Plane, y: Plane, unit: float) -> Plane:
    """A wall with a window's light on it and shelves out of focus."""
    light = np.exp(-((x + 2.6) ** 2 / 6 + (y + 0.9) ** 2 / 4))
    picture = vector(142, 150, 152) + vector(70, 64, 50) * light[..., None]
    rng = np.random.default_rng(11)
    for shelf in (-1.1, 0.1, 1.3):
        at = 1.7
        while at < 4.2:
            wide, tall = rng.uniform(0.1, 0.22), rng.uniform(0.55, 0.85)
            book = (x > at) & (x < at + wide) & (y < shelf) & (y > shelf - tall)
            picture[book] = rng.uniform(90, 150) + rng.uniform(-28, 28, 3)
            at += wide + rng.uniform(0, 0.05)
        picture[(x > 1.6) & (np.abs(y - shelf - 0.04) < 0.04)] = (112, 92, 74)
    small = cv2.resize(picture, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), 0.13 * unit / 8)
    size = (picture.shape[1], picture.shape[0])
    return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_CUBIC), np.float32)


def _paint_body(picture: Plane, x: Plane, y: Plane, unit: float) -> None:
    def inside(distance: Plane) -> Plane:
        return np.asarray(np.clip(distance * unit + 0.5, 0, 1)[..., None])

    light = (0.92 - 0.2 * np.clip(x, -1, 1))[..., None]
    neck = inside(0.5 + 0.25 * np.clip(y - 1.35, 0, 1) ** 2 - np.abs(x)) * (y > 0.5)[..., None]
    under = 1 - 0.42 * np.exp(-np.clip(y - 1.15, 0, 9) / 0.32)[..., None]
    round_neck = (1 - 0.45 * np.clip(np.abs(x) / 0.55, 0, 1) ** 2)[..., None]
    picture += (SKIN * 0.92 * light * under * round_neck - picture) * neck
    slope = 1.62 + 0.62 * np.clip((np.abs(x) - 0.42) / 1.4, 0, 2) ** 1.2
    slope = slope + np.clip(np.abs(x) - 1.7, 0, 9) ** 2 * 1.2
    neckline = 1.95 - 0.95 * np.clip(np.abs(x) / 0.56, 0, 1) ** 2.2 * 0.42
    body = np.minimum(y - slope, np.where(np.abs(x) < 0.56, y - neckline, 9))
    folds = 1 + 0.06 * np.sin(x * 5 + 1.2 * np.sin(y * 3)) * np.clip((y - 1.9), 0, 1)
    cloth = _JUMPER * light * (folds * (1 - 0.18 * np.clip(np.abs(x) - 0.9, 0, 1)))[..., None]
    collar = np.exp(-((body / 0.045) ** 2))[..., None] * (np.abs(x) < 0.6)[..., None]
    picture += (cloth * (1 - 0.28 * collar) - picture) * inside(body.astype(np.float32))
