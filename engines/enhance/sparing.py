"""When to leave sound alone: where next to nothing disturbs the voice. A network costs a clean
voice more than it brings."""

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

from engines.enhance.features import HOP, RATE, Rows

Line = NDArray[np.floating]

_LITTLE_DB, _MUCH_DB = -7.0, -4.0
"""What a network would take away, beside all that is heard: so little that it is a clean voice's
own, and so much that all of the sound is to be the enhanced one."""
_ALIKE_DB, _APART_DB = -9.0, -6.0
"""The same of what it does otherwise because of the lips that it sees."""
_SURE, _UNSURE = 0.17, 0.1
"""How sure the network is that nothing disturbs, from where on that is believed, and up to where it
is not. Lips that are somebody else's let it take much away from a clean voice."""
_REMEMBERED = 1.0, 1.0
"""Seconds: of what is taken away, and of how sure the network was."""
_QUIET, _USUAL = 0.1, 0.7
"""The share of the usual power from which on sound tells something; usual in so many seconds."""
_NOTHING = 1e-9

_CLEAR_DB, _NOISY_DB = 18.0, 12.0
"""By how much a voice stands above steady noise where that is left alone, and where it is not."""
_BLOCK, _BLOCKS = 8, 10
"""Steady is what stays for a second and a half: the least of so many frames, so many times."""
_SMOOTH, _NEAR = 0.5, 0.1
_BIAS = 1.5
"""By how much noise is louder in the mean than at its least."""
_LOWEST = 4
"""The first band that counts: where voices begin."""
_TELLS_AFTER = 50
"""Frames after which the least is known well enough; what begins is judged with care."""


class Sparing:
    """What is left of what a network would do, frame for frame."""

    def __init__(self) -> None:
        self._change, self._lips, self._plain, self._floor = Change(), Change(), Plain(), Floor()
        self._heard = 0

    def spared(self, gain: Rows, unseen: Rows, plain: Line, powers: Rows) -> Rows:
        """`gain` is what the network would do to each band of what was heard, `unseen` what it
        would do if it saw nobody, `plain` how sure it is that nothing disturbs. Lips have no say
        about steady noise."""
        much, noisy = self.shares(gain, unseen, plain, powers)
        rest = np.maximum(noisy - much, 0)[:, None]
        return np.asarray(1 - much[:, None] * (1 - gain) - rest * (1 - unseen), np.float32)

    def shares(self, gain: Rows, unseen: Rows, plain: Line, powers: Rows) -> tuple[Line, Line]:
        """From 0 to 1: how much of the sound is to be as with the lips that are seen, for another
        disturbs; and how much is to be enhanced at least, for there is noise."""
        doubt = (_SURE - self._plain.lately(plain, powers.sum(axis=1))) / (_SURE - _UNSURE)
        change = self._change.lately(np.ones_like(gain), gain, powers)
        much = (change - _LITTLE_DB) / (_MUCH_DB - _LITTLE_DB)
        apart = (self._lips.lately(unseen, gain, powers) - _ALIKE_DB) / (_APART_DB - _ALIKE_DB)
        noise = (_CLEAR_DB - self._floor.above(powers)) / (_CLEAR_DB - _NOISY_DB)
        since = self._heard + np.arange(1, len(powers) + 1)
        self._heard += len(powers)
        begun = (since / _TELLS_AFTER).clip(0, 1)
        return np.minimum(np.maximum(much, apart), doubt).clip(0, begun), noise.clip(0, begun)


class Change:
    """How much differs between what two gains left of the last second or so, whatever they do to
    the loudness of it."""

    def __init__(self) -> None:
        self._sums: Line = np.zeros(3)

    def lately(self, one: Rows, other: Rows, powers: Rows) -> Line:
        """In dB beside all that is left, at each frame."""
        products = one * one * powers, one * other * powers, other * other * powers
        frames = np.stack(products).sum(axis=2, dtype=np.float64).T
        pace, sums = HOP / RATE / _REMEMBERED[0], []
        for frame in frames:
            self._sums = self._sums + pace * (frame - self._sums)
            sums.append(self._sums)
        left, alike, right = np.array(sums).T
        same = (np.square(alike) + _NOTHING) / (left * right + _NOTHING)
        return np.asarray(10 * np.log10((1 - same).clip(0) + 1e-6), np.float32)


class Plain:
    """What the network was sure of in the last seconds in which something was heard."""

    def __init__(self) -> None:
        self._sure, self._power = _SURE, 0.0

    def lately(self, plain: Line, power: Line) -> Line:
        lately, step = [], HOP / RATE
        for sure, heard in zip(plain.tolist(), power.tolist(), strict=True):
            self._power += step / _USUAL * (heard - self._power)
            tells = heard / (heard + _QUIET * self._power + _NOTHING)
            self._sure += step / _REMEMBERED[1] * tells * (sure - self._sure)
            lately.append(self._sure)
        return np.array(lately, np.float32)


class Floor:
    """How far sound is above the noise that never ends, by the least power of each band."""

    def __init__(self) -> None:
        self._count = 0
        self._smooth: Line = np.zeros(0, np.float32)
        self._mean: Line = self._smooth
        self._near = 0.0
        self._least: Line = self._smooth
        self._leasts: deque[Line] = deque(maxlen=_BLOCKS)

    def above(self, powers: Rows) -> Line:
        """In dB, of each frame; endless until that can be told."""
        return np.array([self._frame(power[_LOWEST:]) for power in powers], np.float32)

    def _frame(self, power: Line) -> float:
        if not self._count:
            self._smooth = self._mean = self._least = power
        self._smooth = self._smooth + _SMOOTH * (power - self._smooth)
        window = min(self._count + 1, _BLOCK * _BLOCKS)
        self._mean = self._mean + (power - self._mean) / window
        self._near += _NEAR * (float(power.sum()) - self._near)
        if self._count % _BLOCK == 0:
            self._leasts.append(self._least)
            self._least = self._smooth
        self._least = np.minimum(self._least, self._smooth)
        self._count += 1
        if self._count < _TELLS_AFTER:
            return math.inf
        floor = np.minimum(self._least, np.min(self._leasts, axis=0)).sum()
        loud = max(float(self._mean.sum()), self._near)
        return 10 * math.log10((loud + _NOTHING) / (_BIAS * floor + _NOTHING))
