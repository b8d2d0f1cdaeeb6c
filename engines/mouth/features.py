"""What the mouth network hears: a log-mel spectrum, 100 frames a second, whatever the rate."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.types import Samples

RATE = 100
MELS = 26
CONTEXT = (-16, -12, -9, -6, -4, -2, 0, 2, 4, 6, 9, 12, 16)
"""The frames around a moment that the network sees at once, in hundredths of a second."""

_LOWEST_HZ, _HIGHEST_HZ = 80.0, 7600.0
_WINDOW_S = 0.025
_FLOOR, _CEILING = -5.0, 1.0  # in powers of ten, relative to the loud parts of the voice
_RANGE = 1e-7  # what is softer than the loudest moment by this is silence
_SILENT = 1e-8  # power
_FAINTEST = -8.0  # what is softer than this is not made louder

Features = NDArray[np.float32]


def log_mels(samples: Samples, rate: float) -> Features:
    """One row of MELS every 10 ms from 0 to the end, relative to the voice's own loudness.

    Bands beyond half the rate are at the floor.
    """
    frames = _frames(samples, rate)  # (n, window)
    size = 1 << (frames.shape[1] - 1).bit_length()
    power = np.abs(np.fft.rfft(frames, size)) ** 2 / max(1, frames.shape[1])
    mels = power @ _filters(size, rate)
    # The mean of the logarithms, not of the powers: a dull voice is not a distant one.
    logs = np.log10(np.maximum(mels, max(float(mels.max()), _SILENT) * _RANGE))
    loud = max(float(np.percentile(logs.mean(axis=1), 95)), _FAINTEST)
    return np.asarray(np.clip(logs - loud, _FLOOR, _CEILING), np.float32)


def in_context(mels: Features) -> Features:
    """Each frame with its neighbours of CONTEXT side by side; silence beyond the ends."""
    reach = max(CONTEXT)
    padded = np.pad(mels, ((reach, reach), (0, 0)), constant_values=_FLOOR)
    shifted = [padded[reach + offset : reach + offset + len(mels)] for offset in CONTEXT]
    return np.concatenate(shifted, axis=1)


def _frames(samples: Samples, rate: float) -> Features:
    window = max(2, round(_WINDOW_S * rate))
    count = int(len(samples) / rate * RATE) + 1
    centres = np.rint(np.arange(count) * rate / RATE).astype(np.int64)
    padded = np.pad(samples, (window // 2, window))
    windows = np.lib.stride_tricks.sliding_window_view(padded, window)
    hann: Features = np.hanning(window).astype(np.float32)
    return np.asarray(windows[centres] * hann, np.float32)


@lru_cache(maxsize=16)
def _filters(size: int, rate: float) -> NDArray[np.float64]:
    """Triangles evenly spaced in mel, (bins, MELS), each of unit sum."""
    low, high = (2595 * np.log10(1 + hz / 700) for hz in (_LOWEST_HZ, _HIGHEST_HZ))
    edges = 700 * (10 ** (np.linspace(low, high, MELS + 2) / 2595) - 1)
    hertz = np.arange(size // 2 + 1)[:, None] * rate / size
    rise = (hertz - edges[:-2]) / np.diff(edges)[:-1]
    fall = (edges[2:] - hertz) / np.diff(edges)[1:]
    filters: NDArray[np.float64] = np.clip(np.minimum(rise, fall), 0.0, None)
    filters /= np.maximum(filters.sum(axis=0), 1e-9)
    return filters
