"""The head in a picture: a frame of its own, fitted to points that the jaw does not move.

The axes of that frame are the head's right-hand side of the picture, down, and into the head;
its origin lies between the eyes and its unit is the distance of the eyes' centres.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.head_turn import nearest_turn

Array = NDArray[np.float32]

# Where these points lie on a frontal face, upright when its forehead stands over its chin: the
# mean of three adults as the mesh network reports them, made symmetric. Eyes' corners, temples,
# forehead, bridge and ridge of the nose: neither jaw nor lips nor brows move them.
_RIGID = {
    33: (-0.720, -0.010, 0.043),
    133: (-0.280, 0.010, -0.043),
    362: (0.280, 0.010, -0.043),
    263: (0.720, -0.010, 0.043),
    127: (-1.088, 0.094, 0.799),
    356: (1.088, 0.094, 0.799),
    162: (-1.070, -0.154, 0.663),
    389: (1.070, -0.154, 0.663),
    21: (-1.019, -0.356, 0.481),
    251: (1.019, -0.356, 0.481),
    54: (-0.923, -0.548, 0.306),
    284: (0.923, -0.548, 0.306),
    193: (-0.122, -0.087, -0.230),
    417: (0.122, -0.087, -0.230),
    122: (-0.090, 0.042, -0.334),
    351: (0.090, 0.042, -0.334),
    10: (0.000, -0.865, -0.168),
    151: (0.000, -0.623, -0.240),
    9: (0.000, -0.373, -0.297),
    8: (0.000, -0.233, -0.288),
    168: (0.000, -0.109, -0.292),
    6: (0.000, 0.013, -0.370),
    197: (0.000, 0.120, -0.457),
    195: (0.000, 0.217, -0.553),
    5: (0.000, 0.320, -0.651),
    4: (0.000, 0.451, -0.698),
}
RIGID = np.array(list(_RIGID))
"""Numbers of the mesh points that only the head as a whole moves."""

RIGID_MODEL = np.array(list(_RIGID.values()))
"""Where they lie in the head's frame on an average face."""

FACE_HEIGHT = 2.64
"""From forehead to chin with the mouth closed, in units of the head's frame."""
_FACE_CENTRE = np.array([0.0, 0.455, 0.0])
_ABOVE_THE_MOUTH = 0.62
_KNOWN, _SELDOM = 100, 4
"""After so many faces a person is known, and only each fourth one is learnt from."""


@dataclass(frozen=True, slots=True)
class Head:
    """`rotation` turns the head's axes into the picture's (x right, y down, z away), `origin`
    (3, pixels) is where its origin lies, `unit` is its unit in pixels, and `misfit` how far the
    fitted points are from their places, root mean square in units."""

    rotation: NDArray[np.float64]
    origin: NDArray[np.float64]
    unit: float
    misfit: float = 0.0

    def into(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Points of the picture (n x 3, pixels) in the head's frame."""
        return np.asarray((points - self.origin) @ (self.rotation / self.unit), np.float64)

    def out(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Points of the head's frame (n x 3) in the picture, in pixels."""
        return np.asarray(self.origin + points @ (self.unit * self.rotation.T), np.float64)

    @property
    def yaw(self) -> float:
        """Radians, positive when the nose points to the right of the picture."""
        return math.asin(min(1.0, max(-1.0, float(self.rotation[2, 0]))))

    @property
    def pitch(self) -> float:
        """Radians, positive when the face looks down."""
        return math.atan2(self.rotation[2, 1], self.rotation[2, 2])

    @property
    def roll(self) -> float:
        """Radians, positive clockwise as seen in the picture."""
        return math.atan2(self.rotation[1, 0], self.rotation[0, 0])

    @property
    def pose(self) -> Array:
        """As in `Face.pose`; the centre and the size are those of the face with closed mouth."""
        x, y, _ = self.out(_FACE_CENTRE)
        size = self.unit * FACE_HEIGHT
        return np.array([self.yaw, self.pitch, self.roll, x, y, size], np.float32)


class _Model:
    """Points (n x 3) of a head in its own frame, ready to be fitted."""

    def __init__(self, points: NDArray[np.float64]) -> None:
        self.points = points
        self.centre = points.sum(0) / len(points)
        self.around = points - self.centre
        self.size = float(np.vdot(self.around, self.around))


_AVERAGE = _Model(RIGID_MODEL)


def fit_head(landmarks: NDArray[np.floating]) -> Head:
    """The frame of the head that shows these 468 landmarks (n x 3, pixels; all finite)."""
    return _fit(landmarks[RIGID].astype(np.float64), _AVERAGE)


class OwnHead:
    """Fits the head by this person's own face rather than the average one: by all points above
    the mouth, which tremble less together than the few of `fit_head`."""

    def __init__(self) -> None:
        self._model: _Model | None = None
        self._above = np.zeros(0, np.intp)
        self._count = 0

    def fit(self, landmarks: NDArray[np.floating]) -> Head:
        """As `fit_head`; the faces that are fitted also make this person better known."""
        self._count += 1
        if self._model is None:
            head = fit_head(landmarks)
            self._above = np.flatnonzero(head.into(landmarks)[:, 1] < _ABOVE_THE_MOUTH)
            self._model = _Model(head.into(landmarks[self._above]))
        above = landmarks[self._above].astype(np.float64)
        if self._count < _KNOWN or self._count % _SELDOM == 0:
            share = 1 / self._count if self._count < _KNOWN else _SELDOM / _KNOWN
            known = self._model.points
            self._model = _Model(known + (fit_head(landmarks).into(above) - known) * share)
        return _fit(above, self._model)


def _fit(points: NDArray[np.float64], model: _Model) -> Head:
    """The turn, place and scale that bring the model's points (n x 3) nearest to the points."""
    count = len(points)
    centre = points.sum(0) / count
    common = points.T @ model.around  # that is centred, so the points need not be
    # The sum of the squares of the points about their middle.
    spread = max(0.0, float(np.vdot(points, points)) - count * float(centre @ centre))
    turn, fitted = nearest_turn(common, math.sqrt(spread * model.size))
    unit = max(fitted / model.size, 1e-6)
    # What is left of them, in the model's frame.
    rest = spread / unit**2 - 2 * fitted / unit + model.size
    misfit = math.sqrt(max(0.0, rest) / count)
    return Head(turn, centre - unit * (turn @ model.centre), unit, misfit)


def rotation(yaw: float, pitch: float, roll: float) -> NDArray[np.float64]:
    """The rotation that has these angles, in radians, as `Head` counts them."""
    cy, sy = math.cos(yaw), -math.sin(yaw)
    cp, sp = math.cos(pitch), math.sin(pitch)
    cr, sr = math.cos(roll), math.sin(roll)
    return np.array(
        [
            [cr * cy, cr * sy * sp - sr * cp, cr * sy * cp + sr * sp],
            [sr * cy, sr * sy * sp + cr * cp, sr * sy * cp - cr * sp],
            [-sy, cy * sp, cy * cp],
        ]
    )
