"""Make a drawn mouth region look as if the camera had seen it: light, colour, sharpness.

Everything is compared on skin around the mouth, where the drawn picture and the camera's show
the same thing, and to be applied through a soft mask; where that is 0 no pixel changes.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Image = NDArray[np.uint8]

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
STEP = 8
"""Light is compared on a picture this much smaller."""
_UNSEEN = 0.02
"""A smaller difference is nobody's to see, and comes from skin that has moved."""
_MOST = 1.35
"""More than this factor is no difference in light but another thing in the picture."""


@dataclass(frozen=True, slots=True)
class Patch:
    """One region: as drawn, as the camera saw it; `mask` is where the drawing may change (0 to
    255), `skin` where both show skin (0 or 255); that one may be smaller than the others, and
    empty where nothing is compared."""

    drawn: Image
    camera: Image
    mask: Image
    skin: Image


class Light:
    """Gives a drawn region the camera's light (brightness, slowly varying over the region) and
    colour (the mean of each channel), without regard to the mask."""

    _EVERY = 3

    def __init__(self) -> None:
        self._more: Floats | None = None
        self._frames = 0

    @property
    def due(self) -> bool:
        """Whether the next patch is compared, and has to have its skin."""
        return self._frames % self._EVERY == 0

    def match(self, patch: Patch, *, light: bool, colour: bool) -> Image:
        if self.due:
            more = _correction(patch, light=light, colour=colour)
            self._more = more if more is not None and more.any() else None
        self._frames += 1
        return patch.drawn if self._more is None else _brighter(patch.drawn, self._more)


def _correction(patch: Patch, *, light: bool, colour: bool) -> Floats | None:
    """By what part of itself each place of the region and each channel should be brighter."""
    size = (max(2, patch.drawn.shape[1] // STEP), max(2, patch.drawn.shape[0] // STEP))
    weight = np.asarray(cv2.resize(patch.skin, size, interpolation=cv2.INTER_AREA), np.float32)
    if weight.sum() < 255 * 4:
        return None
    drawn, camera = (_small(picture, size, weight) for picture in (patch.drawn, patch.camera))
    gain = np.ones((size[1], size[0], 3), np.float32)
    if light:
        gain *= _smooth_ratio(camera @ _LUMA, drawn @ _LUMA, weight)[..., None]
    if colour:
        totals = camera.sum((0, 1)), (drawn * gain).sum((0, 1))
        cast = totals[0] / np.maximum(totals[1], 1)
        # What is left after the light is the cast alone.
        gain *= cast if not light else cast / float(cast @ _LUMA)
    more = np.minimum(np.maximum(gain, 1 / _MOST), _MOST) - 1
    more = np.sign(more) * np.maximum(np.abs(more) - _UNSEEN, 0)
    return _not_beyond(more, camera, drawn, weight)


def _small(picture: Image, size: tuple[int, int], weight: Floats) -> Floats:
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.asarray(small * weight[..., None], np.float32)


def _smooth_ratio(above: Floats, below: Floats, weight: Floats) -> Floats:
    """above / below, smooth, and carried on into where there is no skin."""
    blur = max(1.0, above.shape[1] / 6)
    floor = 0.05 * float(below.sum()) / max(1.0, float(weight.sum())) * 255
    mean = float(above.sum() + floor) / float(below.sum() + floor)
    soft = [np.asarray(cv2.GaussianBlur(part, (0, 0), blur)) for part in (above, below)]
    return np.asarray((soft[0] + floor * mean) / (soft[1] + floor), np.float32)


def _not_beyond(more: Floats, camera: Floats, drawn: Floats, weight: Floats) -> Floats:
    """Where skin is seen, no correction goes past what the camera saw there: at the rim of a
    drawing, which fades into the camera's picture, there is little left to correct."""
    local = (camera + weight[..., None]) / (drawn + weight[..., None] + 1e-3) - 1
    limit = np.where(local * more > 0, np.abs(local), 0)
    limit[weight < 64] = np.inf
    return np.asarray(np.sign(more) * np.minimum(np.abs(more), limit), np.float32)


def _brighter(picture: Image, more: Floats) -> Image:
    shape = (picture.shape[1], picture.shape[0])
    factor = cv2.resize((more + 1).astype(np.float32), shape)
    return np.asarray(cv2.multiply(picture, factor, dtype=cv2.CV_8U), np.uint8)


class Sharpness:
    """By how much a drawn region has to be made sharper to be as sharp as the camera's, steadily
    over frames and without regard to the mask."""

    _STEADY = 0.75
    _EVERY = 8
    _LEAST, _MOST = 0.03, 1.0

    def __init__(self) -> None:
        self._amount = 0.0
        self._frames = 0

    @property
    def due(self) -> bool:
        """As of Light."""
        return self._frames % self._EVERY == 0

    def lacking(self, patch: Patch) -> float:
        """In parts of the region's fine structure; 0 when nobody would see it."""
        if self.due:
            self._look(patch)
        self._frames += 1
        return self._amount if self._amount >= self._LEAST else 0.0

    def _look(self, patch: Patch) -> None:
        goal = _detail(patch.camera, patch.skin) / max(0.5, _detail(patch.drawn, patch.skin)) - 1
        self._amount += self._STEADY * (float(np.clip(goal, 0, self._MOST)) - self._amount)


def _detail(picture: Image, skin: Image) -> float:
    """How much fine structure there is: the spread of the Laplacian on skin."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    fine = cv2.Laplacian(grey, cv2.CV_16S)
    if skin.shape != grey.shape:
        size = (grey.shape[1], grey.shape[0])
        skin = np.asarray(cv2.resize(skin, size, interpolation=cv2.INTER_NEAREST), np.uint8)
    _, spread = cv2.meanStdDev(fine, mask=skin)
    return float(spread.item())
