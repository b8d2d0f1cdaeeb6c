"""Text as a mask of ink, in whatever fonts have its characters."""

import unicodedata
from functools import lru_cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, features

from core.captions.graphemes import graphemes
from engines.overlay.fonts import Face, Fonts
from engines.overlay.shaping import visual

Mask = NDArray[np.uint8]

_ASCENT, _DESCENT = 1.12, 0.3
"""Room above and below the base line, for capitals with two accents and for tails."""


def line_height(size: int) -> int:
    return round(size * (_ASCENT + _DESCENT))


def shapes_text() -> bool:
    """Whether Pillow lays out every script itself: it needs libraqm, which its wheels hold, and
    FriBiDi, which they take from the system (libfribidi0, fribidi.dll)."""
    return bool(features.check("raqm") and features.check("fribidi"))


class Lettering:
    """Writes in one size, language and direction. For one thread."""

    def __init__(
        self, fonts: Fonts, size: int, *, rtl: bool = False, shaped: bool | None = None
    ) -> None:
        self.size = size
        self.ascent = round(size * _ASCENT)
        self.height = line_height(size)
        self._fonts = fonts
        self._rtl = rtl
        self._shaped = shapes_text() if shaped is None else shaped
        self._direction = ("rtl" if rtl else "ltr") if self._shaped else None
        self.width = lru_cache(maxsize=4096)(self._width)

    def drawn(self, text: str) -> tuple[Mask, int]:
        """The ink of the text, `height` high, and how far left of its origin the mask begins."""
        edge = self.size // 2
        wide = int(np.ceil(self.width(text))) + 2 * edge
        image = Image.new("L", (wide, self.height))
        draw = ImageDraw.Draw(image)
        at = float(edge)
        for font, run in self._runs(text):
            draw.text((at, self.ascent), run, 255, font, "ls", direction=self._direction)
            at += font.getlength(run, direction=self._direction)
        return np.asarray(image), edge

    def _width(self, text: str) -> float:
        return sum(
            (font.getlength(run, direction=self._direction) for font, run in self._runs(text)), 0.0
        )

    def _runs(self, text: str) -> list[tuple[ImageFont.FreeTypeFont, str]]:
        """From left to right. What no font has is left out."""
        if not self._shaped:
            text = visual(text, rtl=self._rtl)
        faces = self._faced(text)
        runs = [
            (face, "".join(cluster for _, cluster in group))
            for face, group in groupby(faces, key=lambda pair: pair[0])
        ]
        if self._rtl and self._shaped and not _keeps_order(text):
            runs.reverse()
        return [(self._font(face), run) for face, run in runs]

    def _faced(self, text: str) -> list[tuple[Face, str]]:
        """Each character with its face; nothing of a word of which no letter can be drawn."""
        done: list[tuple[Face, str]] = []
        for cluster in graphemes(text):
            if done and not cluster.isalpha() and all(map(done[-1][0].has, cluster)):
                done.append((done[-1][0], cluster))
                continue
            face, kept = self._face(cluster)
            if face is not None:
                done.append((face, kept))
        drawn = any(char.isalnum() for _, cluster in done for char in cluster)
        return done if drawn or not any(map(str.isalnum, text)) else []

    def _face(self, cluster: str) -> tuple[Face | None, str]:
        """The face for a character, and as much of it as the face has: an emoji that is joined
        of several may be there by its first only."""
        shown = [char for char in cluster if unicodedata.category(char) not in ("Cf", "Mn")]
        face = self._fonts.find((shown or [cluster[0]])[0])
        if face is None:
            return None, ""
        if all(face.has(char) for char in shown) and not _pictures(cluster):
            return face, cluster
        return face, shown[0]

    def _font(self, face: Face) -> ImageFont.FreeTypeFont:
        return face.at(self.size, self._shaped)


def _keeps_order(text: str) -> bool:
    """Whether it runs to the right even where the language does not."""
    return any(unicodedata.bidirectional(char) == "L" for char in text)


def _pictures(cluster: str) -> bool:
    return len(cluster) > 1 and unicodedata.category(cluster[0]) in ("So", "Sk")
