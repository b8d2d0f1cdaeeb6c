"""From the six mouth parameters to the lips' landmarks, starting from the mouth at rest.

All in head coordinates (unit: the distance of the eyes). The amounts are those of a clear but
not exaggerated speaker, read off talking faces.
"""

import numpy as np
from numpy.typing import NDArray

from engines.lips import points as at

Array = NDArray[np.float64]

_THINNEST = 0.012
OPENING = 0.27
"""Height of the inside of a mouth asked for with jaw = 1."""


class _Contour:
    """One of the four lip contours with its position between the corners, -1 to 1."""

    def __init__(self, rest: Array, index: at.Index) -> None:
        self.index = index
        x = rest[index, 0]
        centre, half = (x[0] + x[-1]) / 2, max(1e-3, abs(x[-1] - x[0]) / 2)
        self.x = np.minimum(np.maximum((x - centre) / half, -1), 1)
        self._inside = 1 - self.x**2

    def arch(self, power: float) -> Array:
        """1 in the middle, 0 at the corners; the smaller the power, the fuller."""
        return np.asarray(self._inside**power)


def asked_lips(rest: Array, shape: NDArray[np.float32]) -> Array:
    """All points with the lips as asked for; points that are not lip stay as in `rest`."""
    jaw, width, round_, upper, press, tuck = (float(value) for value in np.clip(shape, 0, 1))
    lips = rest.copy()
    upper_outer, lower_outer = _Contour(rest, at.UPPER_OUTER), _Contour(rest, at.LOWER_OUTER)
    upper_inner, lower_inner = _Contour(rest, at.UPPER_INNER), _Contour(rest, at.LOWER_INNER)
    pairs = ((upper_inner, lower_inner, 0.75), (upper_outer, lower_outer, 0.6))
    for above, below, power in pairs:
        _open(lips, above, below, jaw=jaw, round_=round_, power=power)
    _round(lips, upper_outer, lower_outer, round_)
    _widen(lips, rest, 0.25 * width - 0.24 * round_ - 0.07 * jaw * (1 - round_), width)
    lips[at.UPPER_INNER, 1] -= 0.105 * upper * upper_inner.arch(0.75)
    lips[at.UPPER_OUTER, 1] -= 0.085 * upper * upper_outer.arch(0.6)
    _press(lips, upper_outer, lower_outer, press)
    _tuck(lips, lower_inner, lower_outer, tuck)
    _never_crossed(lips)
    return lips


def _open(
    lips: Array, above: _Contour, below: _Contour, *, jaw: float, round_: float, power: float
) -> None:
    """The jaw falls: mostly the lower lip goes, the corners sink a little."""
    drop = OPENING * jaw
    # A rounded mouth opens in its middle, its sides stay shut.
    narrow = np.sqrt(np.maximum(1 - (above.x / 0.84) ** 2, 0))
    for contour, share in ((above, -0.12), (below, 0.88)):
        arch = (1 - 0.8 * round_) * contour.arch(power) + 0.8 * round_ * narrow
        corners = 0.12 * (1 - 0.6 * round_) * contour.x**2
        lips[contour.index, 1] += drop * (share * arch + corners)


def _round(lips: Array, above: _Contour, below: _Contour, amount: float) -> None:
    """Lips pushed forward look thicker, and leave a small hole in the middle."""
    for inner, sign in ((at.UPPER_INNER, -1), (at.LOWER_INNER, 1)):
        x = above.x
        lips[inner, 1] += sign * 0.020 * amount * np.sqrt(np.maximum(1 - (x / 0.6) ** 2, 0))
    lips[above.index, 1] -= 0.030 * amount * above.arch(0.6)
    lips[below.index, 1] += 0.036 * amount * below.arch(0.6)


def _widen(lips: Array, rest: Array, stretch: float, smile: float) -> None:
    x = lips[at.LIPS, 0]
    centre = _mean(rest[at.CORNERS, 0])
    at_rest = rest[at.LIPS, 0]
    half = max(1e-3, float(at_rest.max() - at_rest.min()) / 2)
    lips[at.LIPS, 0] = centre + (x - centre) * (1 + stretch)
    lips[at.LIPS, 1] -= 0.02 * smile * ((at_rest - centre) / half) ** 2


def _press(lips: Array, above: _Contour, below: _Contour, amount: float) -> None:
    """Lips pressed together close whatever the jaw does, and roll in."""
    for inner_above, inner_below in ((at.UPPER_INNER, at.LOWER_INNER),):
        top, bottom = lips[inner_above, 1].copy(), lips[inner_below, 1].copy()
        gap = np.maximum(bottom - top, 0) * min(1.0, 1.5 * amount)
        lips[inner_above, 1] += 0.3 * gap
        lips[inner_below, 1] -= 0.7 * gap
        lips[above.index, 1] += 0.25 * gap
        lips[below.index, 1] -= 0.65 * gap
    lips[above.index, 1] += 0.030 * amount * above.arch(0.6)
    lips[below.index, 1] -= 0.046 * amount * below.arch(0.6)


def _tuck(lips: Array, inner: _Contour, outer: _Contour, amount: float) -> None:
    """The lower lip goes up and in, to the edge of the upper teeth."""
    lips[at.UPPER_INNER, 1] -= 0.030 * amount * inner.arch(0.75)
    lips[at.UPPER_OUTER, 1] -= 0.022 * amount * outer.arch(0.6)
    gap = np.maximum(lips[inner.index, 1] - lips[at.UPPER_INNER, 1] - 0.042, 0)
    lips[inner.index, 1] -= 0.9 * amount * gap
    lips[outer.index, 1] -= amount * (0.6 * gap + 0.085 * outer.arch(0.6))


def keep_texture(lips: Array, own: Array) -> None:
    """Give the asked lips the red that the camera sees, thicker or thinner as a whole: thin lips
    cannot be blown up without blurring, nor an uneven edge be made even without streaks."""
    contours = ((at.UPPER_OUTER, at.UPPER_INNER, -1), (at.LOWER_OUTER, at.LOWER_INNER, 1))
    for outer, inner, down in contours:
        seen = down * (own[outer, 1] - own[inner, 1])
        asked = down * (lips[outer, 1] - lips[inner, 1])
        ratio = max(0.0, _mean(asked[at.MIDDLE])) / max(0.01, _mean(seen[at.MIDDLE]))
        # In the corners of a wide-open mouth the edges lie beside, not above each other.
        red = np.maximum(seen, _THINNEST) * min(1.5, max(0.5, ratio))
        lips[outer[1:-1], 1] = (lips[inner, 1] + down * red)[1:-1]


def _mean(values: Array) -> float:
    """Of a few values."""
    return float(sum(values.tolist())) / len(values)


def _never_crossed(lips: Array) -> None:
    lips[at.LOWER_INNER, 1] = np.maximum(lips[at.LOWER_INNER, 1], lips[at.UPPER_INNER, 1])
