"""A recogniser for tests: it understands the tone language (see `engines.stt.tones`)."""

from collections.abc import Collection, Iterable

import numpy as np

from core.clock import Clock
from core.errors import EngineFailed
from core.types import AudioChunk, Segment, Transcript, Word
from engines.stt.tones import DIGITS, RATE, understand, utter

__all__ = ["FakeEar", "FakeRecogniser", "utter"]


class FakeRecogniser:
    """Without a `language`, or with `theirs`, it finds out which one is spoken: segments of digits
    alone are in `theirs` (or Spanish), all others in `language` (or English).

    Takes `delay` seconds and `per_second` for each second of audio, on `clock`.

    `script`, while it lasts, gives the texts instead, spread evenly over their segments. The
    calls of `recognise` whose numbers (from 0) are in `failures` raise EngineFailed.
    """

    def __init__(
        self,
        language: str = "en",
        *,
        theirs: str = "",
        clock: Clock | None = None,
        delay: float = 0.0,
        per_second: float = 0.0,
        script: Iterable[str] = (),
        failures: Collection[int] = (),
        streaming: bool = True,
    ) -> None:
        self._language, self._theirs = language or "en", theirs or ("" if language else "es")
        self.languages: Collection[str] = tuple(filter(None, (self._language, self._theirs)))
        self._clock = clock
        self._delay, self._per_second = delay, per_second
        self._script = iter(script)
        self._failures = failures
        self._streaming = streaming
        self._knows = bool(language)
        self.calls = 0
        self.closed = False

    def recognise(self, segment: Segment) -> Transcript:
        call, self.calls = self.calls, self.calls + 1
        if self._clock is not None:
            self._clock.sleep(self._delay + self._per_second * segment.audio.duration)
        if call in self._failures:
            raise EngineFailed("The fake recogniser failed as it was told to.")
        audio = segment.audio
        text = next(self._script, None)
        words = (
            understand(audio.samples, audio.pts, audio.rate)
            if text is None
            else _spread(text, audio)
        )
        spoken = " ".join(word.text for word in words)
        theirs = self._theirs and words and all(word.text in DIGITS for word in words)
        language = self._theirs if theirs else self._language
        return Transcript(segment, spoken, language, words, final=segment.final)

    def ear(self) -> "FakeEar | None":
        return FakeEar() if self._streaming and self._knows else None

    def close(self) -> None:
        self.closed = True


class FakeEar:
    """Understands each word of the tone language 50 ms after it began, without delay."""

    def __init__(self) -> None:
        self._heard: list[AudioChunk] = []
        self.caught_up = True
        self.restarts = 0
        self.closed = False

    def feed(self, audio: AudioChunk) -> None:
        if audio.rate != RATE:
            raise ValueError(f"an ear hears {RATE} samples a second, not {audio.rate}")
        self._heard.append(audio)

    def words(self, patience: float = 0.0) -> tuple[Word, ...]:
        if not self._heard:
            return ()
        samples = np.concatenate([chunk.samples for chunk in self._heard])
        return understand(samples, self._heard[0].pts)

    def restart(self) -> None:
        self._heard.clear()
        self.restarts += 1

    def close(self) -> None:
        self.closed = True


def _spread(text: str, audio: AudioChunk) -> tuple[Word, ...]:
    words = text.split()
    step = audio.duration / max(1, len(words))
    return tuple(
        Word(word, audio.pts + index * step, audio.pts + (index + 1) * step)
        for index, word in enumerate(words)
    )
