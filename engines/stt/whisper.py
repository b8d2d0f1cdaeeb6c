"""Whisper by faster-whisper: some 100 languages; eight bits on the processor, FP16 on a graphics
card. Its models are not part of this program (see `engines.models`)."""

import logging
import math
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import soxr

from core.errors import EngineUnavailable
from core.text.languages import language_name
from core.types import Samples, Segment, Transcript, Word
from engines.device import device
from engines.models.store import chosen
from engines.stt.guards import Guards, Heard
from engines.stt.whisper_ear import WhisperEar
from engines.stt.whisper_network import RATE, WhisperNetwork

log = logging.getLogger(__name__)

ANY = ""
"""In place of a language: it is found out for each segment."""

_STANDS_FOR = {"nb": "no", "jv": "jw", "fil": "tl"}
_LANGUAGE_FROM = 8.0
"""Seconds of a segment that its language is judged by."""
_QUIET_STRETCH = 0.02


class WhisperRecogniser:
    """Recognises one language, or (`language` empty) finds out which one a segment is in.

    No segment is told what was said before: an error would be carried on. A segment is heard in a
    window of its own length first; when a guard doubts what comes out, again in the window the
    network was trained on, with a wider search.
    """

    def __init__(
        self,
        language: str = ANY,
        *,
        model: str | Path = "",
        device_name: str = "auto",
        beam: int = 1,
        beam_again: int = 5,
        own_length: bool = True,
        guards: Guards | None = None,
    ) -> None:
        """`model` is a name of the catalogue or a folder; without it, of the models that are here
        the best that fits this machine. EngineUnavailable when there is none for the language."""
        where = device(device_name)
        code = _STANDS_FOR.get(language, language)
        found = chosen("stt", model, code, card=where.name == "cuda")
        self._network = WhisperNetwork(found.folder, where)
        if code not in (ANY, *self._network.languages):
            self._network.close()
            raise EngineUnavailable(
                f"The Whisper model {found.name} does not know {language_name(language)}. Get one "
                "for many languages: `translated-camera models list --kind stt`."
            )
        self.languages: Collection[str] = (language,) if language else self._network.languages
        self.note = f"{found.name}, {where.note}"
        self._language, self._code = language, code
        self._beam, self._beam_again, self._own_length = beam, beam_again, own_length
        self._guards = guards or Guards()

    def recognise(self, segment: Segment) -> Transcript:
        audio = segment.audio
        samples = at_16k(audio.samples, audio.rate)
        code, sure = (self._code, 1.0) if self._code else self.language_of(samples)
        heard = [(at, self._hear(part, code)) for at, part in self._windows(samples)]
        words = tuple(
            replace(word, start=audio.pts + at + word.start, end=audio.pts + at + word.end)
            for at, one in heard
            for word in one.words
        )
        text = " ".join(one.text for _, one in heard if one.text)
        said = self._language or code
        return Transcript(segment, text, said, words, sure * _confidence(words), segment.final)

    def language_of(self, samples: Samples) -> tuple[str, float]:
        """The likeliest language of sound at 16 kHz, and how sure that is."""
        if self._guards.silent(samples):
            return self._network.languages[0], 0.0
        return self._network.languages_of(samples[: round(_LANGUAGE_FROM * RATE)])[0]

    def ear(self) -> WhisperEar | None:
        """None while the language is not known: a caption cannot change it."""
        return WhisperEar(self._network, self._code, self._guards) if self._code else None

    def close(self) -> None:
        self._network.close()

    def _hear(self, samples: Samples, language: str) -> Heard:
        if self._guards.silent(samples):
            return Heard("", (), 0.0, 1.0)
        heard = self._network.hear(samples, language, beam=self._beam, own_length=self._own_length)
        doubt = self._guards.doubt(heard)
        if doubt and (self._own_length or self._beam_again > self._beam):
            log.info("what was understood is doubted (%s); it is heard again", doubt)
            again = self._network.hear(samples, language, beam=self._beam_again, own_length=False)
            if not self._guards.doubt(again) or again.log_probability > heard.log_probability:
                heard = again
        return self._guards.kept(heard)

    def _windows(self, samples: Samples) -> Iterator[tuple[float, Samples]]:
        """Parts that fit the network, cut at their quietest, each with its time in seconds."""
        most = round((self._network.longest - 1.0) * RATE)
        at = 0
        while len(samples) - at > most:
            cut = at + _quietest(samples[at + most // 2 : at + most]) + most // 2
            yield at / RATE, samples[at:cut]
            at = cut
        yield at / RATE, samples[at:]


def at_16k(samples: Samples, rate: int) -> Samples:
    clean: Samples = np.nan_to_num(samples, posinf=1.0, neginf=-1.0)
    return clean if rate == RATE else soxr.resample(clean, rate, RATE)


def _quietest(samples: Samples) -> int:
    step = round(_QUIET_STRETCH * RATE)
    frames = samples[: len(samples) // step * step].reshape(-1, step)
    return int(np.argmin((frames**2).sum(1))) * step + step // 2


def _confidence(words: tuple[Word, ...]) -> float:
    """The geometric mean over the words."""
    logs = [math.log(max(word.confidence, 1e-6)) for word in words]
    return math.exp(sum(logs) / len(logs)) if logs else 1.0
