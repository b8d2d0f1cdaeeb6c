"""From the six mouth parameters to the lips' landmarks, starting from the mouth at rest.

All in head coordinates (unit: the distance of the eyes). The amounts are those of a clear but
not exaggerated speaker, read off talking faces.
"""

import numpy as np
from numpy.typing import NDArray

from engines.lips import points as at

Array = NDArray[np.float64]

_THINNEST = 0.012
_DOWN = np.array([[-1.0], [1.0]])
"""From a lip's inner to its outer edge."""
OPENING = 0.27
"""Height of the inside of a mouth asked for with jaw = 1."""


_CONTOURS = np.stack([at.UPPER_OUTER, at.LOWER_OUTER, at.UPPER_INNER, at.LOWER_INNER])
_OUTER, _INNER = slice(0, 2), slice(2, 4)
_UPPER, _LOWER = 2, 3
"""Rows of what follows: one a contour, its eleven points from corner to corner."""

_FULLNESS = np.array([[0.6], [0.6], [0.75], [0.75]])
_SHARE = np.array([[-0.12], [0.88], [-0.12], [0.88]])
"""How much of the jaw's fall goes to the upper and to the lower lip."""
_CORNERS = np.ones(11)
_CORNERS[[0, -1]] = 2.0
"""A corner belongs to two contours, and each of them takes it along."""
_RAISED = np.array([[-0.085], [-0.025], [-0.105], [-0.040]])
"""A raised upper lip shows teeth; the lower lip follows some of the way, as it is the jaw that
opens the mouth."""
_ROUNDED = np.array([[-0.030], [0.036]])
_PRESSED = np.array([[0.030], [-0.046]])


class _Lips:
    """The four contours: `x`, their points' positions between the corners, -1 to 1, and `y`,
    their heights. `arch` is 1 in the middle and 0 at the corners."""

    def __init__(self, rest: Array) -> None:
        x = rest[_CONTOURS, 0]
        first, last = x[:, :1], x[:, -1:]
        half = np.maximum(1e-3, np.abs(last - first) / 2)
        self.x = np.minimum(np.maximum((x - (first + last) / 2) / half, -1), 1)
        self.squares = self.x * self.x
        self.arch = (1 - self.squares) ** _FULLNESS
        self.y = rest[_CONTOURS, 1]

    def middle(self, width: float) -> Array:
        """1 in the middle of either upper contour, 0 from `width` on."""
        return np.asarray(np.sqrt(np.maximum(1 - self.squares[[0, 2]] / width**2, 0)))


def asked_lips(rest: Array, shape: NDArray[np.float32]) -> Array:
    """All points with the lips as asked for; points that are not lip stay as in `rest`."""
    clipped = np.minimum(np.maximum(shape, 0), 1)
    jaw, width, round_, upper, press, tuck = clipped.astype(np.float64).tolist()
    lips = _Lips(rest)
    _open(lips, jaw, round_)
    if round_ > 0:
        _round(lips, round_)
    if upper > 0:
        lips.y += upper * _RAISED * lips.arch
    if press > 0:
        _press(lips, press)
    if tuck > 0:
        _tuck(lips, tuck)
    np.maximum(lips.y[_LOWER], lips.y[_UPPER], out=lips.y[_LOWER])
    asked = rest.copy()
    asked[_CONTOURS, 1] = lips.y
    _widen(asked, rest, 0.25 * width - 0.24 * round_ - 0.07 * jaw * (1 - round_), width)
    return asked


def _open(lips: _Lips, jaw: float, round_: float) -> None:
    """The jaw falls: mostly the lower lip goes, the corners sink a little."""
    drop = OPENING * jaw * (1 - 0.15 * round_)
    arch = lips.arch
    if round_ > 0:  # a rounded mouth opens in its middle, its sides stay shut
        arch = (1 - 0.8 * round_) * arch + 0.8 * round_ * lips.middle(0.84)[[0, 0, 1, 1]]
    lips.y += (drop * _SHARE) * arch
    lips.y += (drop * 0.12 * (1 - 0.6 * round_)) * _CORNERS * lips.squares


def _round(lips: _Lips, amount: float) -> None:
    """Lips pushed forward look thicker, and leave a small hole in the middle."""
    hole = 0.010 * amount * lips.middle(0.6)[0]
    lips.y[_UPPER] -= hole
    lips.y[_LOWER] += hole
    lips.y[_OUTER] += amount * _ROUNDED * lips.arch[_OUTER]


def _widen(asked: Array, rest: Array, stretch: float, smile: float) -> None:
    at_rest = rest[at.ALL_LIPS, 0]
    left, right = rest[at.CORNERS, 0].tolist()
    centre = (left + right) / 2
    asked[at.ALL_LIPS, 0] += stretch * (at_rest - centre)
    if smile > 0:
        half = max(1e-3, float(at_rest.max() - at_rest.min()) / 2)
        asked[at.ALL_LIPS, 1] -= (0.02 * smile / half**2) * (at_rest - centre) ** 2


def _press(lips: _Lips, amount: float) -> None:
    """Lips pressed together close whatever the jaw does, and roll in."""
    y = lips.y
    share = min(1.0, max(0.0, (amount - 0.1) / 0.6))
    gap = np.maximum(y[_LOWER] - y[_UPPER], 0) * (share * share * (3 - 2 * share))
    y += np.array([[0.25], [-0.65], [0.3], [-0.7]]) * gap
    y[_OUTER] += amount * _PRESSED * lips.arch[_OUTER]


def _tuck(lips: _Lips, amount: float) -> None:
    """The lower lip goes up and in, to the edge of the upper teeth."""
    y, arch = lips.y, lips.arch
    y[_UPPER] -= 0.030 * amount * arch[_UPPER]
    y[0] -= 0.022 * amount * arch[0]
    gap = np.maximum(y[_LOWER] - y[_UPPER] - 0.042, 0)
    y[_LOWER] -= 0.9 * amount * gap
    y[1] -= amount * (0.6 * gap + 0.085 * arch[1])


def keep_texture(lips: Array, own: Array) -> None:
    """Give the asked lips the red that the camera sees, thicker or thinner as a whole: thin lips
    cannot be blown up without blurring, nor an uneven edge be made even without streaks."""
    mine, theirs = own[_CONTOURS, 1], lips[_CONTOURS, 1]
    seen, asked = ((y[_OUTER] - y[_INNER]) * _DOWN for y in (mine, theirs))
    for row, down in ((0, -1.0), (1, 1.0)):
        thick, wanted = (sum(red[row, at.MIDDLE].tolist()) / 3 for red in (seen, asked))
        ratio = max(0.0, wanted) / max(0.01, thick)
        # In the corners of a wide-open mouth the edges lie beside, not above each other.
        red = np.maximum(seen[row], _THINNEST) * (down * min(1.5, max(0.5, ratio)))
        lips[_CONTOURS[row, 1:-1], 1] = (theirs[row + 2] + red)[1:-1]
