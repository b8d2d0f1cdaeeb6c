"""Notices when the program hears itself: what it plays comes back by the microphone.

The two sounds are compared at every delay up to a second by their phases alone (GCC-PHAT), which
finds the way through a room although echoes and other talkers lie over it. What is heard before
it is played (the speaker's own voice, passed on) does not count.
"""

from dataclasses import dataclass

import numpy as np

from core.types import Samples

LONGEST = 1.0
"""The longest delay that is looked for, in seconds."""
SPAN = 4.0
"""Seconds that are compared; less is not enough to be sure."""
_RATE = 8000
_BAND = (250.0, 3400.0)
_SURE = 11.0
"""How far the best delay must stand out from the others, in their standard deviations. Sounds
that have nothing to do with each other reach 5 to 6."""
_REPEATS = 0.6
"""A tone fits at many delays: where another is so much as good as the best, none counts."""
_QUIET = 1e-4
"""Root mean square below which there is nothing to hear."""


@dataclass(frozen=True)
class Echo:
    """`lag`: seconds from playing to hearing. `strength`: how far it stands out; 0 where there
    was nothing to compare."""

    heard: bool
    lag: float = 0.0
    strength: float = 0.0


def hears_itself(played: Samples, heard: Samples, rate: int) -> Echo:
    """Both mono at `rate`, both ending at the same moment, `LONGEST + SPAN` seconds or more of
    what was played and `SPAN` of what was heard. About 5 ms of one core."""
    played = _narrowed(played[-round((LONGEST + SPAN) * rate) :], rate)
    heard = _narrowed(heard[-round(SPAN * rate) :], rate)
    if min(len(played) - LONGEST * _RATE, len(heard)) < 0.9 * SPAN * _RATE:
        return Echo(False)
    if min(_level(played), _level(heard)) < _QUIET:
        return Echo(False)
    return _judged(_correlation(played, heard))


def _narrowed(samples: Samples, rate: int) -> Samples:
    """At about 8 kHz; what folds over is too weak to matter here."""
    step = max(1, rate // _RATE)
    whole = len(samples) // step * step
    return np.asarray(samples[:whole].reshape(-1, step).mean(axis=1), np.float32)


def _level(samples: Samples) -> float:
    return float(np.sqrt(np.mean(samples**2)))


def _correlation(played: Samples, heard: Samples) -> Samples:
    """For each delay from 0 to LONGEST, in steps of a sample."""
    size = 1 << (len(played) + len(heard) - 1).bit_length()
    ours, theirs = np.fft.rfft(played, size), np.fft.rfft(heard, size)
    cross = theirs * np.conj(ours)
    frequencies = np.fft.rfftfreq(size, 1 / _RATE)
    inside = (frequencies > _BAND[0]) & (frequencies < _BAND[1])
    # Where nothing is played, the phase says nothing.
    floor = 0.01 * np.mean(np.abs(ours[inside])) * np.mean(np.abs(theirs[inside]))
    whitened = np.where(inside, cross / (np.abs(cross) + floor), 0)
    delays = np.fft.irfft(whitened, size)
    # `played` begins earlier by its greater length: at that shift both end together.
    first = len(heard) - len(played)
    places = np.arange(first, first + round(LONGEST * _RATE) + 1)
    return np.asarray(np.abs(delays[places % size]), np.float32)


def _judged(likeness: Samples) -> Echo:
    best = int(likeness.argmax())
    around = slice(max(0, best - 40), best + 41)  # 5 ms: the near echoes of a room
    others = np.delete(likeness, around)
    spread = float(np.sqrt(np.mean(others**2))) or 1e-12
    strength = float(likeness[best]) / spread
    alone = float(others.max()) < _REPEATS * float(likeness[best])
    return Echo(strength > _SURE and alone, best / _RATE, strength)
