"""How a face has looked so far: what covers its mouth and what blurs it is told by that."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.face.crop import Seen
from engines.face.looks_loops import detail, edges, light_at
from engines.face.nets import Array

_LIPS = np.array(
    [73, 72, 11, 302, 303, 38, 12, 268, 41, 271, 180, 85, 16, 315, 404, 179, 86, 15, 316, 403]
)
"""On the red of the lips."""
_AROUND = np.array(
    [
        164,
        167,
        393,
        165,
        391,
        18,
        83,
        313,
        182,
        406,
        200,
        199,
        201,
        421,
        92,
        322,
        186,
        410,
        57,
        287,
        43,
        273,
        106,
        335,
        216,
        436,
        212,
        432,
        202,
        422,
        204,
        424,
    ]
)
"""Skin around the mouth, out of the reach of lips and teeth."""
_ABOVE = np.array([151, 9, 8, 6, 197, 195, 5, 50, 280, 101, 330, 118, 347, 205, 425])
"""Skin that hands seldom hide together with the mouth."""

_LEAST_SQUARE = (0.04**2, 0.05**2, 0.09**2, 0.035**2)
"""The smallest spread, squared, of each of the marks and of the skin's brightness."""
_QUICK, _SLOW, _RELUCTANT = 0.5, 4.0, 60.0
_ODD, _ACQUAINTED = 2.0, 1.0
_SOFT, _SUSPECT = 0.65, 0.75
_NEAR = 12
_LEAST_DETAIL = 4.0


_USED = np.concatenate([_LIPS, _AROUND, _ABOVE])
_IS_LIPS = slice(0, len(_LIPS))
_IS_AROUND = slice(len(_LIPS), len(_LIPS) + len(_AROUND))
_IS_ABOVE = slice(len(_LIPS) + len(_AROUND), None)


class Looks:
    """Follows one face. After `compare`, `strangeness` says how far the mouth was from its
    habitual looks (1 is usual while talking, 3 something else) and `sharpness` how sharp the
    face was, as a part of the habitual.

    The two take turns, a frame each, as long as neither raises a doubt.
    """

    def __init__(self) -> None:
        self._mouth = _Mouth()
        self._focus = _Focus()
        self._frames = 0

    @property
    def strangeness(self) -> float:
        return self._mouth.strangeness

    @property
    def sharpness(self) -> float:
        return self._focus.sharpness

    def compare(self, seen: Seen, seconds: float) -> None:
        """Judge a face by what is known, then learn from it what `seconds` of it teach."""
        doubtful = self.strangeness > _ODD or self.sharpness < _SUSPECT
        for part in (self._mouth, self._focus):
            part.wait(seconds)
        if doubtful or self._frames % 2 == 0:
            self._mouth.compare(seen)
        if doubtful or self._frames % 2 == 1 or self._focus.unknown:
            self._focus.compare(seen)
        self._frames += 1


class _Habit:
    """Learns the faster the less it knows."""

    def __init__(self) -> None:
        self._known = self._waited = 0.0

    def wait(self, seconds: float) -> None:
        """So much time has passed, whether or not this is looked at."""
        self._waited += seconds

    def _lived(self) -> tuple[float, float]:
        """Seconds since the last look, and those over which a habit forms by now."""
        seconds, self._waited = self._waited, 0.0
        self._known += seconds
        return seconds, max(_QUICK, min(_SLOW, self._known))


class _Mouth(_Habit):
    def __init__(self) -> None:
        super().__init__()
        self._skin: Array | None = None
        self._mean = [0.0, 0.0, 0.0]
        self._square = [4 * least for least in _LEAST_SQUARE]
        self.strangeness = 0.0

    def compare(self, seen: Seen) -> None:
        marks, skin = _marks(seen.view, seen.places)
        if self._skin is None:
            self._mean, self._skin = marks, skin
        paler = float(np.abs(skin - self._skin).sum()) / len(skin)
        away = [now - usual for now, usual in zip(marks, self._mean, strict=True)] + [paler]
        spread = [
            max(usual, least) for usual, least in zip(self._square, _LEAST_SQUARE, strict=True)
        ]
        # Lips that show less red, less edge than ever may be hidden; more never means that.
        red, light, edge = min(away[0], 0.0), away[1], min(away[2], 0.0)
        against = [
            x * x / usual for x, usual in zip((red, light, edge, paler), spread, strict=True)
        ]
        self.strangeness = math.sqrt(sum(against) / len(against))
        seconds, habit = self._lived()
        # A hand may stay for long at a mouth that is known: it must not become its looks.
        odd = self.strangeness > _ODD and self._known > _ACQUAINTED
        share = 1 - math.exp(-seconds / (_RELUCTANT if odd else habit))
        self._mean = [
            usual + share * (now - usual) for now, usual in zip(marks, self._mean, strict=True)
        ]
        self._skin = self._skin + np.float32(share) * (skin - self._skin)
        self._square = [
            usual + share * (min(x * x, 9 * most) - usual)
            for x, usual, most in zip(away, self._square, spread, strict=True)
        ]


