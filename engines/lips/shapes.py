"""From the six mouth parameters to the lips' landmarks, starting from the mouth at rest.

All in head coordinates (unit: the distance of the eyes). The amounts are those of a clear but
not exaggerated speaker, read off talking faces.
"""

import numpy as np
from numpy.typing import NDArray

from engines.lips import points as at
from engines.lips.compiled import quick

Array = NDArray[np.float64]

_THINNEST = 0.012
OPENING = 0.27
"""Height of the inside of a mouth asked for with jaw = 1."""


_CONTOURS = np.stack([at.UPPER_OUTER, at.LOWER_OUTER, at.UPPER_INNER, at.LOWER_INNER])
"""Rows of what follows: one a contour, its eleven points from corner to corner."""
_POINTS = _CONTOURS.shape[1]
_UPPER, _LOWER = 2, 3
_MIDDLE_FIRST, _MIDDLE_LAST = at.MIDDLE.start, at.MIDDLE.stop
_LIP_COUNT = len(at.LIPS)
_LEFT, _RIGHT = (int(corner) for corner in at.CORNERS)

_FULLNESS = (0.6, 0.6, 0.75, 0.75)
_SHARE = (-0.12, 0.88, -0.12, 0.88)
"""How much of the jaw's fall goes to the upper and to the lower lip."""
_CORNER = 2.0
"""A corner belongs to two contours, and each of them takes it along."""
_RAISED = (-0.085, -0.025, -0.105, -0.040)
"""A raised upper lip shows teeth; the lower lip follows some of the way, as it is the jaw that
opens the mouth."""
_ROUNDED, _PRESSED = (-0.030, 0.036), (0.030, -0.046)
_CLOSING = (0.25, -0.65, 0.3, -0.7)
_MEETING, _MET = 0.36, 0.84
"""The press at which lips begin to meet, and at which they do: on their way to a closure they are
as open as the jaw says."""


def asked_lips(rest: Array, shape: NDArray[np.float32]) -> Array:
    """All points with the lips as asked for; points that are not lip stay as in `rest`."""
    jaw, width, round_, upper, press, tuck = (min(1.0, max(0.0, v)) for v in shape.tolist())
    asked = rest.copy()
    squares, arch, y = np.empty((3, *_CONTOURS.shape))
    _look(rest, squares, arch, y)
    _open(squares, arch, y, jaw, round_, upper)
    if press > 0:
        _press(arch, y, press)
    if tuck > 0:
        _tuck(arch, y, tuck)
    _place(asked, y)
    _widen(asked, rest, 0.25 * width - 0.24 * round_ - 0.07 * jaw * (1 - round_), width)
    return asked


@quick("(f8[:,::1],f8[:,::1],f8[:,::1],f8[:,::1])")
def _look(rest: Array, squares: Array, arch: Array, y: Array) -> None:
    """Of each contour's points: the squares of their places between the corners, which are at -1
    and 1; an arch that is 1 in the middle and 0 at the corners; and their heights."""
    for row in range(4):
        first, last = rest[_CONTOURS[row, 0], 0], rest[_CONTOURS[row, _POINTS - 1], 0]
        half = max(1e-3, abs(last - first) / 2)
        for i in range(_POINTS):
            x = (rest[_CONTOURS[row, i], 0] - (first + last) / 2) / half
            squares[row, i] = min(1.0, x * x)
            arch[row, i] = (1 - squares[row, i]) ** _FULLNESS[row]
            y[row, i] = rest[_CONTOURS[row, i], 1]


@quick("f8(f8,f8)")
def _middle(square: float, width: float) -> float:
    """1 in the middle of a contour, 0 from `width` on."""
    return float(np.sqrt(max(0.0, 1 - square / (width * width))))


