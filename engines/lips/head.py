"""The head's frame as lips need it: hung on the nose.

`core.head` fits the whole head; what is left of its misfit near the mouth goes when the frame is
moved so that the nose is where this speaker's nose is.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.head import Head, fit_head
from engines.lips.points import NOSE_TIP

Array = NDArray[np.float64]

_LONGEST = 300


class NosedHead:
    """Fits heads of one speaker, and learns where their nose is."""

    def __init__(self) -> None:
        self.nose: Array | None = None
        self.seen = 0

    def fit(self, landmarks: Array) -> tuple[Head, Array]:
        """The head that shows these 468 landmarks (pixels, all finite), and where its nose is,
        for `learn`."""
        head = fit_head(landmarks)
        there = landmarks[NOSE_TIP].mean(0)
        nose = head.into(there)
        if self.nose is None:
            return head, nose
        return replace(head, origin=there - (head.out(self.nose) - head.origin)), nose

    def learn(self, nose: Array) -> None:
        """Take one more view of the nose into the mean."""
        self.seen = min(self.seen + 1, _LONGEST)
        self.nose = nose if self.nose is None else self.nose + (nose - self.nose) / self.seen


def turn(head: Head) -> tuple[float, float]:
    """How far the head looks sideways and up or down (sines)."""
    return float(head.rotation[2, 0]), float(head.rotation[2, 1])
