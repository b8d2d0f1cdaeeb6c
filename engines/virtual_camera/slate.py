"""The picture that is shown while there is no other: what is the matter, in words."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFilter

from core.devices import CAMERA_NAME, SIZE, Image
from engines.overlay.fonts import Fonts
from engines.overlay.lettering import Lettering

_TOP, _BOTTOM, _GLOW = np.array([(38, 43, 56), (17, 20, 27), (64, 92, 150)], np.float32)
_WHITE, _SOFT, _FAINT = (240, 243, 248), (164, 173, 190), (104, 113, 132)
_TITLE, _DETAIL, _NAME = 44, 27, 20
_ROOM = 0.74
"""The share of the width that text may take."""
_LINES = 3


@lru_cache(maxsize=8)
def slate(text: str, detail: str = "", language: str = "en") -> Image:
    """A picture of SIZE with a sentence, and a smaller one below it. Read only; the same one each
    time for the same words."""
    width, height = SIZE
    canvas = _ground(width, height)
    room = round(width * _ROOM)
    title, small, name = _letterings(language)
    lines = [(line, title, _WHITE) for line in _wrapped(text, title, room)]
    lines += [(line, small, _SOFT) for line in _wrapped(detail, small, room)]
    gap = title.size // 2 if detail else 0
    tall = sum(lettering.height for _, lettering, _ in lines) + gap
    icon = round(height * 0.15)
    top = (height - tall - icon - title.size) // 2
    _camera(canvas, width // 2, top + icon // 2, icon)
    top += icon + title.size
    for number, (line, lettering, colour) in enumerate(lines):
        if lettering is small and lines[number - 1][1] is title:
            top += gap
        _write(canvas, line, lettering, colour, top)
        top += lettering.height
    _write(canvas, CAMERA_NAME, name, _FAINT, height - 2 * name.height)
    canvas.flags.writeable = False
    return canvas


@lru_cache(maxsize=2)
def _letterings(language: str) -> tuple[Lettering, Lettering, Lettering]:
    fonts, rtl = Fonts(language), language in ("ar", "he", "fa", "ur")
    big, small, name = (Lettering(fonts, size, rtl=rtl) for size in (_TITLE, _DETAIL, _NAME))
    return big, small, name


def _ground(width: int, height: int) -> Image:
    """A dark slope with a faint light behind the middle, dithered so that no bands show once a
    meeting program has compressed it."""
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    picture = (1 - down) * _TOP + down * _BOTTOM
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :, None]
    along = np.linspace(-1, 1, height, dtype=np.float32)[:, None, None]
    light = np.exp(-(across**2 * 3.2 + (along + 0.1) ** 2 * 2.6))
    picture = picture + 0.34 * light * (_GLOW - picture)
    noise = np.random.default_rng(7).uniform(-0.6, 0.6, (height, width, 1))
    rounded: Image = np.clip(np.rint(picture + noise), 0, 255).astype(np.uint8)
    return rounded


def _camera(canvas: Image, x: int, y: int, size: int) -> None:
    """A camera with a line through it, drawn four times as large and brought down."""
    large = 4 * size
    sheet = Pillow.new("L", (large, large))
    draw = ImageDraw.Draw(sheet)

    def at(*places: float) -> list[float]:
        return [place * large for place in places]

    draw.rounded_rectangle(at(0.06, 0.24, 0.66, 0.76), 0.1 * large, fill=255)
    draw.polygon(at(0.72, 0.44, 0.94, 0.28, 0.94, 0.72, 0.72, 0.56), fill=255)
    draw.line(at(0.13, 0.05, 0.85, 0.95), fill=0, width=round(0.16 * large))
    draw.line(at(0.16, 0.08, 0.82, 0.92), fill=255, width=round(0.065 * large))
    ink = sheet.resize((size, size), Pillow.Resampling.LANCZOS)
    _blend(canvas, np.asarray(ink), _SOFT, x - size // 2, y - size // 2)


def _wrapped(text: str, lettering: Lettering, room: int) -> list[str]:
    """In as few lines as hold it, each about as long as the others; the rest is left out."""
    words = text.split()
    lines = _filled(words, lettering, room)
    if len(lines) > 1:
        even = lettering.width(text) / len(lines)
        for width in np.linspace(even, room, 12):
            if len(narrower := _filled(words, lettering, float(width))) == len(lines):
                lines = narrower
                break
    if len(lines) > _LINES:
        lines = [*lines[: _LINES - 1], lines[_LINES - 1] + " …"]
    return lines


def _filled(words: list[str], lettering: Lettering, room: float) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and lettering.width(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _write(
    canvas: Image, line: str, lettering: Lettering, colour: tuple[int, int, int], top: int
) -> None:
    ink, edge = lettering.drawn(line)
    left = round((canvas.shape[1] - lettering.width(line)) / 2) - edge
    shadow = Pillow.fromarray(ink).filter(ImageFilter.GaussianBlur(3))
    _blend(canvas, np.asarray(shadow) // 2, (0, 0, 0), left, top + 2)
    _blend(canvas, ink, colour, left, top)


def _blend(
    canvas: Image, ink: NDArray[np.uint8], colour: tuple[int, int, int], left: int, top: int
) -> None:
    """Ink that reaches over an edge is cut off there."""
    height, width = canvas.shape[:2]
    rows = slice(max(0, -top), max(0, min(ink.shape[0], height - top)))
    columns = slice(max(0, -left), max(0, min(ink.shape[1], width - left)))
    ink = ink[rows, columns]
    if not ink.size:
        return
    top, left = max(0, top), max(0, left)
    part = canvas[top : top + ink.shape[0], left : left + ink.shape[1]]
    share = ink[..., None].astype(np.float32) / 255
    part[:] = np.rint(part * (1 - share) + share * np.array(colour, np.float32)).astype(np.uint8)
