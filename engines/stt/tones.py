"""The tone language of the tests: each word of a small vocabulary is a steady tone of its own.

What `utter` says, `understand` reads back by Fourier transform, through noise and level changes,
so that a test can prove that the right words come out of a pipeline, in order and in time.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.types import Samples, Word

DIGITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
VOCABULARY = (
    *DIGITS,
    *("hello", "world", "good", "morning", "we", "go", "home", "today"),
    *("and", "but", "because", "over"),
)

RATE = 16000
WORD_S = 0.2
GAP_S = 0.06

_LOWEST_HZ, _STEP_HZ = 400.0, 120.0
_HOP, _FRAME = 160, 512
_QUIETEST = 0.005
"""RMS below which a frame is silence."""


def utter(text: str, *, rate: int = RATE, level: float = 0.3, word_s: float = WORD_S) -> Samples:
    """The words of `text` one after the other, a gap after each. ValueError for a word that the
    language does not have."""
    gap = np.zeros(round(GAP_S * rate), np.float32)
    pieces = [gap[:0]]
    for word in text.split():
        pieces += [_tone(_pitch(word), rate, word_s) * np.float32(level), gap]
    return np.concatenate(pieces)


def understand(samples: Samples, pts: float = 0.0, rate: int = RATE) -> tuple[Word, ...]:
    """The words in `samples`, whose first one is at `pts`; whatever is not a tone of the
    language is passed over."""
    labels = _labels(np.nan_to_num(samples).astype(np.float32), rate)
    edges = np.flatnonzero(np.diff(labels, prepend=-1, append=-1))
    words = []
    for first, last in pairwise(edges):
        if labels[first] >= 0 and last - first >= 5:
            # A frame is labelled once half of it sounds.
            start, end = ((edge * _HOP + _FRAME / 2 - _HOP / 2) / RATE for edge in (first, last))
            words.append(Word(VOCABULARY[labels[first]], pts + start, pts + end))
    return tuple(words)


def _pitch(word: str) -> float:
    if word not in VOCABULARY:
        raise ValueError(f"The tone language has no word {word!r}.")
    return _LOWEST_HZ + _STEP_HZ * VOCABULARY.index(word)


def _tone(pitch: float, rate: int, seconds: float) -> Samples:
    times = np.arange(round(seconds * rate)) / rate
    fade = np.minimum(1.0, np.minimum(times, times[::-1]) / 0.005)
    tone = np.sqrt(2) * fade * np.sin(2 * np.pi * pitch * times)
    return np.asarray(tone, np.float32)


def _labels(samples: Samples, rate: int) -> NDArray[np.int64]:
    """For each hop of 10 ms the number of the word that sounds, or -1."""
    frame, hop = round(_FRAME * rate / RATE), round(_HOP * rate / RATE)
    if len(samples) < frame:
        return np.zeros(0, np.int64)
    frames = np.lib.stride_tricks.sliding_window_view(samples, frame)[::hop]
    power = np.abs(np.fft.rfft(frames * np.hanning(frame))) ** 2
    peak = power[:, 1:].argmax(1) + 1
    near = np.clip(peak[:, None] + np.arange(-2, 3), 0, power.shape[1] - 1)
    purity = np.take_along_axis(power, near, 1).sum(1) / (power.sum(1) + 1e-12)
    word = (peak * rate / frame - _LOWEST_HZ) / _STEP_HZ
    nearest = np.rint(word).astype(np.int64)
    sounds = (purity > 0.5) & (np.sqrt(np.mean(frames**2, 1)) > _QUIETEST)
    known = (nearest >= 0) & (nearest < len(VOCABULARY)) & (abs(word - nearest) < 0.35)
    return np.where(sounds & known, nearest, -1)
