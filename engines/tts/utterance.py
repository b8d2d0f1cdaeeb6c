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
    loud = np.flatnonzero(np.abs(utterance.samples) > _QUIET)
    if not len(loud):
        return replace(utterance, samples=utterance.samples[:0], phones=(), words=())
    lead = round(MARGIN * utterance.rate)
    first = max(0, int(loud[0]) - lead)
    voice = utterance.samples[first : int(loud[-1]) + 1].copy()
    fade = np.linspace(0.0, 1.0, max(2, int(_FADE * utterance.rate)), dtype=np.float32)[
        : len(voice)
    ]
    voice[: len(fade)] *= fade
    voice[-len(fade) :] *= fade[::-1]
    before = np.zeros(max(0, lead - int(loud[0])), np.float32)
    after = np.zeros(round(max(pause, MARGIN) * utterance.rate), np.float32)
    by = (first - len(before)) / utterance.rate
    return _moved(utterance, np.concatenate((before, voice, after)), by)


def _moved(utterance: Utterance, samples: Samples, by: float) -> Utterance:
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
