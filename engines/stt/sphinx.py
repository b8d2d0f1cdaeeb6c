"""pocketsphinx: English on any machine, nothing to download. The built-in rung; about one word
in four of real speech is wrong."""

from collections.abc import Collection
from typing import Any

import numpy as np
import soxr

from core.errors import EngineUnavailable
from core.process import Remote
from core.types import Samples, Segment, Transcript, Word
from engines.stt.sphinx_decoder import RATE, WholeDecoder
from engines.stt.sphinx_ear import SphinxEar


class SphinxRecogniser:
    """Its decoder and each of its ears live in worker processes: they hold the GIL. The decoder
    lives here in a process that has nothing else to do (`alone`), which is there sooner.

    `close` may come from another thread while `recognise` is at work, which then raises
    EngineFailed. Ears are closed by whoever asked for them.
    """

    languages: Collection[str] = ("en",)

    def __init__(self, language: str = "en", *, alone: bool = False) -> None:
        if not language:
            raise EngineUnavailable(
                "pocketsphinx recognises English only and finds out no other language."
            )
        if language not in self.languages:
            raise EngineUnavailable(
                f"pocketsphinx recognises English only, not {language!r}. "
                "Choose another recogniser for it."
            )
        self._remote = _Here() if alone else Remote("engines.stt.sphinx_decoder:WholeDecoder")

    @property
    def restarts(self) -> int:
        return self._remote.restarts

    def recognise(self, segment: Segment) -> Transcript:
        audio = segment.audio
        # Ten times what it takes on an idle core.
        timeout = 5.0 + 3.0 * audio.duration
        said = self._remote.call("decode", _at_16k(audio.samples, audio.rate), timeout=timeout)
        words = tuple(
            Word(text, audio.pts + start, audio.pts + end, confidence)
            for text, start, end, confidence in said
        )
        text = " ".join(word.text for word in words)
        return Transcript(segment, text, "en", words, _confidence(words), segment.final)

    def ear(self) -> SphinxEar:
        return SphinxEar()

    def close(self) -> None:
        self._remote.close()


class _Here:
    """What a Remote is asked, done by a decoder in this process."""

    restarts = 0

    def __init__(self) -> None:
        self._decoder = WholeDecoder()

    def call(self, method: str, *arguments: Any, timeout: float) -> Any:
        return getattr(self._decoder, method)(*arguments)

    def close(self) -> None:
        del self._decoder


def _at_16k(samples: Samples, rate: int) -> Samples:
    clean: Samples = np.nan_to_num(samples)
    return clean if rate == RATE else soxr.resample(clean, rate, RATE)


def _confidence(words: tuple[Word, ...]) -> float:
    """The mean over the time that was spoken."""
    spoken = sum(word.end - word.start for word in words)
    if not spoken:
        return 1.0
    return sum(word.confidence * (word.end - word.start) for word in words) / spoken
