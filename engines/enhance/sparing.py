"""When to leave sound alone: where next to nothing disturbs the voice. A network costs a clean
voice more than it brings."""

from dataclasses import dataclass

import numpy as np

from engines.enhance.beginning import Line, Memory, Presence, Turn, Turns
from engines.enhance.features import HOP, RATE, Rows
from engines.enhance.floor import Floor

_WIDE_DB = 3.0
"""From what is so little that the sound is left alone to what is so much that all of it is to be
the enhanced one."""
_REMEMBERED = 1.0
"""Seconds: of what is taken away."""
_SMOOTHED, _FADE = 0.15, 0.2
"""Seconds: of how sure the network was, and of going from one to the other."""
_SURE_FOR = 0.5
"""Seconds of sound after which a network is believed that nothing disturbs any more."""
_SUREST = 6.0
"""The natural logarithm of the odds beyond which a network is not taken to be sure: what is certain
for long weighs more than what is likely, and no moment weighs all."""
_KNOWN_AFTER = 10
"""Frames after which what begins counts in how far a voice is above noise."""
_TOLD_AFTER = 0.5
"""Seconds of sound after which what began is known well enough."""
_LASTS = 0.3
"""Seconds in which noise comes to be believed, and no longer."""
_NOTHING = 1e-9

_CLEAR_DB, _NOISY_DB, _WIDER_DB = 18.0, 12.0, 6.0
"""By how much a voice stands above steady noise where that is left alone, where it is unless the
network is in doubt, and by how much less where it is not."""
_SOONER = 2.5
"""How many times as sure a network may be where there is steady noise, and be in doubt."""


@dataclass(frozen=True)
class Bounds:
    """When a network is let in. They differ from one to the next, and are found after training
    (engines/enhance/bounding.py).

    `unsure` is how sure it is that nothing disturbs where that is no longer believed, `sure` from
    where on it is again. `little_db` is so little to take away, beside all that is heard, that it
    is a clean voice's own; `alike_db` the same of what is done otherwise because of lips."""

    unsure: float = 0.02
    sure: float = 0.04
    little_db: float = -7.0
    alike_db: float = -12.0


class Sparing:
    """What is left of what a network would do, frame for frame."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self._bounds = bounds or Bounds()
        self._change, self._lips, self._floor = Change(), Change(), Floor()
        self._doubt, self._noise_doubt = Doubt(self._bounds), Doubt(self._bounds, _SOONER)
        self._presence, self._lasting = Presence(), Lasting()

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
        told, turns = self._presence.told(powers.sum(axis=1))
        doubt = self._doubt.shares(plain, told, turns)
        change = self._change.lately(np.ones_like(gain), gain, powers)
        much = (change - self._bounds.little_db) / _WIDE_DB
        apart = (self._lips.lately(unseen, gain, powers) - self._bounds.alike_db) / _WIDE_DB
        above = self._floor.above(powers)
        sooner = self._noise_doubt.shares(plain, told, turns)
        noise = np.minimum((_CLEAR_DB - above) / _WIDER_DB, sooner)
        noise = np.maximum(noise, (_NOISY_DB - above) / _WIDER_DB)
        lasting = self._lasting.shares(noise.clip(0, 1), turns)
        return np.minimum(np.maximum(much, apart), doubt).clip(0, 1), lasting


@dataclass
class _Noise:
    share: float = 0.0
    frames: int = 0


class Lasting:
    """Without what is noisy for a moment, as where a voice begins."""

    def __init__(self) -> None:
        self._noise = Memory(_Noise)

    def shares(self, noise: Line, turns: Turns) -> Line:
        frames = zip(noise.tolist(), turns, strict=True)
        return np.array([self._frame(*frame) for frame in frames], np.float32)

    def _frame(self, share: float, turn: Turn) -> float:
        self._noise.turn(turn)
        noise, most = self._noise.now, HOP / RATE / _LASTS
        noise.frames += 1
        if noise.frames > _KNOWN_AFTER + 1:
            noise.share += min(max(share - noise.share, -most), most)
        return noise.share


class Change:
    """How much differs between what two gains left of the last second or so, whatever they do to
    the loudness of it."""

    def __init__(self) -> None:
        self._sums: Line = np.zeros(3)

    def lately(self, one: Rows, other: Rows, powers: Rows) -> Line:
        """In dB beside all that is left, at each frame."""
        products = one * one * powers, one * other * powers, other * other * powers
        frames = np.stack(products).sum(axis=2, dtype=np.float64).T
        pace, sums = HOP / RATE / _REMEMBERED, []
        for frame in frames:
            self._sums = self._sums + pace * (frame - self._sums)
            sums.append(self._sums)
        left, alike, right = np.array(sums).T
        same = (np.square(alike) + _NOTHING) / (left * right + _NOTHING)
        return np.asarray(10 * np.log10((1 - same).clip(0) + 1e-6), np.float32)


def _odds(sure: Line) -> Line:
    """Their natural logarithm."""
    within = np.clip(sure, 0, 1)
    return np.asarray(np.log((within + _NOTHING) / (1 - within + _NOTHING)))


@dataclass
class _Judged:
    """How sure the network was lately; for how long something told, and that it is clear; whether
    it is doubted, and how far that has come."""

    sure: float = 0.0
    since: float = 0.0
    clear: float = 0.0
    doubted: bool = False
    share: float = 0.0


class Doubt:
    """Whether somebody else is there: as soon as the network is unsure that nothing disturbs, until
    it has been sure for a while."""

    def __init__(self, bounds: Bounds, sooner: float = 1.0) -> None:
        doubtful = np.minimum(sooner * np.array((bounds.unsure, bounds.sure)), 1.0)
        self._bad, self._good = _odds(doubtful).tolist()
        self._judged = Memory(_Judged)

    def shares(self, plain: Line, told: Line, turns: Turns) -> Line:
        """From 0, where nothing disturbs, to 1, of each frame, by how sure the network is, how much
        that tells, and where something begins."""
        odds = np.clip(_odds(plain), -_SUREST, _SUREST)
        frames = zip(odds.tolist(), (HOP / RATE * told).tolist(), turns, strict=True)
        return np.array([self._frame(*frame) for frame in frames], np.float32)

    def _frame(self, sure: float, told: float, turn: Turn) -> float:
        self._judged.turn(turn)
        judged = self._judged.now
        self._judge(judged, sure, told)
        away, most = float(judged.doubted) - judged.share, HOP / RATE / _FADE
        judged.share += min(max(away, -most), most)
        return min(judged.share, judged.since / _TOLD_AFTER)

    def _judge(self, judged: _Judged, sure: float, told: float) -> None:
        judged.since += told
        judged.sure += told / _SMOOTHED * (sure - judged.sure)
        above = judged.sure > self._good
        judged.clear = max(0.0, judged.clear + (told if above else -told))
        if judged.sure < self._bad:
            judged.clear, judged.doubted = 0.0, True
        elif judged.clear > _SURE_FOR:
            judged.doubted = False
