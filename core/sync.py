"""How far picture and voice are apart, measured from what is seen and heard: the movement of the
mouth against the loudness of the voice."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.types import AudioChunk

RATE = 100
"""Values a second at which movements are compared."""
BAND = (0.5, 8.0)
"""Hz: syllables come in this range, light and head movements mostly do not."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Track:
    """A movement: values at ascending times, in seconds."""

    times: NDArray[np.floating]
    values: NDArray[np.floating]


@dataclass(frozen=True)
class Skew:
    """`seconds`: how much later the mouth moves than the voice sounds. `confidence`: how alike
    the two are at that distance, 0 to 1; below about 0.4 they may not belong together."""

    seconds: float
    confidence: float


UNKNOWN = Skew(0.0, 0.0)


def loudness(audio: AudioChunk) -> Track:
    """The voice's level over time, as the ear weighs it."""
    hop = max(1, audio.rate // RATE)
    count = len(audio.samples) // hop
    blocks = audio.samples[: count * hop].reshape(count, hop).astype(np.float64)
    level = np.sqrt(np.mean(np.square(blocks), axis=1)) ** 0.5
    return Track(audio.pts + (np.arange(count) + 0.5) * hop / audio.rate, level)


def measure_skew(voice: Track, mouth: Track, most: float = 0.5) -> Skew:
    """The distance, at most `most` seconds, at which the two movements agree best. UNKNOWN when
    they have less than two seconds in common, or one of them does not move."""
    if not (len(voice.times) and len(mouth.times)):
        return UNKNOWN
    start = max(voice.times[0], mouth.times[0])
    end = min(voice.times[-1], mouth.times[-1])
    if end - start < 2.0:
        return UNKNOWN
    grid = np.arange(start, end, 1 / RATE)
    heard, seen = (_movement(track, grid) for track in (voice, mouth))
    if not (heard.any() and seen.any()):
        return UNKNOWN
    lags = np.arange(-round(most * RATE), round(most * RATE) + 1)
    likeness = np.array([_likeness(heard, seen, int(lag)) for lag in lags])
    best = int(np.argmax(likeness))
    return Skew(
        float((lags[best] + _between(likeness, best)) / RATE), float(max(0.0, likeness[best]))
    )


def _movement(track: Track, grid: Floats) -> Floats:
    """The track on the grid, without what is slower or quicker than speech."""
    values = np.interp(grid, track.times, track.values)
    values = values - _smooth(_smooth(values))
    if np.abs(values).max() < 1e-9:
        return np.zeros_like(values)
    fade = np.minimum(1.0, np.minimum(grid - grid[0], grid[-1] - grid) / 0.25)
    spectrum = np.fft.rfft(values * fade)
    frequency = np.fft.rfftfreq(len(values), 1 / RATE)
    low, high = BAND
    rise = np.clip((frequency - low / 2) / (low / 2), 0, 1)
    fall = np.clip((high * 1.25 - frequency) / (high * 0.25), 0, 1)
    return np.asarray(np.fft.irfft(spectrum * rise * fall, len(values)))


def _smooth(values: Floats) -> Floats:
    """The mean over the second about each value."""
    half = RATE // 2
    padded = np.pad(values, half, mode="reflect", reflect_type="odd")
    return np.convolve(padded, np.ones(2 * half + 1) / (2 * half + 1), mode="valid")


def _likeness(heard: Floats, seen: Floats, lag: int) -> float:
    """Normalised correlation with `seen` taken `lag` steps later."""
    if lag >= 0:
        one, other = heard[: len(heard) - lag], seen[lag:]
    else:
        one, other = heard[-lag:], seen[:lag]
    size = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / size if size else 0.0


def _between(likeness: Floats, best: int) -> float:
    """Where the peak is between the steps, by a parabola through it."""
    if not 0 < best < len(likeness) - 1:
        return 0.0
    left, peak, right = likeness[best - 1 : best + 2]
    bend = left - 2 * peak + right
    return 0.0 if bend >= 0 else float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5))
