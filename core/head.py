"""The head in a picture: a frame of its own, fitted to points that the jaw does not move.

The axes of that frame are the head's right-hand side of the picture, down, and into the head;
its origin lies between the eyes and its unit is the distance of the eyes' centres.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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

_MODEL_CENTRE = RIGID_MODEL.mean(0)
_MODEL_AROUND = RIGID_MODEL - _MODEL_CENTRE
_MODEL_SPREAD = float((_MODEL_AROUND**2).sum())

FACE_HEIGHT = 2.64
"""From forehead to chin with the mouth closed, in units of the head's frame."""
_FACE_CENTRE = np.array([0.0, 0.455, 0.0])


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
        return np.asarray((points - self.origin) @ self.rotation / self.unit, np.float64)

    def out(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Points of the head's frame (n x 3) in the picture, in pixels."""
        return np.asarray(self.origin + self.unit * points @ self.rotation.T, np.float64)

    @property
    def yaw(self) -> float:
        """Radians, positive when the nose points to the right of the picture."""
        return float(np.arcsin(np.clip(self.rotation[2, 0], -1, 1)))

    @property
    def pitch(self) -> float:
        """Radians, positive when the face looks down."""
        return float(np.arctan2(self.rotation[2, 1], self.rotation[2, 2]))

    @property
    def roll(self) -> float:
        """Radians, positive clockwise as seen in the picture."""
        return float(np.arctan2(self.rotation[1, 0], self.rotation[0, 0]))

    @property
    def pose(self) -> Array:
        """As in `Face.pose`; the centre and the size are those of the face with closed mouth."""
        x, y, _ = self.out(_FACE_CENTRE)
        size = self.unit * FACE_HEIGHT
        return np.array([self.yaw, self.pitch, self.roll, x, y, size], np.float32)


def fit_head(landmarks: NDArray[np.floating]) -> Head:
    """The frame of the head that shows these 468 landmarks (n x 3, pixels; all finite)."""
    points = landmarks[RIGID].astype(np.float64)
    centre = points.mean(0)
    around = points - centre
    u, strength, vt = np.linalg.svd(around.T @ _MODEL_AROUND)
    sign = np.array([1.0, 1.0, float(np.sign(np.linalg.det(u @ vt)))])
    rotation = (u * sign) @ vt
    unit = max(float((strength * sign).sum()) / _MODEL_SPREAD, 1e-6)
    origin = centre - unit * rotation @ _MODEL_CENTRE
    rest = around @ rotation / unit - _MODEL_AROUND
    return Head(rotation, origin, unit, float(np.sqrt((rest**2).sum(1).mean())))
