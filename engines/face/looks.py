"""How a face has looked so far: what covers its mouth and what blurs it is told by that."""

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.face.crop import Seen
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

_LEAST_SPREAD = np.array([0.04, 0.05, 0.09, 0.035], np.float32)
_QUICK, _SLOW, _RELUCTANT = 0.5, 4.0, 60.0
_ODD, _ACQUAINTED = 2.0, 1.0
_SOFT = 0.65
_NEAR = 12


class Looks:
    """Follows one face. After `compare`, `strangeness` says how far the mouth was from its
    habitual looks (1 is usual while talking, 3 something else) and `sharpness` how sharp the
    face was, as a part of the habitual."""

    def __init__(self) -> None:
        self._skin: Array | None = None
        self._mean = np.zeros(3, np.float32)
        self._square = (2 * _LEAST_SPREAD) ** 2
        self._sharp = 0.0
        self._known = 0.0
        self.strangeness = 0.0
        self.sharpness = 1.0

    def compare(self, seen: Seen, seconds: float) -> None:
        """Judge a face by what is known, then learn from it what `seconds` of it teach."""
        marks, skin = _marks(seen.view, seen.places)
        sharp = _sharpness(seen.view, seen.places)
        if self._skin is None:
            self._mean, self._skin, self._sharp = marks, skin, sharp
        away = np.append(marks - self._mean, np.abs(skin - self._skin).mean()).astype(np.float32)
        # Lips that show less red, less edge than ever may be hidden; more never means that.
        against = np.where([True, False, True, False], -np.minimum(away, 0), np.abs(away))
        ratios = against / np.sqrt(np.maximum(self._square, _LEAST_SPREAD**2))
        self.strangeness = float(np.sqrt((ratios**2).mean()))
        self.sharpness = sharp / max(self._sharp, 1e-3)
        if seconds > 0:
            self._learn(marks, skin, sharp, away, seconds)

    def _learn(self, marks: Array, skin: Array, sharp: float, away: Array, seconds: float) -> None:
        assert self._skin is not None
        self._known += seconds
        habit = max(_QUICK, min(_SLOW, self._known))
        # A hand may stay for long at a mouth that is known: it must not become its looks.
        odd = self.strangeness > _ODD and self._known > _ACQUAINTED
        share = np.float32(1 - np.exp(-seconds / (_RELUCTANT if odd else habit)))
        self._mean = self._mean + share * (marks - self._mean)
        self._skin = self._skin + share * (skin - self._skin)
        most = 9 * np.maximum(self._square, _LEAST_SPREAD**2)
        self._square = self._square + share * (np.minimum(away**2, most) - self._square)
        soft = 4 * habit if self.sharpness < _SOFT else habit
        self._sharp += (1 - np.exp(-seconds / soft)) * (sharp - self._sharp)


def _marks(view: NDArray[np.uint8], places: Array) -> tuple[Array, Array]:
    """How much redder, brighter and richer in edges the lips are than the skin around; and the
    brightness of that skin against the upper face, place by place. Logarithms, so that another
    light changes little."""
    at = np.clip(places[:, :2].round().astype(int), 0, view.shape[0] - 1)
    soft = np.asarray(cv2.blur(view, (5, 5)), np.uint8)
    light = np.log(soft[at[:, 1], at[:, 0]].astype(np.float32) + 8)
    green, red = light[:, 1], light[:, 0] - light[:, 1]
    marks = [x[_LIPS].mean() - x[_AROUND].mean() for x in (red, green)] + [_edges(soft, at[_LIPS])]
    return np.array(marks, np.float32), green[_AROUND] - np.median(green[_ABOVE])


def _edges(soft: NDArray[np.uint8], lips: NDArray[np.int_]) -> float:
    """Mean logarithm of the strength of edges near the lips, in parts of the brightness."""
    low, high = np.maximum(lips.min(0) - _NEAR, 0), lips.max(0) + _NEAR + 1
    grey = cv2.cvtColor(soft[low[1] : high[1], low[0] : high[0]], cv2.COLOR_RGB2GRAY)
    across = cv2.convertScaleAbs(cv2.Sobel(grey, cv2.CV_16S, 1, 0), alpha=0.5)
    down = cv2.convertScaleAbs(cv2.Sobel(grey, cv2.CV_16S, 0, 1), alpha=0.5)
    strength = cv2.blur(cv2.add(across, down), (9, 9))
    x, y = (lips - low).T
    level = float(np.median(grey)) + 8
    return float(np.log(strength[y, x] / level + 0.02).mean())


def _sharpness(view: NDArray[np.uint8], places: Array) -> float:
    """Fine detail in the face against all detail in it."""
    grey = cv2.cvtColor(view, cv2.COLOR_RGB2GRAY)
    side = view.shape[0]
    x0, y0 = np.clip(places[:, :2].min(0).astype(int), 0, side // 2)
    x1, y1 = np.clip(places[:, :2].max(0).astype(int), side // 2 + 8, side)
    face = grey[y0:y1, x0:x1]
    fine = float(cv2.Laplacian(face, cv2.CV_16S).std())
    return fine / max(float(face.std()), 4.0)
