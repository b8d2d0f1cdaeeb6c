"""Synthesised voices whose lips are known: what the audio-visual network learns from and is tried
on. They speak sentences of real words in no sense, and words that do not exist."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import soxr
from numpy.typing import NDArray

from core.errors import EngineUnavailable
from core.mouth import Phone, mouth_track
from core.types import MOUTH_PARAMETERS
from engines.enhance.features import RATE
from engines.mouth.corpus import FLITE as HEARD_FLITE
from engines.mouth.corpus import TEXTS, UNHEARD_FLITE, UNHEARD_VARIANTS, VARIANTS
from engines.tts.espeak import EspeakVoice
from engines.tts.flite import FliteVoice
from engines.tts.utterance import Utterance, trimmed

MORE_VARIANTS = (
    *("+m5", "+m8", "+Denis", "+Gene", "+Jacky", "+Lee", "+Michael", "+Mr_serious", "+anika"),
    *("+belinda", "+caleb", "+david", "+edward", "+linda", "+max", "+pedro", "+quincy", "+rob"),
    *("+shelby", "+victor", "+zac"),
)

_ACCENTS = ("gmw/en-US", "gmw/en", "gmw/en-GB-scotland", "gmw/en-GB-x-rp", "gmw/en-029")

UNHEARD = 10, 10
"""People of each synthesiser whom networks are tried on."""
_SAYINGS = 4
"""Of each person."""
_THROATS, _HEARD_THROATS = (0.85, 1.18), (0.78, 1.28)
_PITCH_WANDERS, _FASTEST = 0.05, 4.0
"""By what share a human voice's pitch wanders at most, and how often a second at most."""
_BREATH_DB = -40.0, -22.0
"""The breath in a voice, beside it."""
_LOUD = 320
"""Samples over which breath is as loud as the voice."""
_JAW, _WIDTH, _ROUND = (MOUTH_PARAMETERS.index(name) for name in ("jaw", "width", "round"))
_ONSETS = ("sh", "ch", "br", "dr", "fl", "gr", "kl", "pl", "st", "tr", "th", *"bdfgklmnprstvwz")
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ea", "ou", "oa", "ee", "oo")
_ENDS = ("", "", "", "n", "m", "r", "s", "l", "t", "p")


@dataclass(frozen=True)
class Saying:
    """A sentence of a person at RATE, peak 1, and the lips (opening, spread) a hundred times a
    second."""

    voice: str
    samples: NDArray[np.float16]
    lips: NDArray[np.float32]


@dataclass(frozen=True)
class _Person:
    """Somebody with a voice and a pace, and a throat: played a little faster or slower it sounds
    larger or smaller."""

    name: str
    say: Callable[[str], Utterance]
    language: str
    throat: float


def heard(rng: np.random.Generator, espeak: int, flite: int) -> list[Saying]:
    """What is learnt from: so many people of each synthesiser. Without flite, espeak alone."""
    variants = (*VARIANTS, *MORE_VARIANTS)
    people = [
        *_espeak(rng, espeak, variants, tuple(TEXTS), _HEARD_THROATS, _ACCENTS),
        *_flite(rng, flite, HEARD_FLITE, _HEARD_THROATS),
    ]
    return [_humanly(saying, rng) for person in people for saying in _said(person, rng)]


def unheard(rng: np.random.Generator, espeak: int, flite: int) -> list[Saying]:
    """Of voices that no training hears."""
    people = [
        *_espeak(rng, espeak, UNHEARD_VARIANTS, ("en",), _THROATS),
        *_flite(rng, flite, UNHEARD_FLITE, _THROATS),
    ]
    return [saying for person in people for saying in _said(person, rng)]


def _espeak(
    rng: np.random.Generator,
    count: int,
    variants: tuple[str, ...],
    languages: tuple[str, ...],
    throats: tuple[float, float],
    accents: tuple[str, ...] = _ACCENTS[:1],
) -> Iterator[_Person]:
    names = {"es": "roa/es", "fr": "roa/fr", "de": "gmw/de"}
    for number in range(count):
        language, variant = str(rng.choice(languages)), str(rng.choice(variants))
        accent = str(rng.choice(accents))
        name = (accent if language == "en" else names.get(language, f"roa/{language}")) + variant
        speed, throat = int(rng.integers(120, 220)), float(rng.uniform(*throats))
        try:
            voice = EspeakVoice(language, rate_wpm=speed, voice=name)
        except EngineUnavailable:  # not every espeak has every variant
            continue
        yield _Person(f"espeak {name} {number}", voice.say, language, throat)


def _flite(
    rng: np.random.Generator, count: int, voices: tuple[str, ...], throats: tuple[float, float]
) -> Iterator[_Person]:
    for number in range(count):
        name, speed = str(rng.choice(voices)), int(rng.integers(130, 210))
        throat = float(rng.uniform(*throats))
        try:
            voice = FliteVoice(rate_wpm=speed, voice=name)
        except EngineUnavailable:
            return
        yield _Person(f"flite {name} {number}", voice.say, "en", throat)


def _said(person: _Person, rng: np.random.Generator) -> Iterator[Saying]:
    for _ in range(_SAYINGS):
        utterance = trimmed(person.say(sentence(person.language, rng)))
        peak = float(np.abs(utterance.samples).max(initial=0.0))
        if peak < 0.01 or len(utterance.samples) < utterance.rate:
            continue
        rate = utterance.rate * person.throat
        samples = soxr.resample(utterance.samples / peak, rate, RATE)
        phones = [
            Phone(p.name, p.start / person.throat, p.end / person.throat) for p in utterance.phones
        ]
        shapes = mouth_track(phones, len(samples) / RATE).shapes
        lips = np.stack((shapes[:, _JAW], shapes[:, _WIDTH] - shapes[:, _ROUND]), axis=1)
        yield Saying(person.name, samples.astype(np.float16), lips)


def _humanly(saying: Saying, rng: np.random.Generator) -> Saying:
    """Half of them are breathed and waver as no synthesiser does."""
    if rng.random() < 0.5:
        return saying
    sound = saying.samples.astype(np.float32)
    times = np.arange(len(sound))
    for pace in rng.uniform(0.5, _FASTEST, 2):
        swing = rng.uniform(0, _PITCH_WANDERS / 2) * RATE / (2 * np.pi * pace)
        times = times + swing * np.sin(2 * np.pi * pace * times / RATE + rng.uniform(0, 6))
    sound = np.interp(times, np.arange(len(sound)), sound).astype(np.float32)
    loud = np.sqrt(np.convolve(np.square(sound), np.full(_LOUD, 1 / _LOUD), "same"))
    breath = np.diff(rng.standard_normal(len(sound) + 1)) * loud
    sound += np.float32(10 ** (rng.uniform(*_BREATH_DB) / 20)) * breath.astype(np.float32)
    return replace(saying, samples=sound.astype(np.float16))


def sentence(language: str, rng: np.random.Generator) -> str:
    """Four to eleven words, two in five of them made up."""
    words = " ".join(TEXTS[language]).split()
    count = int(rng.integers(4, 12))
    chosen = [_word(rng) if rng.random() < 0.4 else str(rng.choice(words)) for _ in range(count)]
    return " ".join(chosen).strip(".,;:?!¿¡ ") + "."


def _word(rng: np.random.Generator) -> str:
    parts = []
    for _ in range(int(rng.integers(1, 4))):
        parts += [str(rng.choice(_ONSETS)), str(rng.choice(_VOWELS)), str(rng.choice(_ENDS))]
    return "".join(parts)
