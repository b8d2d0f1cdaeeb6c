"""The demo speaker's head, drawn once: a shaded relief with eyes, brows and hair.

Units: 1.0 is about half the width of the face; x to the right, y down, the origin between the
eyes. Nobody sat for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.floating[Any]]


def vector(*values: float) -> Plane:
    """A colour (red, green, blue) or a direction."""
    return np.array(values, np.float32)


SKIN = vector(226, 172, 140)
LEFT, TOP, RIGHT, BOTTOM = -1.5, -1.75, 1.5, 1.75
"""The part of the plane that the head's picture covers."""
EYES = ((-0.4, 0.0), (0.4, 0.0))
EYE_WIDTH, EYE_HEIGHT = 0.2, 0.085
MOUTH_Y = 0.86
_FINE = 2
"""Pixels are drawn this much finer each way and then joined: soft edges."""
_LIGHT = vector(-0.42, -0.55, 0.72)

# Height and half width along the side of the face.
_SIDE_Y = vector(-1.34, -1.31, -1.2, -1, -0.7, -0.3, 0.1, 0.45, 0.75, 1, 1.2, 1.3, 1.37, 1.4)
_SIDE_X = vector(0, 0.26, 0.52, 0.75, 0.88, 0.92, 0.91, 0.86, 0.77, 0.64, 0.47, 0.36, 0.24, 0.15)


@dataclass(frozen=True)
class Sheet:
    """The plane sampled in pixels: `x` and `y` are coordinates, `unit` pixels a unit."""

    unit: float
    x: Plane
    y: Plane

    @classmethod
    def of(cls, unit: float) -> "Sheet":
        width, height = round((RIGHT - LEFT) * unit), round((BOTTOM - TOP) * unit)
        x, y = np.meshgrid(
            (np.arange(width) + 0.5) / unit + LEFT, (np.arange(height) + 0.5) / unit + TOP
        )
        return cls(unit, x.astype(np.float32), y.astype(np.float32))

    def hill(self, x: float, y: float, wide: float, high: float) -> Plane:
        """A smooth bump."""
        flat = ((self.x - x) / wide) ** 2 + ((self.y - y) / high) ** 2
        return np.exp(-0.5 * flat)

    def inside(self, distance: Plane) -> Plane:
        """1 where `distance` (units) is positive, with an edge one pixel soft."""
        return np.asarray(np.clip(distance * self.unit + 0.5, 0, 1))


def draw_heads(unit: float, blinks: Sequence[float]) -> list[NDArray[np.uint8]]:
    """RGBA, one for each closing of the eyes (0: open, 1: shut)."""
    sheet = Sheet.of(unit * _FINE)
    half = _half_width(sheet.y)
    face = sheet.inside(half - np.abs(sheet.x))
    bare = _skin(sheet, half)
    _paint_nose(sheet, bare)
    alpha = np.maximum(face, _paint_ears(sheet, bare, face))
    hair, shadow = _hair(sheet)
    bare *= (1 - 0.3 * shadow)[..., None]
    alpha = np.maximum(alpha, hair)
    strands = _strands(sheet)
    return [_finished(sheet, bare.copy(), alpha, hair, strands, blink) for blink in blinks]


def _finished(
    sheet: Sheet, colour: Plane, alpha: Plane, hair: Plane, strands: Plane, blink: float
) -> NDArray[np.uint8]:
    first, last = (round((y - TOP) * sheet.unit) for y in (-0.45, 0.25))
    band = Sheet(sheet.unit, sheet.x[first:last], sheet.y[first:last])
    for side in (-1, 1):
        _paint_eye(band, colour[first:last], side, blink)
        _paint_brow(band, colour[first:last], side)
    _blend(colour, strands, hair)
    whole = np.dstack([colour.clip(0, 255), alpha * 255]).astype(np.uint8)
    share = 1 / _FINE
    small = cv2.resize(whole, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _half_width(y: Plane) -> Plane:
    """Half of the face's width at each height."""
    ys = np.linspace(-1.34, 1.4, 400)
    rough = np.interp(ys, _SIDE_Y, _SIDE_X)
    window = np.hanning(41) / np.hanning(41).sum()
    smooth = np.convolve(np.pad(rough, 20, "edge"), window, "valid")
    ends = np.sqrt(np.clip((ys + 1.34) / 0.2, 0, 1)) * np.sqrt(np.clip((1.4 - ys) / 0.1, 0, 1))
    return np.asarray(np.interp(y, ys, smooth * ends, left=0, right=0), np.float32)


def _relief(sheet: Sheet, half: Plane) -> Plane:
    """How far each point comes towards the viewer."""
    half = np.where(sheet.y > 1.2, np.interp(sheet.y, (1.2, 1.4), (0.47, 0.42)), half)
    across = np.clip(1 - (sheet.x / np.maximum(half, 0.02)) ** 2, 0, 1)
    along = np.clip(1 - ((sheet.y - 0.05) / 1.5) ** 2, 0, 1)
    z = 0.75 * across**0.55 * along**0.5
    hill = sheet.hill
    for side in (-1, 1):
        z += 0.045 * hill(side * 0.4, -0.22, 0.26, 0.1)
        z -= 0.075 * hill(side * 0.4, -0.02, 0.2, 0.12)
        z += 0.05 * hill(side * 0.48, 0.42, 0.22, 0.2)
        z += 0.045 * hill(side * 0.13, 0.5, 0.05, 0.05)
        z -= 0.015 * hill(side * 0.42, 0.75, 0.07, 0.16)
    z += 0.11 * np.exp(-0.5 * (sheet.x / 0.075) ** 2) * _bridge(sheet.y)
    z += 0.11 * hill(0, 0.46, 0.1, 0.085)
    z -= 0.012 * hill(0, 0.68, 0.04, 0.06)
    z += 0.045 * hill(0, MOUTH_Y, 0.3, 0.13)
    z -= 0.02 * hill(0, 1.07, 0.22, 0.04)
    z += 0.05 * hill(0, 1.2, 0.2, 0.1)
    return _blurred(z, 0.022 * sheet.unit)


def _blurred(plane: Plane, x: float, y: float = 0.0) -> Plane:
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), sigmaX=x, sigmaY=y), np.float32)


