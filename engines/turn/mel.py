"""The spectrogram that networks of Whisper's family hear: 80 mel bands, 100 frames a second."""

from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from core.types import Samples

RATE = 16000
_BANDS, _WINDOW, _HOP = 80, 400, 160


def log_mel(samples: Samples) -> NDArray[np.float32]:
    """Bands x frames, one frame for each 160 samples. The loudness of the whole does not matter:
    it is brought to zero mean and unit variance first."""
    level = (samples - samples.mean()) / np.sqrt(samples.var() + 1e-7)
    padded = np.pad(level.astype(np.float32), _WINDOW // 2, mode="reflect")
    frames = sliding_window_view(padded, _WINDOW)[:-1:_HOP][: len(samples) // _HOP]
    power = np.abs(np.fft.rfft(frames * _window(), axis=1)).astype(np.float32) ** 2
    bands = np.log10(np.maximum(_filters() @ power.T, 1e-10))
    return np.asarray((np.maximum(bands, bands.max() - 8.0) + 4.0) / 4.0, np.float32)


@cache
def _window() -> NDArray[np.float32]:
    return np.hanning(_WINDOW + 1)[:-1].astype(np.float32)


@cache
def _filters() -> NDArray[np.float32]:
    """Bands x frequencies: triangles of equal area, evenly spaced on Slaney's mel scale."""
    edges = _hertz(np.linspace(0.0, _mels(RATE / 2), _BANDS + 2))[:, None]
    pitch = np.fft.rfftfreq(_WINDOW, 1 / RATE)
    rising = (pitch - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - pitch) / (edges[2:] - edges[1:-1])
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    return np.asarray(triangles * 2.0 / (edges[2:] - edges[:-2]), np.float32)


def _mels(hertz: float) -> float:
    """Linear up to 1 kHz, which is 15 mel, logarithmic above."""
    return 15.0 + 27.0 * float(np.log(hertz / 1000.0) / np.log(6.4))


def _hertz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    above = 1000.0 * 6.4 ** ((mels - 15.0) / 27.0)
    return np.where(mels < 15.0, mels * 200.0 / 3.0, above)
