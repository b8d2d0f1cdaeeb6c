"""A small picture with transparency that is laid over a frame, made once and used often."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Mask = NDArray[np.uint8]


@dataclass(frozen=True)
class Plate:
    """`colour` is added to what shines `through` (255: all of the frame) at `left`, `top`.
    It may reach over the frame's edges."""

    left: int
    top: int
    colour: Image
    through: Image

    def over(self, frame: Image) -> None:
        """Draw into the frame; nothing outside the plate's rectangle is touched."""
        height, width = self.colour.shape[:2]
        top, left = max(0, self.top), max(0, self.left)
        bottom = min(frame.shape[0], self.top + height)
        right = min(frame.shape[1], self.left + width)
        if bottom <= top or right <= left:
            return
        rows = slice(top - self.top, bottom - self.top)
        columns = slice(left - self.left, right - self.left)
        part = frame[top:bottom, left:right]
        dimmed = cv2.multiply(part, self.through[rows, columns], scale=1 / 255)
        part[:] = cv2.add(dimmed, self.colour[rows, columns])


def plate(
    left: int,
    top: int,
    ink: Mask,
    colour: tuple[int, int, int],
    ground: Mask | int,
    shade: tuple[int, int, int] = (0, 0, 0),
) -> Plate:
    """`ink` drawn in `colour` on a `ground` of `shade`; both masks from 0 to 255."""
    inked = ink.astype(np.float32)[..., None] / 255
    grounded = np.broadcast_to(np.float32(ground) / 255, ink.shape)[..., None] * (1 - inked)
    mixed = inked * np.array(colour, np.float32) + grounded * np.array(shade, np.float32)
    through = np.repeat((1 - inked - grounded) * 255, 3, axis=2)
    return Plate(left, top, np.rint(mixed).astype(np.uint8), np.rint(through).astype(np.uint8))