class _Focus(_Habit):
    def __init__(self) -> None:
        super().__init__()
        self._usual: float | None = None
        self.sharpness = 1.0

    @property
    def unknown(self) -> bool:
        return self._usual is None

    def compare(self, seen: Seen) -> None:
        sharp = _sharpness(seen.view, seen.places)
        usual = sharp if self._usual is None else self._usual
        self.sharpness = sharp / max(usual, 1e-3)
        seconds, habit = self._lived()
        soft = 4 * habit if self.sharpness < _SOFT else habit
        self._usual = usual + (1 - math.exp(-seconds / soft)) * (sharp - usual)


def _marks(view: NDArray[np.uint8], places: Array) -> tuple[list[float], Array]:
    """How much redder, brighter and richer in edges the lips are than the skin around; and the
    brightness of that skin against the upper face, place by place. Logarithms, so that another
    light changes little."""
    at = np.rint(places[_USED]).astype(np.intp)
    np.minimum(np.maximum(at, 0, out=at), view.shape[0] - 1, out=at)
    if light_at is None or edges is None:
        light, edge = _seen_there(view, at)
    else:
        light = np.empty((len(at), 2), np.float32)
        light_at(view, at, light)
        edge = edges(view, at[_IS_LIPS], _NEAR)
    green, red = light[:, 1], light[:, 0] - light[:, 1]
    marks = [_mean(x[_IS_LIPS]) - _mean(x[_IS_AROUND]) for x in (red, green)]
    return [*marks, edge], green[_IS_AROUND] - _middle(green[_IS_ABOVE])


def _seen_there(view: NDArray[np.uint8], at: NDArray[np.int_]) -> tuple[Array, float]:
    """Logarithms of the red and the green around these places, and of the lips' edges."""
    low, high = np.maximum(at.min(0) - _NEAR, 0), at.max(0) + _NEAR + 1
    soft = np.asarray(cv2.blur(view[low[1] : high[1], low[0] : high[0]], (5, 5)), np.uint8)
    at = at - low
    light = np.log(soft[at[:, 1], at[:, 0], :2].astype(np.float32) + 8)
    return light, _edges(soft, at[_IS_LIPS])


def _middle(values: Array) -> float:
    """The median of an odd number."""
    return float(np.sort(values)[len(values) // 2])


def _mean(values: Array) -> float:
    """Of a few values."""
    return float(np.add.reduce(values)) / len(values)


def _edges(soft: NDArray[np.uint8], lips: NDArray[np.int_]) -> float:
    """Mean logarithm of the strength of edges near the lips, in parts of the brightness."""
    low, high = np.maximum(lips.min(0) - _NEAR, 0), lips.max(0) + _NEAR + 1
    grey = cv2.cvtColor(soft[low[1] : high[1], low[0] : high[0]], cv2.COLOR_RGB2GRAY)
    across = cv2.convertScaleAbs(cv2.Sobel(grey, cv2.CV_16S, 1, 0), alpha=0.5)
    down = cv2.convertScaleAbs(cv2.Sobel(grey, cv2.CV_16S, 0, 1), alpha=0.5)
    strength = cv2.blur(cv2.add(across, down), (9, 9))
    x, y = (lips - low).T
    level = float(np.median(grey[::4, ::4])) + 8
    return float(np.log(strength[y, x] / level + 0.02).mean())


def _sharpness(view: NDArray[np.uint8], places: Array) -> float:
    """Fine detail in the face against all detail in it."""
    side = view.shape[0]
    x0, y0 = (min(max(int(low), 0), side // 2) for low in places.min(0).tolist())
    x1, y1 = (min(max(int(high), side // 2 + 8), side) for high in places.max(0).tolist())
    if detail is not None:
        fine_spread, spread = detail(view, x0, y0, x1, y1)
        return float(fine_spread / max(spread, _LEAST_DETAIL))
    face = cv2.cvtColor(view[y0:y1, x0:x1], cv2.COLOR_RGB2GRAY)
    _, fine = cv2.meanStdDev(cv2.Laplacian(face, cv2.CV_16S))
    _, all_ = cv2.meanStdDev(face)
    return float(fine.item()) / max(float(all_.item()), _LEAST_DETAIL)
