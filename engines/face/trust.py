"""How far a renderer may trust the landmarks of a face, and why not further."""

import math

import numpy as np

from core.head import Head
from engines.face.crop import Seen
from engines.face.looks import Looks
from engines.face.nets import Array

_MOUTH = np.array([61, 291, 0, 17, 18, 200, 57, 287, 152])


_SIDEWAYS, _UP_OR_DOWN = (18.5, 25.0), (32.0, 45.0)
"""Degrees up to which a mouth can be drawn, and from which it cannot. The mesh takes a head that
is turned sideways by 35 degrees for one that is turned by some 26: its depth is too flat."""


class Trust:
    """Judges each frame by itself and by how this face has looked and moved so far."""

    def __init__(self) -> None:
        self.doubt = ""
        self._looks = Looks()
        self._last: Head | None = None

    def forget(self) -> None:
        """Another face is followed."""
        self._looks = Looks()
        self._last = None

    def lose(self, why: str) -> None:
        """No face is seen; when it is back it may be elsewhere."""
        self.doubt = why
        self._last = None

    def judge(self, seen: Seen, head: Head, size: tuple[int, int], seconds: float) -> float:
        """Confidence in [0, 1]; `doubt` names what holds it down. `size` is the picture's
        height and width, `seconds` the time since the frame before; with zero nothing is
        learnt from this one."""
        self._looks.compare(seen, seconds)
        marks = {
            "unsure": ramp(seen.score, 0.5, 0.9),
            "turned away": min(_facing(head.yaw, *_SIDEWAYS), _facing(head.pitch, *_UP_OR_DOWN)),
            "too small": ramp(float(head.pose[5]), 36, 64),
            "at the border": ramp(_inside(seen.landmarks, size) / head.unit, -0.15, 0.05),
            "implausible": ramp(head.misfit, 0.25, 0.12),
            "too fast": ramp(self._speed(head, seconds), 25, 12),
            "blurred": ramp(self._looks.sharpness, 0.45, 0.65),
            "covered": ramp(self._looks.strangeness, 3.0, 2.2),
        }
        self.doubt, worst = min(marks.items(), key=lambda mark: mark[1])
        if worst == 1:
            self.doubt = ""
        return worst

    def _speed(self, head: Head, seconds: float) -> float:
        """Of the head, in its units a second; landmarks that jump are not those of a head."""
        last = self._last
        if seconds > 0:
            self._last = head
        if last is None or seconds <= 0:
            return 0.0
        x, y, _ = (head.origin - last.origin).tolist()
        return math.hypot(x, y) / head.unit / seconds


def ramp(value: float, bad: float, good: float) -> float:
    """0 at `bad` and beyond, 1 at `good` and beyond, straight between."""
    return min(1.0, max(0.0, (value - bad) / (good - bad)))


def _facing(angle: float, good: float, bad: float) -> float:
    return ramp(abs(math.degrees(angle)), bad, good)


def _inside(landmarks: Array, size: tuple[int, int]) -> float:
    """How far the mouth and the chin are from the nearest border, negative when outside."""
    points = landmarks[_MOUTH, :2]
    height, width = size
    right, lower = points.max(0)
    return min(float(points.min()), width - float(right), height - float(lower))
