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
_SOME = slice(1, -1)
"""The points of a contour without its corners."""
_EDGES = np.concatenate([UPPER_INNER[_SOME], LOWER_INNER[_SOME]])
_BEHIND = np.float32(0.5)
"""How far behind a lip's edge points lie, in parts of its thickness."""
_ROOM = slice(2, -2)
"""The points of a contour without those beside the corners, too: there lips are too near."""
_FEW = slice(2, -1, 2)
"""Of a contour without its corners, some points in the middle."""
_LIPS_OWN = np.concatenate([_EDGES, UPPER_OUTER[_ROOM], LOWER_OUTER[_ROOM]])


def _nodes(points: Index) -> Floats:
    """What all points are multiplied with (nodes x points) for the nodes among them, then what
    is the upper lip's alone, then the lower one's: its edges; the middle of its red, so that it
    stretches evenly; and points behind the inner edge, so that the red goes on there as it is,
    whatever happens between the lips."""
    every = np.eye(len(_ALL), dtype=np.float32)
    parts = [every[np.setdiff1d(points, _LIPS_OWN)]]
    for contours in ((UPPER_OUTER, UPPER_INNER), (LOWER_OUTER, LOWER_INNER)):
        outer, inner = (every[contour[_SOME]] for contour in contours)
        behind = inner + _BEHIND * (inner - outer)
        parts += [inner, (inner + outer) / 2, outer[1:-1], behind[_FEW]]
    return np.concatenate(parts)


NODES = _nodes(np.setdiff1d(np.arange(len(_ALL)), _within((129, 358, 201, 424))))
"""For the nodes by which the picture is moved; neighbours left out that say the same."""
LIP_NODES = _nodes(LIPS)[:, : len(LIPS)]
"""The same of the lips alone, for points of nothing but lips."""
_OF_BOTH = len(NODES) - (len(_ALL) - 4 - len(_LIPS_OWN))
OF_A_LIP = _OF_BOTH // 2
"""Nodes that are one lip's alone."""

SKIN: Index = _within((205, 425, 216, 436, 199))
"""Where the colour of the skin is read."""

CORNERS: Index = UPPER_INNER[[0, -1]]
MIDDLE = slice(4, 7)
"""The middle three points of a contour."""
MIDDLE_GAP: Index = np.array([UPPER_INNER[5], LOWER_INNER[5]])
"""The middle of either lip's inner edge."""