@quick("(f8[:,::1],f8[:,::1],f8[:,::1],f8,f8,f8)")
def _open(squares: Array, arch: Array, y: Array, jaw: float, round_: float, upper: float) -> None:
    """The jaw falls: mostly the lower lip goes, the corners sink a little. Lips pushed forward look
    thicker, open in their middle and leave a small hole there. The upper lip is raised."""
    drop = OPENING * jaw * (1 - 0.15 * round_)
    sink = drop * 0.12 * (1 - 0.6 * round_)
    for row in range(4):
        for i in range(_POINTS):
            sides = 0.8 * round_ * _middle(squares[row // 2 * 2, i], 0.84)
            fall = (1 - 0.8 * round_) * arch[row, i] + sides
            corner = _CORNER if i in (0, _POINTS - 1) else 1.0
            y[row, i] += drop * _SHARE[row] * fall + sink * corner * squares[row, i]
            y[row, i] += upper * _RAISED[row] * arch[row, i]
            if row < _UPPER:
                y[row, i] += round_ * _ROUNDED[row] * arch[row, i]
            else:
                hole = 0.010 * round_ * _middle(squares[0, i], 0.6)
                y[row, i] += hole if row == _LOWER else -hole


@quick("(f8[:,::1],f8[:,::1],f8)")
def _press(arch: Array, y: Array, amount: float) -> None:
    """Lips pressed together close whatever the jaw does, and roll in."""
    share = min(1.0, max(0.0, (amount - _MEETING) / (_MET - _MEETING)))
    share *= share * (3 - 2 * share)
    for i in range(_POINTS):
        gap = max(0.0, y[_LOWER, i] - y[_UPPER, i]) * share
        for row in range(4):
            y[row, i] += _CLOSING[row] * gap
        for row in range(2):
            y[row, i] += amount * _PRESSED[row] * arch[row, i]


@quick("(f8[:,::1],f8[:,::1],f8)")
def _tuck(arch: Array, y: Array, amount: float) -> None:
    """The lower lip goes up and in, to the edge of the upper teeth."""
    for i in range(_POINTS):
        y[_UPPER, i] -= 0.030 * amount * arch[_UPPER, i]
        y[0, i] -= 0.022 * amount * arch[0, i]
        gap = max(0.0, y[_LOWER, i] - y[_UPPER, i] - 0.042)
        y[_LOWER, i] -= 0.9 * amount * gap
        y[1, i] -= amount * (0.6 * gap + 0.085 * arch[1, i])


@quick("(f8[:,::1],f8[:,::1])")
def _place(asked: Array, y: Array) -> None:
    """Give the contours' points their heights; lips never cross."""
    for i in range(_POINTS):
        y[_LOWER, i] = max(y[_LOWER, i], y[_UPPER, i])
    for row in range(4):
        for i in range(_POINTS):
            asked[_CONTOURS[row, i], 1] = y[row, i]


@quick("(f8[:,::1],f8[:,::1],f8,f8)")
def _widen(asked: Array, rest: Array, stretch: float, smile: float) -> None:
    centre = (rest[_LEFT, 0] + rest[_RIGHT, 0]) / 2
    low = high = rest[0, 0]
    for i in range(_LIP_COUNT):
        low, high = min(low, rest[i, 0]), max(high, rest[i, 0])
    half = max(1e-3, (high - low) / 2)
    for i in range(_LIP_COUNT):
        x = rest[i, 0] - centre
        asked[i, 0] += stretch * x
        asked[i, 1] -= 0.02 * smile * (x / half) ** 2


@quick("(f8[:,::1],f8[:,::1])")
def keep_texture(lips: Array, own: Array) -> None:
    """Give the asked lips the red that the camera sees, thicker or thinner as a whole: thin lips
    cannot be blown up without blurring, nor an uneven edge be made even without streaks."""
    for row in range(2):
        down = -1.0 if row == 0 else 1.0  # from the lip's inner to its outer edge
        outer, inner = _CONTOURS[row], _CONTOURS[row + 2]
        seen = wanted = 0.0
        for i in range(_MIDDLE_FIRST, _MIDDLE_LAST):
            seen += down * (own[outer[i], 1] - own[inner[i], 1])
            wanted += down * (lips[outer[i], 1] - lips[inner[i], 1])
        count = _MIDDLE_LAST - _MIDDLE_FIRST
        ratio = max(0.0, wanted / count) / max(0.01, seen / count)
        ratio = min(1.5, max(0.5, ratio))
        for i in range(1, _POINTS - 1):
            # In the corners of a wide-open mouth the edges lie beside, not above each other.
            red = max(_THINNEST, down * (own[outer[i], 1] - own[inner[i], 1]))
            lips[outer[i], 1] = lips[inner[i], 1] + down * ratio * red