def _bridge(y: Plane) -> Plane:
    """The ridge of the nose rises towards its tip and ends below it."""
    end = 1 + np.exp(np.clip((y - 0.53) / 0.022, -50, 50))
    return np.asarray(np.clip((y + 0.25) / 0.7, 0, 1) / end)


def _skin(sheet: Sheet, half: Plane) -> Plane:
    z = _relief(sheet, half) * sheet.unit
    down, right = np.gradient(z)
    normal = np.dstack([-right, -down, np.ones_like(z)])
    normal /= np.linalg.norm(normal, axis=2, keepdims=True)
    light = _LIGHT / np.linalg.norm(_LIGHT)
    key = np.clip(normal @ light, 0, 1)
    fill = np.clip(normal @ vector(0.8, 0.1, 0.6), 0, 1)
    shade = 0.5 + 0.42 * key + 0.18 * fill
    shine = np.clip(normal @ vector(-0.25, -0.33, 0.91), 0, 1) ** 40 * 22
    albedo = SKIN + np.zeros((*z.shape, 3), np.float32)
    blush = sheet.hill(-0.5, 0.42, 0.2, 0.15) + sheet.hill(0.5, 0.42, 0.2, 0.15)
    blush += 0.7 * sheet.hill(0, 0.46, 0.12, 0.1)
    albedo += blush[..., None] * vector(6, -9, -7)
    # Light that goes through skin comes back red where the shade begins.
    warm = vector(1.0, 0.0, -0.2) * (14 * np.exp(-((shade - 0.7) ** 2) / 0.02))[..., None]
    return np.asarray(albedo * shade[..., None] + warm + shine[..., None])


def _blend(colour: Plane, paint: object, amount: Plane) -> None:
    colour += (np.asarray(paint, np.float32) - colour) * amount[..., None]


def _lids(x: Plane, blink: float) -> tuple[Plane, Plane]:
    """Height of the upper and lower lid above the eye's middle line, along the eye (-1..1)."""
    arch = np.sqrt(np.clip(1 - x**2, 0, 1))
    upper = -EYE_HEIGHT * 0.98 * arch**0.9
    lower = EYE_HEIGHT * 0.62 * arch
    shut = lower * 0.75
    return upper + (shut - upper) * np.float32(blink), lower


def _paint_eye(sheet: Sheet, colour: Plane, side: int, blink: float) -> None:
    x = (sheet.x - side * 0.4) / EYE_WIDTH
    y = sheet.y + side * (sheet.x - side * 0.4) * 0.06
    within = (np.abs(x) < 1).astype(np.float32)
    upper, lower = _lids(x, blink)
    opened = sheet.inside(y - upper) * sheet.inside(lower - y) * within
    shade = 1 - 0.4 * np.exp(-((y - upper) / 0.03).clip(0, 9))
    ball = (vector(236, 232, 228) * (1 - 0.16 * x[..., None] ** 2)) * shade[..., None]
    white = colour + (ball - colour) * opened[..., None]
    colour[:] = white
    far = np.hypot(sheet.x - side * 0.392, y + 0.02)
    _paint_iris(sheet, colour, far, opened, y)
    glint = np.hypot(sheet.x - side * 0.4 + 0.03, y + 0.045)
    _blend(colour, (255, 255, 255), sheet.inside(0.016 - glint) * opened * 0.95)
    _paint_lashes(sheet, colour, x, y, (upper, lower), blink)


def _paint_iris(sheet: Sheet, colour: Plane, far: Plane, opened: Plane, y: Plane) -> None:
    _blend(colour, (52, 36, 28), sheet.inside(0.092 - far) * opened)
    ring = np.clip(far / 0.092, 0, 1)
    tint = (
        vector(112, 76, 46)
        + vector(50, 36, 18) * ((1 - ring) * np.clip(0.6 + y / 0.1, 0, 1.4))[..., None]
    )
    _blend(colour, tint, sheet.inside(0.081 - far) * opened)
    _blend(colour, (14, 10, 9), sheet.inside(0.037 - far) * opened)


