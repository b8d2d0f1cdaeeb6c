"""The last touch on a drawn face, frame by frame."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from core.head import FACE_HEIGHT, fit_head
from core.types import Face, Frame
from engines.expression.match import STEP, Light, Patch, Sharpness
from engines.expression.wishes import open_eyes, smile
from engines.lips.paste import lay, lay_sharper
from engines.lips.warp import Region, around

Floats = NDArray[np.float32]
Image = NDArray[np.uint8]

_SMALLEST, _LARGE = 14.0, 50.0
"""Distances of the eyes, in pixels: what can be used, and from where on masks are made small."""
_FRACTION = 4
"""Binary digits after the point in the corners of a polygon."""

# Around the mouth, from the wings of the nose over the cheeks and along the jaw.
_OUTLINE = [98, 205, 207, 214, 210, 211, 32, 208, 199, 428, 262, 431, 430, 434, 427, 425, 327]
_LIPS = [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146]


@dataclass(frozen=True, slots=True)
class Looks:
    """What is done to the face. The first three make a drawn mouth fit its surroundings; the
    others are wishes, 0 to 1."""

    relight: bool = True
    colour: bool = True
    sharpness: bool = True
    smile: float = 0.0
    brow: float = 0.0
    eyes: float = 0.0

    def __post_init__(self) -> None:
        for name in ("smile", "brow", "eyes"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} must be between 0 and 1, not {getattr(self, name)}.")


class Expression:
    """Used by one thread. `looks` may be replaced at any time; it counts from the next frame."""

    def __init__(self, looks: Looks | None = None) -> None:
        cv2.setNumThreads(1)
        self.looks = looks or Looks()
        self._light, self._sharpness = Light(), Sharpness()

    def apply(self, camera: Frame, drawn: Frame, face: Face, *, own: bool = False) -> Frame:
        """`drawn` is what became of the frame `camera`; the result is the frame to show. Where
        the face cannot be used, `drawn` itself. Pixels away from the mouth change only through
        the wishes for brows and eyes, and then only around those. With `own` nobody else holds
        the drawn picture, and it may be written into."""
        if not _usable(camera, drawn, face):
            return drawn
        unit = float(face.pose[5]) / FACE_HEIGHT
        if not _SMALLEST <= unit < 1e4:
            return drawn
        image = drawn.image
        if drawn.image is not camera.image:
            image = self._match(camera.image, image, face.landmarks, unit, own)
        image = self._wish(image, face.landmarks)
        return drawn if image is drawn.image else replace(drawn, image=image)

    def _match(
        self, camera: Image, drawn: Image, landmarks: Floats, unit: float, own: bool
    ) -> Image:
        looks = self.looks
        if not (looks.relight or looks.colour or looks.sharpness):
            return drawn
        points = landmarks[_OUTLINE, :2]
        margin = 0.08 * unit
        region = _in_steps(around(points, margin, margin, margin, margin), drawn.shape)
        if region.width < 16 or region.height < 16:
            return drawn
        compared = self._light.due or self._sharpness.due
        patch = _patch(camera, drawn, landmarks[:, :2], region, unit, compared)
        part, lacking = patch.drawn, 0.0
        if looks.relight or looks.colour:
            part = self._light.match(patch, light=looks.relight, colour=looks.colour)
        if looks.sharpness:
            lacking = self._sharpness.lacking(replace(patch, drawn=part))
        if part is patch.drawn and not lacking:
            return drawn
        image = drawn if own else drawn.copy()
        corner = region.top, region.left
        if lacking:
            lay_sharper(image, *corner, part, patch.mask, lacking)
        else:
            lay(image, *corner, part, patch.mask)
        return image

    def _wish(self, image: Image, landmarks: Floats) -> Image:
        looks = self.looks
        if not max(looks.smile, looks.brow, looks.eyes) > 0:
            return image
        head = fit_head(landmarks)
        if looks.smile > 0:
            image = smile(image, landmarks, head, looks.smile)
        if looks.brow > 0 or looks.eyes > 0:
            image = open_eyes(image, landmarks, head, brow=looks.brow, eyes=looks.eyes)
        return image


def _usable(camera: Frame, drawn: Frame, face: Face) -> bool:
    return (
        face.landmarks.shape == (468, 3)
        and float(np.abs(face.landmarks).max()) < 1e5  # nor is it not a number
        and camera.image.shape == drawn.image.shape
        and drawn.image.ndim == 3
        and drawn.image.shape[2] == 3
    )


def _in_steps(region: Region, shape: tuple[int, ...]) -> Region:
    """The region inside of the picture, its sides multiples of STEP: then averaging is cheap."""
    wide, high = (-(-side // STEP) * STEP for side in (region.width, region.height))
    whole = Region(region.left, region.top, region.left + wide, region.top + high)
    seen = whole.clipped(Region(0, 0, shape[1], shape[0]))
    right, bottom = seen.right - seen.width % STEP, seen.bottom - seen.height % STEP
    return Region(seen.left, seen.top, right, bottom)


def _patch(
    camera: Image, drawn: Image, points: Floats, region: Region, unit: float, compared: bool
) -> Patch:
    place = (slice(region.top, region.bottom), slice(region.left, region.right))
    scale = 4 if unit > _LARGE else 1
    size = (region.height // scale, region.width // scale)
    outline = np.zeros(size, np.uint8)
    cv2.fillPoly(outline, [_corners(points, _OUTLINE, region, scale)], 255, shift=_FRACTION)
    soft = cv2.GaussianBlur(outline, (0, 0), max(1.0, 0.03 * unit) / scale)
    mask: Image = np.asarray(cv2.resize(soft, (region.width, region.height)), np.uint8)
    # The rim of the region stays as it is, however far the blur reaches.
    mask[[0, -1]] = mask[:, [0, -1]] = 0
    skin = _without_lips(outline, points, region, scale, unit) if compared else outline[:0]
    return Patch(drawn[place], camera[place], mask, skin)


def _without_lips(outline: Image, points: Floats, region: Region, scale: int, unit: float) -> Image:
    lips = [_corners(points, _LIPS, region, scale)]
    cv2.fillPoly(outline, lips, 0, shift=_FRACTION)
    around_lips = max(1, round(0.16 * unit / scale))
    cv2.polylines(outline, lips, True, 0, around_lips, shift=_FRACTION)
    return outline


def _corners(points: Floats, index: list[int], region: Region, scale: int) -> NDArray[np.int32]:
    corners = (points[index] - region.corner) * np.float32((1 << _FRACTION) / scale)
    return np.asarray(np.rint(corners), np.int32)
