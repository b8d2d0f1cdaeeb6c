"""Captions, badge and floor indicator over each frame that leaves."""

import logging

import numpy as np
from numpy.typing import NDArray

from core.captions.live import LiveCaptions
from core.config import Captions, Picture
from engines.overlay.captions import CaptionBlock
from engines.overlay.fonts import Fonts
from engines.overlay.layout import blocks, corner
from engines.overlay.lettering import Lettering
from engines.overlay.marks import Marks
from engines.overlay.phrases import phrases
from engines.overlay.plate import Plate

log = logging.getLogger(__name__)

Image = NDArray[np.uint8]


class Overlay:
    """Draws what `captions` and `picture` ask for. For one thread.

    Text is drawn when it changes and laid over its own rectangle otherwise; every other pixel
    stays as it is.
    """

    def __init__(self, captions: Captions, picture: Picture, talk: LiveCaptions) -> None:
        """`talk` tells what is to be seen at each moment; its two languages choose the fonts."""
        self._talk = talk
        self._fonts = {text.language: Fonts(text.language) for text in (talk.source, talk.target)}
        self._phrases = phrases(talk.target.language)
        self._shape: tuple[int, ...] = ()
        self.configure(captions, picture)

    def configure(self, captions: Captions, picture: Picture) -> None:
        """Draw by these settings from the next frame on."""
        self._captions = captions
        self._picture = picture
        self._shape = ()

    def draw(self, image: Image, pts: float, out: Image | None = None) -> Image:
        """The picture as it is shown at `pts` on the session clock.

        Comes back as the very same array when there is nothing to draw; else as `out` (which
        may be `image` itself, to draw into it), or as a copy.
        """
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
            return image
        if image.shape != self._shape:
            self._prepare(image.shape)
        plates = self._plates(pts)
        if not plates:
            return image
        if out is None:
            out = image.copy()
        elif out is not image:
            np.copyto(out, image)
        for one in plates:
            one.over(out)
        return out

    def _plates(self, pts: float) -> list[Plate]:
        plates = [one for block in self._blocks for one in block.plates(pts)]
        if self._marks is not None:
            if self._picture.badge:
                plates.append(self._marks.badge())
            floor = self._talk.floor.at(pts) if self._picture.floor else None
            if floor is not None:
                plates.append(self._marks.floor(floor, below=self._picture.badge))
        return plates

    def _prepare(self, shape: tuple[int, ...]) -> None:
        height, width = shape[:2]
        self._shape = shape
        self._blocks = []
        for block in blocks(self._captions, width, height):
            text = self._talk.source if block.side == "source" else self._talk.target
            lettering = Lettering(self._fonts[text.language], block.size, rtl=text.rtl)
            self._blocks.append(CaptionBlock(text, lettering, block.place))
        self._marks = self._marked(width, height)

    def _marked(self, width: int, height: int) -> Marks | None:
        found = corner(self._captions, self._picture, width, height)
        if found is None:
            return None
        language = self._phrases.language
        fonts = self._fonts.get(language) or Fonts(language)
        if not all(fonts.find(char) for char in self._phrases.left if char.isalpha()):
            self._phrases, fonts = phrases("en"), Fonts("en")
        lettering = Lettering(fonts, found.size, rtl=self._rtl())
        room = found.room
        return Marks(lettering, self._phrases, found.right, found.top, room, up=found.up)

    def _rtl(self) -> bool:
        return self._phrases.language == self._talk.target.language and self._talk.target.rtl
