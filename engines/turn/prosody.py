"""How the end of a stretch of speech sounds: its melody, its fading, the silence after it."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from core.types import AudioChunk

_LOWEST_HZ, _HIGHEST_HZ = 65.0, 400.0
_HOP_S, _WINDOW_S = 0.01, 0.04
_HEARD_S = 4.0
_ENDING_S = 0.15
_SPEECH_DB = 20.0
_QUIETEST_DB = -60.0
_LEAST_DEPTH = 1.0
"""Semitones: what a voice trembles by says nothing."""
_VOICED = 0.5
"""Autocorrelation from which a frame has a pitch."""


@dataclass(frozen=True)
class Prosody:
    """The end against the last seconds: `fall` in semitones below the usual pitch (negative: it
    rises), 0 where there is no voice; `depth` the semitones by which this voice usually sinks
    below its pitch, 0 when they are not known; `fade` in dB below the usual level; `pause` in
    seconds."""

    fall: float = 0.0
    depth: float = 0.0
    fade: float = 0.0
    pause: float = 0.0

    @property
    def closing(self) -> float:
        """How much it sounds like an end: around -1.5 going on, 0 no telling, 1.5 over.

        Speakers differ in how far their voice moves: one who ends sinks to the bottom of the
        range that was heard before.
        """
        melody = 0.0
        if self.depth:
            melody = np.clip((self.fall / self.depth - 0.75) / 0.5, -1.0, 1.0)
        fading = np.clip((self.fade - 3.0) / 8.0, -0.5, 0.5)
        return float(melody + fading)


def prosody(audio: AudioChunk) -> Prosody:
    """Of the last four seconds. Silence has none."""
    samples = np.nan_to_num(audio.samples[-round(_HEARD_S * audio.rate) :])
    window, hop = round(_WINDOW_S * audio.rate), round(_HOP_S * audio.rate)
    if len(samples) < window:
        return Prosody(pause=audio.duration)
    frames = sliding_window_view(samples, window)[::hop]
    level = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)
    speaks = level > max(level.max() - _SPEECH_DB, _QUIETEST_DB)
    if not speaks.any():
        return Prosody(pause=len(samples) / audio.rate)
    last = int(np.flatnonzero(speaks)[-1])
    pause = len(samples) / audio.rate - (last * _HOP_S + _WINDOW_S)
    pitch = _pitch(frames[speaks], audio.rate)
    return Prosody(*_melody(pitch), _fade(level[speaks]), max(0.0, pause))


def _melody(pitch: NDArray[np.float64]) -> tuple[float, float]:
    """The fall of the ending and the voice's depth, both against the median."""
    ending = round(3 * _ENDING_S / _HOP_S)
    final = pitch[-ending:][pitch[-ending:] > 0][-round(_ENDING_S / _HOP_S) :]
    voiced = pitch[pitch > 0]
    if len(final) < 4 or len(voiced) < 3 * len(final):
        return 0.0, 0.0
    usual = np.median(voiced)
    fall = 12 * np.log2(usual / np.median(final))
    depth = 12 * np.log2(usual / np.percentile(voiced, 10))
    return float(fall), max(_LEAST_DEPTH, float(depth))


def _fade(level: NDArray[np.float64]) -> float:
    ending = level[-round(_ENDING_S / _HOP_S) :]
    return float(np.median(level) - np.mean(ending))


def _pitch(frames: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """Hertz for each frame, 0 where it has none, by autocorrelation."""
    step = max(1, rate // 8000)
    slow = frames[:, : frames.shape[1] // step * step]
    slow = slow.reshape(len(frames), -1, step).mean(2)
    slow = slow - slow.mean(1, keepdims=True)
    size = 2 * slow.shape[1]
    spectrum = np.abs(np.fft.rfft(slow, size)) ** 2
    same = np.fft.irfft(spectrum, size)[:, : slow.shape[1]]
    overlap = 1 - np.arange(slow.shape[1]) / slow.shape[1]
    same = same / (same[:, :1] + 1e-12) / np.maximum(overlap, 0.2)
    shortest, longest = round(rate / step / _HIGHEST_HZ), round(rate / step / _LOWEST_HZ)
    lags = same[:, shortest - 1 : min(longest, same.shape[1] - 2) + 2]
    here = lags[:, 1:-1]
    # The first peak nearly as high as the best: the period itself, not a multiple of it.
    high = here > np.maximum(_VOICED, 0.9 * here.max(1, keepdims=True))
    peak = high & (here > lags[:, :-2]) & (here >= lags[:, 2:])
    return np.where(peak.any(1), rate / step / (shortest + peak.argmax(1)), 0.0)
