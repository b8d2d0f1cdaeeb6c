"""Scenes made of sayings: a speaker whose lips are seen, and what disturbs: another talker, many of
them, noise, a room, a camera that sees badly."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.types import LipSight, Samples
from engines.enhance.acoustics import coloured, in_room, noise
from engines.enhance.corpus import Saying
from engines.enhance.features import HOP, RATE
from engines.enhance.watching import FINE, Track, lived, seen

TALKER, BABBLE, NOISE, CLEAN = "talker", "babble", "noise", "clean"
SHARES = {TALKER: 0.58, BABBLE: 0.06, NOISE: 0.14, CLEAN: 0.22}
EASY_SHARES = {TALKER: 0.74, BABBLE: 0.05, NOISE: 0.11, CLEAN: 0.1}
SEEN_LATE = -0.06
"""Seconds by which lips are seen after their sound, in the mean: a mouth moves about a tenth of a
second ahead of the voice, a camera tells of it some hundredths later."""

_TOLD_LATE = 0.05
"""Seconds after their sound by which a tracker tells of lips."""


@dataclass(frozen=True)
class Speech:
    """What a person says, with pauses, and the mouth meanwhile."""

    person: str
    sound: Samples
    track: Track


@dataclass(frozen=True)
class Scene:
    """What the speaker said, what the microphone heard, and the lips that were seen meanwhile."""

    clean: Samples
    heard: Samples
    sights: tuple[LipSight, ...] = ()
    told_late: float = 0.0


class Mixer:
    """Makes scenes of `seconds` from the same sayings for ever; the same ones for the same rng."""

    def __init__(self, sayings: Sequence[Saying], seconds: float = 2.5) -> None:
        self._sayings = sayings
        self.size = round(seconds * RATE) // HOP * HOP

    @cached_property
    def _by_voice(self) -> dict[str, list[Saying]]:
        voices: dict[str, list[Saying]] = {}
        for saying in self._sayings:
            voices.setdefault(saying.voice, []).append(saying)
        return voices

    def scene(
        self,
        rng: np.random.Generator,
        kind: str,
        decibels: float | None = None,
        late: float = SEEN_LATE,
    ) -> Scene:
        """With the voice so many dB over what disturbs, or however it comes, and its own lips seen
        so late and all the time."""
        speech = self.speech(rng)
        clean = in_room(coloured(speech.sound, rng), rng)
        power, heard = _rms(clean), clean.copy()
        if kind == TALKER:
            heard += self._other(rng, speech, power, _drawn(rng, -6, 8, decibels))
        elif kind == BABBLE:
            count = int(rng.integers(3, 6))
            many = sum(self._other(rng, speech, 1.0, rng.uniform(0, 3)) for _ in range(count))
            heard += at_ratio(np.asarray(many, np.float32), power, _drawn(rng, -3, 10, decibels))
        if kind == NOISE:
            heard += at_ratio(noise(self.size, rng), power, _drawn(rng, -5, 15, decibels))
        elif decibels is None and rng.random() < (0.6 if kind == CLEAN else 0.4):
            heard += at_ratio(noise(self.size, rng), power, rng.uniform(12, 35))
        loud = np.float32(10 ** rng.uniform(-1.6, -0.6) / (_rms(heard) + 1e-6))
        sights = seen(speech.track, rng, late, gaps=0)
        return Scene(clean * loud, heard * loud, tuple(sights), _TOLD_LATE)

    def speech(self, rng: np.random.Generator, besides: str = "") -> Speech:
        """One voice with pauses, beginning anywhere, and its mouth; of somebody else, if there is,
        than the person named."""
        sound = np.zeros(self.size, np.float32)
        track = np.zeros((self.size * FINE // RATE + 1, 2), np.float32)
        saying = self._sayings[int(rng.integers(len(self._sayings)))]
        while saying.voice == besides and len(self._by_voice) > 1:
            saying = self._sayings[int(rng.integers(len(self._sayings)))]
        same = self._by_voice[saying.voice]
        at = int(rng.integers(-RATE, self.size // 3))
        while at < self.size:
            _lay(sound, saying.samples, at)
            _lay(track, saying.lips, round(at * FINE / RATE))
            at += len(saying.samples) + int(rng.integers(0, RATE * 3 // 4))
            saying = same[int(rng.integers(len(same)))]
        return Speech(saying.voice, sound, track)

    def _other(
        self, rng: np.random.Generator, speech: Speech, power: float, decibels: float
    ) -> Samples:
        voice = self.speech(rng, speech.person).sound
        return at_ratio(in_room(coloured(voice, rng), rng), power, decibels)


def watched(
    kind: str, speech: Speech, other: Speech, rng: np.random.Generator, hard: float
) -> list[LipSight]:
    """Mostly the speaker's own lips, `hard` to read. Where nothing disturbs they may be anything: a
    still photo, a late picture, somebody else; they must not cost a word then."""
    track, voice = speech.track, speech.sound
    late = float(np.clip(rng.normal(SEEN_LATE, 0.07 * hard), -0.14, 0.03))
    if kind == CLEAN:
        chance = rng.random()
        if chance < 0.25:
            track = np.full_like(track, rng.uniform(0, 0.5))
        elif chance < 0.5:
            track, voice = other.track, other.sound
        elif chance < 0.75:
            late = float(rng.uniform(-0.35, 0.35))
    return seen(lived(track, voice, rng, hard), rng, late, hard=hard)


def _drawn(rng: np.random.Generator, low: float, high: float, wanted: float | None) -> float:
    return float(rng.uniform(low, high)) if wanted is None else wanted


def hop_times(count: int) -> NDArray[np.float64]:
    """The moments at which each hop is complete."""
    return (np.arange(count) + 1) * HOP / RATE


def at_ratio(sound: Samples, power: float, decibels: float) -> Samples:
    """So loud that something of `power` (root mean square) is so many dB above it."""
    return sound * np.float32(power / (_rms(sound) + 1e-6) * 10 ** (-decibels / 20))


def _rms(sound: Samples) -> float:
    return float(np.sqrt(np.mean(np.square(sound)) + 1e-12))


def _lay(whole: NDArray[np.float32], part: NDArray[np.floating], at: int) -> None:
    """Write a part at a place that may begin before, or end after, the whole."""
    first, last = max(0, at), min(len(whole), at + len(part))
    if first < last:
        whole[first:last] = part[first - at : last - at]
