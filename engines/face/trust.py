"""How far a renderer may trust the landmarks of a face, and why not further."""

import numpy as np

from core.head import Head
from engines.face.crop import Seen


def ramp(value: float, bad: float, good: float) -> float:
    """0 at `bad` and beyond, 1 at `good` and beyond, straight between."""
    return float(np.clip((value - bad) / (good - bad), 0, 1))


class Trust:
    """Judges each frame by itself and against how this face has looked so far."""

    def __init__(self) -> None:
        self.doubt = ""

    def forget(self) -> None:
        """Another face is followed."""

    def judge(self, seen: Seen, head: Head, size: tuple[int, int], seconds: float) -> float:
        """Confidence in [0, 1]; `doubt` names what holds it down. `seconds` since the frame
        before; with zero nothing is learnt from this one."""
        face_height = float(head.pose[5])
        degrees = np.degrees([abs(head.yaw), abs(head.pitch)])
        marks = {
            "unsure": ramp(seen.score, 0.5, 0.9),
            "turned away": min(ramp(degrees[0], 40, 30), ramp(degrees[1], 45, 32)),
            "too small": ramp(face_height, 36, 64),
            "implausible": ramp(head.misfit, 0.25, 0.12),
        }
        self.doubt, worst = min(marks.items(), key=lambda mark: mark[1])
        if worst == 1:
            self.doubt = ""
        return worst
