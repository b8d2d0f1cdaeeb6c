"""Synthesised voices whose lips are known: what the audio-visual network learns from and is tried
on. They speak sentences of real words in no sense, and words that do not exist."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

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

_JAW, _WIDTH, _ROUND = (MOUTH_PARAMETERS.index(name) for name in ("jaw", "width", "round"))
_ONSETS = ("sh", "ch", "br", "dr", "fl", "gr", "kl", "pl", "st", "tr", "th", *"bdfgklmnprstvwz")
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ea", "ou", "oa", "ee", "oo")
_ENDS = ("", "", "", "n", "m", "r", "s", "l", "t", "p")


@dataclass(frozen=True)
class Saying:
    """A sentence at RATE, peak 1, and its lips (opening, spread) a hundred times a second."""

    voice: str
    samples: NDArray[np.float16]
    lips: NDArray[np.float32]


def heard(rng: np.random.Generator, espeak: int, flite: int) -> list[Saying]:
    """What is learnt from: so many sentences of each synthesiser. Without flite, espeak alone."""
    variants = (*VARIANTS, *MORE_VARIANTS)
    return [*_espeak(rng, espeak, variants, tuple(TEXTS)), *_flite(rng, flite, HEARD_FLITE)]


def unheard(rng: np.random.Generator, espeak: int, flite: int) -> list[Saying]:
    """Of voices that no training hears."""
    return [*_espeak(rng, espeak, UNHEARD_VARIANTS, ("en",)), *_flite(rng, flite, UNHEARD_FLITE)]


def _espeak(
    rng: np.random.Generator, count: int, variants: tuple[str, ...], languages: tuple[str, ...]
) -> Iterator[Saying]:
    names = {"en": "gmw/en-US", "es": "roa/es", "fr": "roa/fr", "de": "gmw/de"}
    for _ in range(count):
        language, variant = str(rng.choice(languages)), str(rng.choice(variants))
        name = names.get(language, f"roa/{language}") + variant
        speed = int(rng.integers(120, 220))
        try:
            voice = EspeakVoice(language, rate_wpm=speed, voice=name)
        except EngineUnavailable:  # not every espeak has every variant
            continue
        yield from _said(f"espeak {name}", voice.say, language, rng)


def _flite(rng: np.random.Generator, count: int, voices: tuple[str, ...]) -> Iterator[Saying]:
    for _ in range(count):
        name, speed = str(rng.choice(voices)), int(rng.integers(130, 210))
        try:
            voice = FliteVoice(rate_wpm=speed, voice=name)
        except EngineUnavailable:
            return
        yield from _said(f"flite {name}", voice.say, "en", rng)


def _said(
    name: str, say: Callable[[str], Utterance], language: str, rng: np.random.Generator
) -> Iterator[Saying]:
    """Played a little faster or slower too, as larger and smaller throats would sound."""
    utterance = trimmed(say(sentence(language, rng)))
    speed = float(rng.uniform(0.85, 1.18))
    peak = float(np.abs(utterance.samples).max(initial=0.0))
    if peak < 0.01 or len(utterance.samples) < utterance.rate:
        return
    samples = soxr.resample(utterance.samples / peak, utterance.rate * speed, RATE)
    phones = [Phone(p.name, p.start / speed, p.end / speed) for p in utterance.phones]
    shapes = mouth_track(phones, len(samples) / RATE).shapes
    lips = np.stack((shapes[:, _JAW], shapes[:, _WIDTH] - shapes[:, _ROUND]), axis=1)
    yield Saying(name, samples.astype(np.float16), lips)


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
