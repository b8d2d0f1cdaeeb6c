"""What is in a recording: whether given sounds are there, whole, once, in order, and when.

All sound is mono float32 at 48 kHz, times are seconds into the recording. A `sound` must be
unlike itself (noise, speech), not a tone.

    check = judge(recording, [word1, word2])
    assert check.flaws == ()
    check.onsets
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

RATE = 48_000
_BLOCK = 480
_SLACK = 96
_DRIFT = 2
_QUIET = 10 ** (-60 / 20)


@dataclass(frozen=True)
class Found:
    onset: float
    likeness: float
    """1 for the same sound at any loudness, about 0 for another one."""
    gain: float


@dataclass(frozen=True)
class Judgement:
    """`flaws` are sentences; none when every sound is there once, whole and in order."""

    onsets: tuple[float, ...]
    flaws: tuple[str, ...]


def word(seed: int, seconds: float = 0.5, *, level: float = 0.2) -> np.ndarray:
    """A sound that resembles no other: noise of the speech band, swelling as syllables do."""
    count = round(seconds * RATE)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(count))
    pitch = np.fft.rfftfreq(count, 1 / RATE)
    spectrum *= (pitch > 150) & (pitch < 6000)
    noise = np.fft.irfft(spectrum, count)
    swell = 0.55 - 0.45 * np.cos(2 * np.pi * 4 * np.arange(count) / RATE)
    return (level * swell * noise / np.std(noise)).clip(-0.95, 0.95).astype(np.float32)


def steady(seed: int, seconds: float, *, level: float = 0.1) -> np.ndarray:
    """Noise without pauses, in which every missing sample shows."""
    noise = np.random.default_rng(seed).standard_normal(round(seconds * RATE))
    return (level * noise).clip(-0.95, 0.95).astype(np.float32)


def silence(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * RATE), np.float32)


def occurrences(recording: np.ndarray, sound: np.ndarray, *, least: float = 0.5) -> list[Found]:
    """Every place at which the sound is heard, in order of time."""
    if len(recording) < len(sound):
        return []
    likeness, gain = _likeness(recording, sound)
    found = []
    while likeness.size and likeness.max() >= least:
        at = int(likeness.argmax())
        found.append(Found(at / RATE, float(likeness[at]), float(gain[at])))
        likeness[max(0, at - len(sound) // 2) : at + len(sound) // 2] = -1
    return sorted(found, key=lambda one: one.onset)


def find(recording: np.ndarray, sound: np.ndarray, *, least: float = 0.5) -> Found | None:
    """Where the sound is heard best; None when it is not there."""
    return max(occurrences(recording, sound, least=least), key=lambda x: x.likeness, default=None)


def losses(recording: np.ndarray, sound: np.ndarray, onset: float) -> list[float]:
    """Seconds into `sound` at which 10 ms of it are missing or damaged, or at which samples were
    left out or put in. Clocks may drift by 0.5 % in all; anything sudden is a loss."""
    start = round(onset * RATE)
    aligned = False
    found = []
    for at in range(0, len(sound) - _BLOCK + 1, _BLOCK):
        piece = sound[at : at + _BLOCK]
        if np.sqrt(np.mean(piece**2)) < _QUIET:
            continue
        first = max(0, start + at - _SLACK)
        around = recording[first : start + at + _BLOCK + _SLACK]
        if len(around) < _BLOCK:
            found.append(at / RATE)
            continue
        likeness = _likeness(around, piece)[0]
        step = first + int(likeness.argmax()) - start - at
        if likeness.max() < 0.9:
            found.append(at / RATE)
        elif step:
            start += step
            if aligned and abs(step) > _DRIFT:
                found.append(at / RATE)
        aligned = True
    return found


def judge(recording: np.ndarray, sounds: Sequence[np.ndarray], *, whole: bool = True) -> Judgement:
    """Whether each sound is heard once, whole (unless that is not asked), and in this order."""
    flaws, onsets = [], []
    for number, sound in enumerate(sounds):
        found = occurrences(recording, sound)
        if len(found) != 1:
            flaws.append(f"sound {number} is heard {len(found)} times")
        if not found:
            continue
        best = max(found, key=lambda one: one.likeness)
        onsets.append(best.onset)
        lost = losses(recording, sound, best.onset) if whole else []
        if lost:
            where = ", ".join(f"{second:.2f}" for second in lost[:5])
            flaws.append(f"sound {number} lacks {len(lost)} blocks of 10 ms, at {where}")
    if onsets != sorted(onsets):
        flaws.append(f"the order is wrong: {np.argsort(onsets).tolist()}")
    return Judgement(tuple(onsets), tuple(flaws))


def _likeness(recording: np.ndarray, sound: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Normalised cross-correlation, and the loudness of what was found, at each offset."""
    size = 1 << (len(recording) + len(sound) - 1).bit_length()
    spectrum = np.fft.rfft(recording, size) * np.conj(np.fft.rfft(sound, size))
    offsets = len(recording) - len(sound) + 1
    product = np.fft.irfft(spectrum, size)[:offsets]
    total = np.concatenate([[0.0], np.cumsum(recording.astype(np.float64) ** 2)])
    energy = total[len(sound) :] - total[:offsets]
    own = float(np.sum(sound.astype(np.float64) ** 2))
    floor = own * 1e-8
    return product / np.sqrt(np.maximum(energy, floor) * own), product / own
