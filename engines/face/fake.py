"""A tracker that sees the face a test tells it to, on any picture."""

from collections.abc import Callable

import numpy as np

from core.errors import EngineFailed
from core.head import FACE_HEIGHT, RIGID, RIGID_MODEL, Head
from core.types import MOUTH_PARAMETERS, Face, Frame


class FakeTracker:
    """One upright face as high as half the picture, in its middle.

    `confidence` is asked for every time of a frame: 0 and the face is not seen. `motion` tells
    how far, in pixels, it has moved. From frame number `breaks` on, every call raises.
    """

    def __init__(
        self,
        *,
        confidence: Callable[[float], float] = lambda _: 1.0,
        motion: Callable[[float], tuple[float, float]] = lambda _: (0.0, 0.0),
        breaks: int | None = None,
    ) -> None:
        self._confidence = confidence
        self._motion = motion
        self._breaks = breaks
        self.chosen: list[tuple[float, float]] = []
        self.closed = False
        self.doubt = ""

    def choose(self, x: float, y: float) -> None:
        self.chosen.append((x, y))

    def track(self, frame: Frame) -> Face | None:
        if self._breaks is not None and frame.number >= self._breaks:
            raise EngineFailed("The fake tracker was told to break.")
        confidence = self._confidence(frame.pts)
        self.doubt = "" if confidence == 1 else "no face"
        if confidence <= 0:
            return None
        height, width = frame.image.shape[:2]
        right, down = self._motion(frame.pts)
        centre = np.array([width / 2 + right, height / 2 + down, 0.0])
        head = Head(np.eye(3), centre, height / (2 * FACE_HEIGHT))
        points = np.tile([0.0, 0.45, 0.0], (468, 1))
        points[RIGID] = RIGID_MODEL
        mouth = np.zeros(len(MOUTH_PARAMETERS), np.float32)
        landmarks = head.out(points).astype(np.float32)
        return Face(landmarks, head.pose, mouth, confidence, frame.pts)

    def close(self) -> None:
        self.closed = True
