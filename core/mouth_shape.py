"""The six mouth parameters of a face that is seen, measured in the frame of its head.

Lengths are in units of the head's frame (the distance of the eyes' centres), so neither the
distance from the camera nor a turned or tilted head changes them. Each parameter is 0 for this
speaker's mouth at rest:

    jaw     the inner lips stand 0.38 apart                                             at 1
    width   the corners stand 30 % farther apart than at rest, as in a wide smile       at 1
    round   the corners stand 25 % closer, as in a tight "oo"                           at 1
    upper   the upper lip's edge lies 0.14 higher, beyond what opening the mouth does   at 1
    press   closed, and a third of the red of both lips is hidden                       at 1
    tuck    almost closed, and 40 % of the red of the lower lip alone is hidden         at 1
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

_UPPER_INNER, _LOWER_INNER = [82, 13, 312], [87, 14, 317]
_UPPER_OUTER, _LOWER_OUTER = [37, 0, 267], [84, 17, 314]
_CORNERS, _SUBNASALE = [61, 291], 2
_USED = np.array(
    [*_UPPER_OUTER, *_UPPER_INNER, *_LOWER_INNER, *_LOWER_OUTER, *_CORNERS, _SUBNASALE]
)

_OPEN = 0.38
_WIDER, _NARROWER = 0.30, 0.25
_NARROWED_BY_JAW = 0.07
_RAISED, _RAISED_BY_JAW = 0.14, 0.03
_PRESSED, _TUCKED = 0.35, 0.40
_CLOSED = 0.04


@dataclass(frozen=True, slots=True)
class Lips:
    """What is measured on a mouth, in units of the head's frame: `gap` between the inner lips,
    `width` between the corners, `lip` from under the nose to the upper lip's lower edge, and how
    much red of the `upper` and the `lower` lip is seen."""

    gap: float
    width: float
    lip: float
    upper: float
    lower: float


AVERAGE = Lips(gap=0.02, width=0.80, lip=0.40, upper=0.115, lower=0.165)
"""A mouth at rest, before anything is known about this speaker."""


def measure(points: NDArray[np.floating]) -> Lips:
    """From 468 landmarks in the head's frame."""
    place: list[list[float]] = points[_USED].tolist()
    above, top, bottom, below = place[0:3], place[3:6], place[6:9], place[9:12]
    left, right, nose = place[12:]
    return Lips(
        gap=max(0.0, sum(low[1] - high[1] for high, low in zip(top, bottom, strict=True)) / 3),
        width=math.dist(left, right),
        lip=top[1][1] - nose[1],
        upper=_thickness(above, top),
        lower=_thickness(bottom, below),
    )


def mouth_shape(seen: Lips, rest: Lips = AVERAGE) -> Array:
    """The parameters in the order of MOUTH_PARAMETERS, each in [0, 1]."""
    opened = max(0.0, seen.gap - rest.gap)
    jaw = opened / _OPEN
    wider = seen.width / rest.width - 1 + _NARROWED_BY_JAW * min(jaw, 1)
    raised = rest.lip - seen.lip - _RAISED_BY_JAW * min(jaw, 1)
    hidden = 1 - (seen.upper + seen.lower) / (rest.upper + rest.lower)
    press = hidden / _PRESSED * max(0.0, 1 - opened / _CLOSED)
    lower = (1 - seen.lower / rest.lower) - max(0.0, 1 - seen.upper / rest.upper)
    tuck = lower / _TUCKED * max(0.0, 1 - opened / (3 * _CLOSED))
    shape = [jaw, wider / _WIDER, -wider / _NARROWER, raised / _RAISED, press, tuck]
    return np.clip(np.array(shape, np.float32), 0, 1)


class RestingMouth:
    """Learns what this speaker's mouth measures at rest, from the moments when it is closed:
    the average mouth first, within some seconds of closed mouth the speaker's own."""

    def __init__(self, *, settle: float = 2.0, wander: float = 0.25) -> None:
        """`settle`: seconds of closed mouth until it is known; `wander`: how far, in parts, it
        may be from the average, so that no grimace becomes the rest."""
        self._settle = settle
        self._low = _numbers(AVERAGE) * (1 - wander)
        self._high = _numbers(AVERAGE) * (1 + wander)
        self._high[0], self._low[0] = 0.06, 0.0
        self._seen = 0.0
        self.lips = AVERAGE

    def observe(self, seen: Lips, seconds: float) -> None:
        """A mouth that was seen for some time."""
        if seen.gap > self.lips.gap + _CLOSED or not 0 < seconds < 1:
            return
        self._seen = min(self._seen + seconds, 5 * self._settle)
        share = min(1.0, seconds / max(self._seen, self._settle))
        now = np.minimum(np.maximum(_numbers(seen), self._low), self._high)
        self.lips = Lips(*(_numbers(self.lips) * (1 - share) + now * share).tolist())


def _numbers(lips: Lips) -> NDArray[np.float64]:
    return np.array([lips.gap, lips.width, lips.lip, lips.upper, lips.lower])


def _thickness(outer: list[list[float]], inner: list[list[float]]) -> float:
    return sum(math.dist(a, b) for a, b in zip(outer, inner, strict=True)) / len(outer)
