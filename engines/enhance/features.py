"""What the audio-visual network hears and sees: spectra, and lips as rows beside them.

Frame number k of a stream covers the samples from 320 k - 320 to 320 k + 320: it can be computed
as soon as hop k is complete, and 20 ms of sound are held back for the frame that follows. The
network hears powers of bands: one for each bin where voices have their harmonics, wider above.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.types import LipSight, Samples

RATE = 16000
FRAME, HOP = 640, 320
BINS = FRAME // 2 + 1
BEFORE = FRAME - HOP
BELOW_VOICE = 2
"""Bands under any voice, where a microphone's offset would be: nobody listens there."""
EDGES = np.array((*range(80), *range(80, 160, 4), *range(160, BINS - 1, 8)))
"""The first bin of each band: bins up to 2 kHz, then bands of 100 and, from 4 kHz on, 200 Hz."""
BANDS = len(EDGES)
LIPS = 5
"""Opening, spread, the speed of both, and trust."""

SPEED = 0.1
"""Seconds in which lips that keep their speed move by what the network is told of it."""
STALE, GONE = 0.15, 0.4
"""Seconds after which a sight begins to fade, and counts no more."""

Rows = NDArray[np.float32]
Spectra = NDArray[np.complex64]

WINDOW: Samples = np.sqrt(np.hanning(FRAME + 1)[:-1]).astype(np.float32)
"""Applied before and after; the squares of two that overlap sum to 1."""
_BAND_OF_BIN = np.repeat(np.arange(BANDS), np.diff(EDGES, append=BINS))


def banded(spectra: Spectra) -> Rows:
    """The power of each band, where voices are."""
    power = np.square(spectra.real) + np.square(spectra.imag)
    power[:, :BELOW_VOICE] = 0.0
    return np.asarray(np.add.reduceat(power, EDGES, axis=1), np.float32)


def spread(gain: Rows) -> Rows:
    """A band's gain for each of its bins."""
    return gain[:, _BAND_OF_BIN]


class Analysis:
    """Sound in hops to spectra, for one stream."""

    def __init__(self) -> None:
        self._before = np.zeros(BEFORE, np.float32)

    def spectra(self, samples: Samples) -> Spectra:
        """(n, BINS) of n whole hops."""
        sound = np.concatenate((self._before, samples))
        self._before = sound[len(sound) - BEFORE :]
        frames = np.lib.stride_tricks.sliding_window_view(sound, FRAME)[::HOP]
        return np.asarray(np.fft.rfft(frames * WINDOW, axis=1), np.complex64)


class Synthesis:
    """Spectra to sound, BEFORE samples later."""

    def __init__(self) -> None:
        self._open = np.zeros(BEFORE, np.float32)

    def samples(self, spectra: Spectra) -> Samples:
        """A hop for each frame."""
        frames = np.fft.irfft(spectra, FRAME, axis=1).astype(np.float32) * WINDOW
        sound = np.concatenate((self._open, np.zeros(len(frames) * HOP, np.float32)))
        for number, frame in enumerate(frames):
            sound[number * HOP : number * HOP + FRAME] += frame
        done = len(frames) * HOP
        self._open = sound[done:]
        return sound[:done]


def lip_rows(sights: Sequence[LipSight], times: NDArray[np.float64]) -> Rows:
    """One row for each time, of the newest sight that is not later. `sights` in order."""
    if not sights:
        return np.zeros((len(times), LIPS), np.float32)
    told = np.array([(s.pts, s.opening, s.spread, s.trust) for s in sights])
    moments, shapes, trusts = told[:, 0], told[:, 1:3], told[:, 3]
    apart = np.diff(moments, prepend=-np.inf)
    known = (apart > 0) & (apart < GONE) & (np.append(0.0, trusts[:-1]) > 0)
    step = np.where(known, SPEED / np.where(known, apart, 1.0), 0.0)
    speeds = np.diff(shapes, axis=0, prepend=shapes[:1]) * step[:, None]
    at = np.searchsorted(moments, times, side="right") - 1
    fresh = np.clip((GONE - (times - moments[at])) / (GONE - STALE), 0.0, 1.0)
    trust = np.where(at >= 0, trusts[at] * fresh, 0.0)[:, None]
    columns = shapes[at], speeds[at], np.ones((len(times), 1))
    return np.asarray(trust * np.concatenate(columns, axis=1), np.float32)
