"""The badge that says that the picture is translated, and the indicator of who has the floor."""

from functools import lru_cache
from math import ceil

import numpy as np
from PIL import Image, ImageDraw

from core.captions.floor import Floor
from engines.overlay.lettering import Lettering, Mask
from engines.overlay.phrases import Phrases
from engines.overlay.plate import Plate, plate

GROUND = 140
INK = (245, 245, 245)
_FINE = 8
"""Drawn this much larger and reduced, for smooth edges."""
_STEPS = 48
_LONGEST = 99


class Marks:
    """Pills in a corner: `right` and `top` of the first one, the second below it (above it when
    `up`). For one thread; a pill is drawn anew only when it says something else."""

    def __init__(
        self, lettering: Lettering, phrases: Phrases, right: int, top: int, room: int, *, up: bool
    ) -> None:
        """`room`: how wide a pill may be; where the words do not fit, the sign stands alone."""
        self._lettering = lettering
        self._phrases = phrases
        self._right, self._top, self._room = right, top, room
        self._up = up
        self._height = pill_height(lettering.height)
        self.badge = lru_cache(maxsize=1)(self._badge)
        self._floor_pill = lru_cache(maxsize=2)(self._floor)

    def floor(self, floor: Floor, *, below: bool) -> Plate:
        """`below`: another pill stands in the corner itself."""
        left = None if floor.left is None else min(_LONGEST, max(0, ceil(floor.left)))
        return self._floor_pill(left, round(floor.share * _STEPS), below)

    def _badge(self) -> Plate:
        return self._pill(_bubble(self._sign), self._phrases.badge, self._phrases.badge, 0)

    def _floor(self, left: int | None, steps: int, below: bool) -> Plate:
        longest = self._phrases.left.format("0" if left is None or left < 10 else "00")
        said = self._phrases.coming if left is None else self._phrases.left.format(left)
        return self._pill(_ring(self._sign, steps / _STEPS), said, longest, int(below))

    @property
    def _sign(self) -> int:
        return max(6, round(self._height * 0.66))

    def _pill(self, sign: Mask, text: str, longest: str, place: int) -> Plate:
        """As wide as the longest text needs, so that it does not twitch with every figure."""
        gap = (self._height - self._sign) // 2
        wide = self._height + ceil(max(map(self._lettering.width, (text, longest)))) + 3 * gap
        if wide > self._room:
            text, wide = "", self._height
        ink = np.zeros((self._height, wide), np.uint8)
        ink[gap : gap + self._sign, gap : gap + self._sign] = sign
        if text:
            self._write(ink, text, self._height + gap // 2)
        step = round(self._height * 1.25) * (-place if self._up else place)
        ground = _rounded(wide, self._height, GROUND)
        return plate(self._right - wide, self._top + step, ink, INK, ground)

    def _write(self, ink: Mask, text: str, at: int) -> None:
        drawn, before = self._lettering.drawn(text)
        start = at - before
        top = (self._height - drawn.shape[0]) // 2
        right = min(ink.shape[1], start + drawn.shape[1])
        part = ink[top : top + drawn.shape[0], max(0, start) : right]
        np.maximum(part, drawn[:, max(0, -start) : right - start], out=part)


def pill_height(line: int) -> int:
    return round(line * 1.15)


def _canvas(width: int, height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("L", (width * _FINE, height * _FINE))
    return image, ImageDraw.Draw(image)


def _reduced(image: Image.Image) -> Mask:
    return np.asarray(image.reduce(_FINE))


def _rounded(width: int, height: int, level: int) -> Mask:
    image, draw = _canvas(width, height)
    draw.rounded_rectangle((0, 0, image.width - 1, image.height - 1), image.height // 2, level)
    return _reduced(image)


def _bubble(size: int) -> Mask:
    """A speech bubble with an arrow there and one back."""
    image, draw = _canvas(size, size)
    unit = size * _FINE / 24

    def at(*points: float) -> list[float]:
        return [point * unit for point in points]

    draw.rounded_rectangle(at(1, 2, 23, 18.5), 4.5 * unit, 255)
    draw.polygon(at(5, 17, 5, 23.5, 12, 17), 255)
    draw.rectangle(at(5, 6.7, 15, 8.7), 0)
    draw.polygon(at(14, 4.2, 19.5, 7.7, 14, 11.2), 0)
    draw.rectangle(at(9, 11.9, 19, 13.9), 0)
    draw.polygon(at(10, 9.6, 4.5, 12.9, 10, 16.3), 0)
    return _reduced(image)


def _ring(size: int, share: float) -> Mask:
    """A ring of which the given share is bright, from the top clockwise."""
    image, draw = _canvas(size, size)
    edge, width = size * _FINE * 0.06, round(size * _FINE * 0.17)
    box = (edge, edge, image.width - edge, image.height - edge)
    draw.arc(box, 0, 360, 90, width)
    if share > 0:
        draw.arc(box, -90, -90 + 360 * share, 255, width)
    return _reduced(image)
