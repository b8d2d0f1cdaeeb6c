"""A test picture that carries its own number, so that whoever receives it can tell what became
of it: how late it is, what was left out, what was shown twice."""

import cv2
import numpy as np

from core.devices import Image

_BITS = 24
_CHECK = 4
_HEAD, _TAIL = (1, 0, 1, 1), (0,)
"""What the row begins and ends with; it reads differently in a mirror."""
_CELLS = len(_HEAD) + _BITS + _CHECK + len(_TAIL)
_ROW = 1 / 12
"""Height of the row of cells as a share of the picture's."""
_BARS = ((180, 180, 180), (180, 180, 16), (16, 180, 180), (16, 180, 16), (180, 16, 180),
         (180, 16, 16), (16, 16, 180))  # fmt: skip


class Pattern:
    """Draws it: colour bars, a bar that goes round once a second, and the number as a row of
    black and white cells along the upper edge."""

    def __init__(self, size: tuple[int, int], fps: float = 30.0) -> None:
        width, height = size
        self._fps = fps
        self._row = round(height * _ROW)
        self._ground: Image = np.zeros((height, width, 3), np.uint8)
        edges = np.linspace(0, width, len(_BARS) + 1).astype(int)
        for colour, left, right in zip(_BARS, edges, edges[1:], strict=False):
            self._ground[:, left:right] = colour
        ramp = np.linspace(0, 255, width).astype(np.uint8)
        self._ground[round(height * 0.75) :] = ramp[None, :, None]

    def frame(self, number: int) -> Image:
        image = self._ground.copy()
        width = image.shape[1]
        bits = np.array(_code(number), np.uint8)[None] * 235
        row = cv2.resize(bits, (width, self._row), interpolation=cv2.INTER_NEAREST)
        image[: self._row] = row[..., None]
        at = round(number / self._fps % 1 * (width - width // 64))
        image[self._row * 2 : self._row * 4, at : at + width // 64] = 255
        return image


def read_number(image: Image) -> int | None:
    """The number in a picture, whatever was done to its size and colours; None when it carries
    none, or is mirrored, or is mixed from two."""
    height, width = image.shape[:2]
    rows = image[round(height * _ROW * 0.3) : max(1, round(height * _ROW * 0.7))]
    cell = width / _CELLS
    bits = []
    for index in range(_CELLS):
        left, right = round((index + 0.3) * cell), round((index + 0.7) * cell)
        level = float(rows[:, left : max(left + 1, right)].mean())
        if 80 < level < 160:
            return None
        bits.append(int(level > 120))
    number = int("".join(map(str, bits[len(_HEAD) : len(_HEAD) + _BITS])), 2)
    return number if bits == _code(number) else None


def _code(number: int) -> list[int]:
    number %= 1 << _BITS
    check = sum(number >> shift & 15 for shift in range(0, _BITS, 4)) % 16 ^ 9
    digits = f"{number:0{_BITS}b}{check:0{_CHECK}b}"
    return [*_HEAD, *map(int, digits), *_TAIL]
