"""The speaker's mouth at rest, at any pose of the head, learnt while they talk.

A weighted regression with forgetting: each landmark, in head coordinates, against how the head
is turned, how far the mouth is open and how wide it is. Putting "closed" and "usual width" in
gives the rest shape even of a speaker who was never seen with a closed mouth, and the slopes
say how this speaker's chin and cheeks follow the mouth. Generic slopes stand in at first.
"""

import math

import numpy as np
from numpy.typing import NDArray

from core.head import Head
from engines.lips import points as at
from engines.lips.head import turn

Array = NDArray[np.float64]

_FORGET = 0.999
# How many frames of ordinary talk the generic slopes weigh: they go as evidence comes.
_PRIOR = np.diag([1e-6, 1.0, 0.6, 0.15, 0.06])
_GAP, _WIDTH = 3, 4

_ABOVE, _BELOW = at.UPPER_INNER[at.MIDDLE], at.LOWER_INNER[at.MIDDLE]
_BOTH = np.concatenate([_BELOW, _ABOVE])
_LEFT, _RIGHT = int(at.UPPER_OUTER[0]), int(at.UPPER_OUTER[-1])


def opening(shape: Array) -> float:
    """Height of the mouth's inside, in head units; 0 when closed."""
    heights: list[float] = shape[_BOTH, 1].tolist()
    a, b, c, d, e, f = heights
    return max(0.0, ((a - d) + (b - e) + (c - f)) / 3)


def breadth(shape: Array) -> float:
    """Distance of the corners, in head units."""
    return math.dist(shape[_RIGHT].tolist(), shape[_LEFT].tolist())


def _generic_slopes() -> Array:
    slopes = np.zeros((5, len(at.POINTS), 3))
    arch = np.sin(np.linspace(0, np.pi, 11)) ** 0.75
    gap, width = slopes[_GAP], slopes[_WIDTH]
    gap[at.UPPER_OUTER, 1], gap[at.UPPER_INNER, 1] = -0.18 * arch, -0.20 * arch
    gap[at.LOWER_OUTER, 1], gap[at.LOWER_INNER, 1] = 0.78 * arch, 0.80 * arch
    gap[at.CHIN, 1] = 0.54
    gap[at.JAW, 1] = 0.47 * np.array([0.37, 0.62, 0.92, 1.0, 0.92, 0.62, 0.37])
    across = np.linspace(-0.5, 0.5, 11)
    for contour in (at.UPPER_OUTER, at.LOWER_OUTER, at.UPPER_INNER, at.LOWER_INNER):
        width[contour, 0] = across
    return slopes


class RestModel:
    """Learns with `observe`; `rest` and `follow` answer from what was learnt."""

    def __init__(self) -> None:
        count = len(at.POINTS)
        self.moments = np.zeros((5, 5))
        self.products = np.zeros((5, count * 3))
        self.usual_width = 0.0
        self.weight = 0.0
        self._prior = _PRIOR @ _generic_slopes().reshape(5, -1)
        self._slopes: Array | None = None

    @property
    def empty(self) -> bool:
        return self.weight == 0.0

    def observe(self, shape: Array, head: Head) -> None:
        gap, width = opening(shape), breadth(shape)
        # A closed mouth tells most about the mouth at rest.
        weight = 0.25 + 0.75 * math.exp(-((gap / 0.06) ** 2))
        features = np.array([1.0, *turn(head), gap, width])
        self.moments = _FORGET * self.moments + weight * np.outer(features, features)
        self.products = _FORGET * self.products + weight * np.outer(features, shape.ravel())
        self.weight = _FORGET * self.weight + weight
        self.usual_width += (width - self.usual_width) * weight / self.weight
        self._slopes = None

    def _solve(self) -> Array:
        if self._slopes is None:
            solved = np.linalg.solve(self.moments + _PRIOR, self.products + self._prior)
            self._slopes = np.asarray(solved, np.float64)
        return self._slopes

    def rest(self, head: Head, own: Array, wider: float = 0.0) -> Array:
        """All points with the mouth closed, at the pose of `head`, in head coordinates, and by
        so much wider than usual, as it is in a smile. What the pose does not explain of the
        place and the tilt of the lips that are seen (`own`) is kept: it is an error of the pose,
        and the picture is right."""
        pose = (1.0, *turn(head))
        features = np.array(
            [(*pose, opening(own), breadth(own)), (*pose, 0.0, self.usual_width + wider)]
        )
        explained, shape = (features @ self._solve()).reshape(2, *own.shape)
        lips = at.ALL_LIPS
        shape[lips] = _as_seen(explained[lips], own[lips], shape[lips])
        seam = (shape[at.UPPER_INNER] + shape[at.LOWER_INNER]) / 2
        shape[at.UPPER_INNER] = shape[at.LOWER_INNER] = seam
        return np.asarray(shape)

    def follow(self, gap: float, width: float) -> Array:
        """How all points move when the mouth opens by `gap` and widens by `width`."""
        return np.asarray((np.array([gap, width]) @ self._solve()[_GAP:]).reshape(-1, 3))


def _as_seen(explained: Array, seen: Array, lips: Array) -> Array:
    """Move and tilt `lips` as takes the explained lips to those that are seen."""
    here, there = explained.sum(0) / len(explained), seen.sum(0) / len(seen)
    (xx, xy, _), (yx, yy, _), _ = ((explained - here).T @ (seen - there)).tolist()
    angle = min(0.3, max(-0.3, math.atan2(xy - yx, xx + yy)))
    c, s = math.cos(angle), math.sin(angle)
    # Up and down the lips also move by themselves.
    there[1] = here[1] + 0.15 * (there[1] - here[1])
    moved = lips - here
    moved[:, :2] = moved[:, :2] @ np.array([[c, s], [-s, c]])
    return np.asarray(moved + there)
