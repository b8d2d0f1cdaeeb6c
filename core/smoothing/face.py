"""A tracked face without its tremble: the head hard, the lips little, by the time of the frames."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.head import Head, OwnHead, rotation
from core.smoothing.kalman import AdaptiveKalman
from core.smoothing.one_euro import OneEuro
from core.smoothing.tremble import Tremble
from core.types import Face

Array = NDArray[np.float64]

_LONGEST_GAP = 0.25
_JUMP = 0.6
_LOWER_FACE = 0.62
_SIZE_AS_ANGLE = 1.5
# Against the upper face's: the lips' own contours are less certain, and far from the points
# that the head is fitted to.
_LOWER_NOISE, _MOUTH_NOISE = 3.2, 10.0


class FaceSmoother:
    """Smooths the faces of one person, frame after frame, on one thread.

    The pose of the head (place, turn, size) goes through adaptive Kalman filters; what is left,
    the face in the head's own frame, through One-Euro filters. It starts anew, with the face as
    it was measured, after a loss, a gap in time or a jump. A frame that comes late, and a face
    that is not finite, pass unchanged and teach nothing.
    """

    def __init__(self, points: type[OneEuro] = OneEuro) -> None:
        """`points`: the filter of what is left of the face; an engine may have a quicker one."""
        # Units are the head's own: the distance of the eyes, and radians.
        self._place = AdaptiveKalman(still=0.02, moving=3.0, noise=0.003)
        self._turn = AdaptiveKalman(still=0.02, moving=3.0, noise=0.004)
        self._upper = points(rest=0.5, quicker=4.0, speed_cutoff=2.0)
        self._lower = points(rest=0.7, quicker=60.0, speed_cutoff=5.0, together=True)
        self._mouth = points(rest=1.5, quicker=12.0, speed_cutoff=5.0)
        self._tremble = Tremble(first=0.003)
        self.reset()

    def reset(self) -> None:
        """Forget; the next face is another one, or the same after a while."""
        self._pts: float | None = None
        self._own = OwnHead()
        self._above = self._below = np.zeros(0, np.intp)
        self._place.reset()
        self._turn.reset()
        for shape in (self._upper, self._lower, self._mouth):
            shape.reset()
        self._tremble.reset()

    def smooth(self, face: Face | None) -> Face | None:
        """The same face, stiller. None (no face in this frame) resets."""
        if face is None:
            self.reset()
            return None
        if not (np.isfinite(face.landmarks).all() and np.isfinite(face.pts)):
            return face
        seconds = 0.0 if self._pts is None else face.pts - self._pts
        if -_LONGEST_GAP < seconds <= 0 and self._pts is not None:
            return face
        head = self._own.fit(face.landmarks)
        if not 0 < seconds < _LONGEST_GAP or self._jumped(head, seconds):
            self.reset()
            head = self._own.fit(face.landmarks)
        self._pts = face.pts
        return self._smoothed(face, head, max(seconds, 1e-3))

    def _smoothed(self, face: Face, head: Head, seconds: float) -> Face:
        shape = self._shape(head.into(face.landmarks), seconds)
        still = self._head(head, seconds)
        mouth = self._mouth.update(face.mouth[:, None].astype(np.float64), seconds)[:, 0]
        return replace(
            face,
            landmarks=still.out(shape).astype(np.float32),
            pose=still.pose,
            mouth=np.clip(mouth, 0, 1).astype(np.float32),
        )

    def _jumped(self, head: Head, seconds: float) -> bool:
        """Is the head where no head could have gone in this time?"""
        expected = self._place.predict(seconds)
        if expected is None:
            return False
        x, y, _ = (head.origin / self._unit - expected).tolist()
        return math.hypot(x, y) > _JUMP

    def _head(self, head: Head, seconds: float) -> Head:
        angles = np.array([head.yaw, head.pitch, head.roll])
        if self._place.predict(0.0) is None:
            self._unit, self._angles = head.unit, angles
        # A roll past upside down must not swing all the way back.
        angles = self._angles + (angles - self._angles + np.pi) % (2 * np.pi) - np.pi
        self._angles = angles
        place = self._place.update(head.origin / self._unit, seconds) * self._unit
        # Size and angles tremble alike, and four values tell motion from noise sooner than one.
        turn = np.array([*angles.tolist(), math.log(head.unit) * _SIZE_AS_ANGLE])
        yaw, pitch, roll, size = self._turn.update(turn, seconds).tolist()
        unit = math.exp(size / _SIZE_AS_ANGLE)
        return Head(rotation(yaw, pitch, roll), place, unit, head.misfit)

    def _shape(self, points: Array, seconds: float) -> Array:
        """The face in the head's frame; its lower part follows speech at once."""
        if not len(self._above) + len(self._below):
            is_lower = points[:, 1] > _LOWER_FACE
            self._above, self._below = np.flatnonzero(~is_lower), np.flatnonzero(is_lower)
        above = points[self._above]
        self._tremble.observe(above)
        self._upper.noise = self._tremble.noise
        self._lower.noise = _LOWER_NOISE * self._tremble.noise
        self._mouth.noise = _MOUTH_NOISE * self._tremble.noise
        shape = np.empty_like(points)
        shape[self._above] = self._upper.update(above, seconds)
        shape[self._below] = self._lower.update(points[self._below], seconds)
        return shape
