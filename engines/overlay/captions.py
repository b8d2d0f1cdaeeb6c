"""The captions of one language: lines of running text, drawn word by word as they grow."""

from dataclasses import dataclass, replace

import numpy as np

from core.captions.running import RunningText
from core.captions.scroll import Laid, Row, Scroll
from engines.overlay.lettering import Lettering, Mask
from engines.overlay.plate import Plate, plate

LINES = 2
GROUND = 165
"""How dark the box behind a line is, of 255: white text stays readable on a white wall."""


@dataclass(frozen=True)
class Place:
    """Where a language's lines stand, in pixels, and in which colour."""

    left: int
    top: int
    width: int
    colour: tuple[int, int, int]


class CaptionBlock:
    """Draws one running text in one place. For one thread."""

    def __init__(self, text: RunningText, lettering: Lettering, place: Place) -> None:
        self._text = text
        self._lettering = lettering
        self._place = place
        self._scroll = Scroll(lettering.width, place.width, LINES)
        self._strips: dict[tuple[int, int], _Strip] = {}

    def plates(self, pts: float) -> list[Plate]:
        rows = self._scroll.follow(self._text, pts)
        strips = {(row.line.block, row.line.row): row for row in rows}
        self._strips = {
            key: self._strips.get(key) or _Strip(self._lettering, self._place, self._text.rtl)
            for key in strips
        }
        return [self._strips[key].plate(row) for key, row in strips.items()]


class _Strip:
    """One line's ink; each word is drawn once, and stays as it is drawn."""

    def __init__(self, lettering: Lettering, place: Place, rtl: bool) -> None:
        self._lettering = lettering
        self._place = place
        self._rtl = rtl
        self._edge = lettering.size
        self._ink: Mask = np.zeros((lettering.height, place.width + 2 * self._edge), np.uint8)
        self._drawn = 0
        self._plate: Plate | None = None

    def plate(self, row: Row) -> Plate:
        if row.count < self._drawn:  # the caller went back in time
            self._ink[:] = 0
            self._drawn, self._plate = 0, None
        if self._plate is None or row.count > self._drawn:
            for laid in row.line.laid[self._drawn : row.count]:
                self._write(laid)
            self._drawn = row.count
            self._plate = self._made(row.line.laid[row.count - 1])
        top = self._place.top + row.slot * self._lettering.height
        if self._plate.top != top:
            self._plate = replace(self._plate, top=top)
        return self._plate

    def _write(self, laid: Laid) -> None:
        ink, before = self._lettering.drawn(laid.text)
        at = laid.at
        if self._rtl:
            at = self._place.width - laid.at - self._lettering.width(laid.text)
        start = self._edge + round(at) - before
        left, right = max(0, start), min(self._ink.shape[1], start + ink.shape[1])
        if left < right:
            part = self._ink[:, left:right]
            np.maximum(part, ink[:, left - start : right - start], out=part)

    def _made(self, last: Laid) -> Plate:
        """The line as far as it goes, on a box that goes a little further."""
        reach = round(last.at + self._lettering.width(last.text)) + self._edge // 2
        left, right = self._edge - self._edge // 2, self._edge + reach
        if self._rtl:
            left, right = self._ink.shape[1] - right, self._ink.shape[1] - left
        ink = self._ink[:, max(0, left) : right]
        x = self._place.left - self._edge + max(0, left)
        ground = GROUND if ink.any() else 0
        return plate(x, self._place.top, ink, self._place.colour, ground)
