"""What a synthesiser made of one sentence, and how it becomes a piece of Speech."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.mouth import Phone, mouth_track
from core.types import AudioChunk, Samples, Speech, Translation, Word
from engines.tts.text import sentences, speakable

MARGIN = 0.03
"""Seconds of silence before the first sound, for the mouth to open in, and after the last."""

_QUIET = 0.003  # -50 dB of full scale
_FADE = 0.003


@dataclass(frozen=True)
class Utterance:
    """Mono sound with the times of its sounds and words, in seconds from its start."""

    samples: Samples
    rate: int
    phones: Sequence[Phone]
    words: Sequence[Word]


def trimmed(utterance: Utterance, pause: float = 0.0) -> Utterance:
    """With MARGIN of silence before it and `pause` seconds (at least MARGIN) after it."""
    if not sounds(utterance.samples):
        return replace(utterance, samples=utterance.samples[:0], phones=(), words=())
    begun, by = led_in(utterance.samples, utterance.rate)
    return moved(utterance, led_out(begun, utterance.rate, pause), by / utterance.rate)


def sounds(samples: Samples) -> bool:
    return bool((np.abs(samples) > _QUIET).any())


def led_in(samples: Samples, rate: int) -> tuple[Samples, int]:
    """Sound with MARGIN of silence before it, and how many samples earlier all of it comes."""
    loud = int(np.argmax(np.abs(samples) > _QUIET))
    lead = round(MARGIN * rate)
    first = max(0, loud - lead)
    voice = samples[first:].copy()
    fade = _fade(rate)[: len(voice)]
    voice[: len(fade)] *= fade
    before = np.zeros(max(0, lead - loud), np.float32)
    return np.concatenate((before, voice)), first - len(before)


def led_out(samples: Samples, rate: int, pause: float = 0.0) -> Samples:
    """Sound, if there is any, with `pause` seconds (at least MARGIN) of silence after it."""
    loud = np.flatnonzero(np.abs(samples) > _QUIET)
    voice = samples[: int(loud[-1]) + 1 if len(loud) else 0].copy()
    fade = _fade(rate)[: len(voice)]
    voice[len(voice) - len(fade) :] *= fade[::-1]
    return np.concatenate((voice, np.zeros(round(max(pause, MARGIN) * rate), np.float32)))


def _fade(rate: int) -> Samples:
    return np.linspace(0.0, 1.0, max(2, int(_FADE * rate)), dtype=np.float32)


def moved(utterance: Utterance, samples: Samples, by: float) -> Utterance:
    """Other samples of it, whose times are earlier `by` so many seconds."""
    end = len(samples) / utterance.rate

    def inside(moment: float) -> float:
        return min(max(moment - by, 0.0), end)

    phones = (Phone(p.name, inside(p.start), inside(p.end)) for p in utterance.phones)
    words = (replace(w, start=inside(w.start), end=inside(w.end)) for w in utterance.words)
    return replace(
        utterance,
        samples=samples,
        phones=tuple(p for p in phones if p.end > p.start),
        words=tuple(words),
    )


def pieces(
    translation: Translation, say: Callable[[str], Utterance], *, rate: int, pause: float
) -> Iterator[Speech]:
    """One Speech a sentence as soon as it is said, with `pause` seconds between two; a single
    silent one when there is nothing to say."""
    parts = [part for part in sentences(translation.text) if speakable(part)]
    if not parts or not translation.spoken:
        yield Speech(translation, AudioChunk(np.zeros(0, np.float32), rate, 0.0))
        return
    for number, part in enumerate(parts, 1):
        last = number == len(parts)
        utterance = trimmed(say(part), 0.0 if last else pause)
        if last or len(utterance.samples):
            yield spoken(translation, utterance, last)


def spoken(translation: Translation, utterance: Utterance, last: bool) -> Speech:
    """An utterance as a piece of the translation's voice."""
    audio = AudioChunk(utterance.samples, utterance.rate, 0.0)
    mouth = mouth_track(utterance.phones, audio.duration)
    return Speech(translation, audio, mouth, tuple(utterance.words), last)
