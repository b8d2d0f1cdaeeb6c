"""The sound as Wav2Lip hears it: 80 mel bands, 80 frames a second, in windows of 16 frames.

The numbers are those that the public checkpoints were trained with; none may be chosen freely.
"""

from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from core.types import Samples

Mels = NDArray[np.float32]

RATE = 16000
BANDS, FRAMES = 80, 16
LEAD = 0.04
"""A window begins so many seconds before the picture that it is for: in training, the picture
number n of 25 a second saw the window that begins with picture n - 1."""

_FFT, _HOP = 800, 200
_LOWEST, _HIGHEST = 55.0, 7600.0
_EMPHASIS = np.float32(0.97)
_FLOOR, _REFERENCE, _RANGE, _BOUND = 1e-5, 20.0, 100.0, 4.0


def log_mel(samples: Samples) -> Mels:
    """Bands x frames of a whole voice at 16 kHz; frame n lies around sample 200 n."""
    padded = np.pad(_emphasised(samples, 0.0), _FFT // 2)
    return _bands(sliding_window_view(padded, _FFT)[::_HOP])


def window(samples: Samples, seconds: float) -> Mels:
    """BANDS x FRAMES, what the network hears for the picture that is shown `seconds` into a voice
    at 16 kHz. Before and after the voice there is silence."""
    first = round((seconds - LEAD) * RATE) - _FFT // 2
    last = first + (FRAMES - 1) * _HOP + _FFT
    start, end = np.clip((first, last), 0, len(samples))
    before = float(samples[start - 1]) if 0 < start < end else 0.0
    heard = _emphasised(samples[start:end], before)
    padded = np.zeros(last - first, np.float32)
    padded[start - first : end - first] = heard
    return _bands(sliding_window_view(padded, _FFT)[::_HOP])


def silence() -> Mels:
    """What the network hears where there is no voice."""
    return np.full((BANDS, FRAMES), -_BOUND, np.float32)


def _emphasised(samples: Samples, before: float) -> Samples:
    """High tones raised; `before` is the sample in front of the first one."""
    late = np.concatenate([np.array([before], np.float32), samples])[:-1]
    return np.asarray(samples - _EMPHASIS * late, np.float32)


def _bands(frames: Samples) -> Mels:
    strength = np.abs(np.fft.rfft(frames * _hann(), axis=1)).astype(np.float32)
    decibels = 20.0 * np.log10(np.maximum(strength @ _filters().T, _FLOOR)) - _REFERENCE
    scaled = 2.0 * _BOUND * (decibels + _RANGE) / _RANGE - _BOUND
    return np.ascontiguousarray(np.clip(scaled, -_BOUND, _BOUND).T, np.float32)


@cache
def _hann() -> Samples:
    return np.asarray(np.hanning(_FFT + 1)[:-1], np.float32)


@cache
def _filters() -> Mels:
    """Bands x frequencies."""
    # Imported where it is needed: librosa takes a second, numba with it.
    from librosa.filters import mel

    made = mel(sr=RATE, n_fft=_FFT, n_mels=BANDS, fmin=_LOWEST, fmax=_HIGHEST)
    return np.asarray(made, np.float32)
