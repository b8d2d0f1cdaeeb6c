"""Which of the 468 face-mesh landmarks the lips are made with, by what they sit on.

Contours run from the corner at the left of the picture to the one at the right and share
their corners. `POINTS` is every landmark the renderer looks at; all other names index into it.
"""

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.intp]
Floats = NDArray[np.float32]

_UPPER_OUTER = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291)
_LOWER_OUTER = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291)
_UPPER_INNER = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
_LOWER_INNER = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
_CHIN = (200, 199, 201, 421, 204, 424)
_JAW = (136, 149, 148, 152, 377, 378, 365)
_SIDES = (58, 288, 172, 397)
_CHEEK = (205, 425, 207, 427, 216, 436, 212, 432, 210, 430)
_NOSE = (2, 98, 327, 97, 326, 129, 358)

_ALL = tuple(
    dict.fromkeys(
        _UPPER_OUTER
        + _LOWER_OUTER
        + _UPPER_INNER
        + _LOWER_INNER
        + _CHIN
        + _JAW
        + _SIDES
        + _CHEEK
        + _NOSE
    )
)


def _within(landmarks: tuple[int, ...]) -> Index:
    return np.array([_ALL.index(number) for number in landmarks], np.intp)


POINTS: Index = np.array(_ALL, np.intp)
NOSE_TIP: Index = np.array((2, 98, 327, 1, 4, 5), np.intp)
"""Points of the nose that say best where the mouth is; indices into the 468."""

UPPER_OUTER, LOWER_OUTER = _within(_UPPER_OUTER), _within(_LOWER_OUTER)
UPPER_INNER, LOWER_INNER = _within(_UPPER_INNER), _within(_LOWER_INNER)
CHIN, JAW, SIDES = _within(_CHIN), _within(_JAW), _within(_SIDES)
CHEEK, NOSE = _within(_CHEEK), _within(_NOSE)
LIPS: Index = np.unique(np.concatenate([UPPER_OUTER, LOWER_OUTER, UPPER_INNER, LOWER_INNER]))
ALL_LIPS = slice(0, len(LIPS))
"""The same: lips come first."""
FLESH = slice(len(LIPS), len(_ALL))
"""Everything that is not lip."""
EDGE = len(UPPER_INNER) - 2
"""Points of a lip's inner edge without the corners."""
_EDGES = np.concatenate([UPPER_INNER[1:-1], LOWER_INNER[1:-1]])


def _edges_last(points: Index) -> Index:
    return np.concatenate([np.setdiff1d(points, _EDGES), _EDGES])


NODES = _edges_last(np.setdiff1d(np.arange(len(_ALL)), _within((129, 358, 201, 424))))
"""Those by which the picture is moved; neighbours left out that say the same. The upper lip's
inner edge and then the lower one's are last."""
LIP_NODES = _edges_last(LIPS)
"""The same of the lips alone."""
_SOME = slice(1, -1)
_RED_OUTER = np.concatenate([UPPER_OUTER[_SOME], LOWER_OUTER[_SOME]])
_RED_INNER = np.concatenate([UPPER_INNER[_SOME], LOWER_INNER[_SOME]])


def with_red(points: Floats, nodes: Index) -> Floats:
    """The nodes among the points, and before them points in the middle of the lips' red: it
    stretches evenly then, not on one side alone."""
    red = (points[_RED_OUTER] + points[_RED_INNER]) * np.float32(0.5)
    return np.concatenate([red, points[nodes]])


SKIN: Index = _within((205, 425, 216, 436, 199))
"""Where the colour of the skin is read."""

CORNERS: Index = UPPER_INNER[[0, -1]]
MIDDLE = slice(4, 7)
"""The middle three points of a contour."""
MIDDLE_GAP: Index = np.array([UPPER_INNER[5], LOWER_INNER[5]])
"""The middle of either lip's inner edge."""