def _paint_lashes(
    sheet: Sheet, colour: Plane, x: Plane, y: Plane, lids: tuple[Plane, Plane], blink: float
) -> None:
    upper, lower = lids
    along = np.clip(1.06 - np.abs(x), 0, 1) ** 0.3 * (np.abs(x) < 1.06)
    line = np.exp(-(((y - upper + 0.006) / 0.013) ** 2)) * along
    _blend(colour, (46, 28, 22), 0.92 * line)
    _blend(colour, (150, 92, 74), 0.5 * np.exp(-(((y - lower) / 0.008) ** 2)) * along)
    crease = upper - 0.05 * (1 - 0.6 * blink)
    _blend(colour, (150, 96, 74), 0.45 * np.exp(-(((y - crease) / 0.012) ** 2)) * along)


def _paint_brow(sheet: Sheet, colour: Plane, side: int) -> None:
    x = side * sheet.x
    along = np.clip((x - 0.15) / 0.55, 0, 1)
    middle = -0.285 - 0.05 * np.sin(along * 2.3 + 0.3) + 0.03 * along**2
    thick = 0.034 * np.clip((x - 0.13) / 0.12, 0, 1) ** 0.6
    thick *= np.clip((0.68 - x) / 0.42, 0, 1) ** 0.7
    rng = np.random.default_rng(7)
    hair = _blurred(rng.random(x.shape, np.float32), 0.006 * sheet.unit)
    hair = (hair - hair.mean()) / hair.std() * 0.12
    body = np.clip((thick - np.abs(sheet.y - middle)) / 0.014 + 0.5 + hair, 0, 1)
    _blend(colour, (70, 44, 32), 0.85 * body * (thick > 0))


def _paint_nose(sheet: Sheet, colour: Plane) -> None:
    for side in (-1, 1):
        hole = sheet.hill(side * 0.075, 0.555, 0.036, 0.017)
        _blend(colour, (112, 58, 48), 0.75 * np.clip(hole * 1.3, 0, 1))
        wing = sheet.hill(side * 0.185, 0.5, 0.018, 0.05)
        _blend(colour, (160, 98, 76), 0.4 * wing)
    _blend(colour, (170, 108, 84), 0.45 * sheet.hill(0, 0.59, 0.12, 0.02))


def _paint_ears(sheet: Sheet, colour: Plane, face: Plane) -> Plane:
    ears = np.zeros_like(face)
    for side in (-1, 1):
        far = np.hypot((sheet.x - side * 0.94) / 0.12, (sheet.y - 0.12) / 0.26)
        ear = sheet.inside((1 - far) * 0.1) * (1 - face)
        tone = SKIN * 0.74 - vector(0, 10, 8)
        _blend(colour, tone, ear)
        inner = sheet.hill(side * 0.97, 0.1, 0.035, 0.12) * ear
        _blend(colour, (150, 88, 70), 0.6 * inner)
        ears = np.maximum(ears, ear)
    return ears


def _hair(sheet: Sheet) -> tuple[Plane, Plane]:
    """Where there is hair, and how much shadow it throws on the skin."""
    x, y = sheet.x, sheet.y
    cap = 1 - np.hypot(x / 1.05, (y + 0.34) / 1.2)
    window = 1 - (np.abs(x / 0.9) ** 2.6 + np.abs((y - 0.45) / 1.23) ** 2.6)
    parting = y + 0.76 - 0.42 * np.clip(x + 0.35, 0, 2) ** 1.6 + 1.5 * np.clip(-x - 0.35, 0, 2) ** 2
    ends = 0.16 + 0.1 * np.abs(x) - y
    fringe = np.minimum(window, parting)
    hair = sheet.inside(np.minimum(np.minimum(cap, ends), -fringe))
    return hair, np.exp(-np.clip(fringe, 0, 1) / 0.05) * (1 - hair)


def _strands(sheet: Sheet) -> Plane:
    """Brown hair combed from the parting outwards, with a band of light."""
    x, y = sheet.x, sheet.y
    noise = np.random.default_rng(3).standard_normal((400, 400)).astype(np.float32)
    noise = _blurred(noise, 1.6, 14)
    angle = np.arctan2(x + 0.35, y + 2.2) * 400
    far = np.hypot(x + 0.35, y + 2.2) * 120
    at = ((angle % 399).astype(np.float32), (far % 399).astype(np.float32))
    strand = np.asarray(cv2.remap(noise, *at, cv2.INTER_LINEAR), np.float32)
    strand /= strand.std()
    light = np.exp(-(((np.hypot(x + 0.25, y + 0.45) - 0.72) / 0.14) ** 2))
    depth = 1 - 0.35 * np.clip(np.abs(x) - 0.55, 0, 1) - 0.25 * np.clip(y + 0.2, 0, 1)
    tone = vector(66, 43, 33) * (depth * (1 + 0.13 * strand))[..., None]
    return np.asarray(tone + vector(50, 37, 28) * (light * (0.8 + 0.2 * strand))[..., None])
