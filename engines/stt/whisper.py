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
from engines.models.store import ANY_LANGUAGE, chosen
from engines.stt.guards import Guards, Heard
from engines.stt.whisper_ear import WhisperEar
from engines.stt.whisper_network import RATE, WhisperNetwork

log = logging.getLogger(__name__)

ANY = ""
"""In place of a language: it is found out for each segment."""

_STANDS_FOR = {"nb": "no", "jv": "jw", "fil": "tl"}
_MEANT = {"jw": "jv"}
_LANGUAGE_FROM = 8.0
"""Seconds of a segment that its language is judged by."""
_SURE = 0.5
"""From this probability on a language is believed; below it, the one of the segment before."""
_QUIET_STRETCH = 0.02


class WhisperRecogniser:
    """Recognises one language, or (`language` empty) finds out which one a segment is in. With
    `theirs` it recognises `language` and tells a segment in that other one.

    No segment is told what was said before: an error would be carried on. A segment is heard in a
    window of its own length first; when a guard doubts what comes out, again in the window the
    network was trained on, with a wider search.
    """

    def __init__(
        self,
        language: str = ANY,
        *,
        theirs: str = "",
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
        many = not language or bool(theirs)
        known = ANY_LANGUAGE if many else code
        found = chosen("stt", model, known, card=where.name == "cuda")
        self._network = WhisperNetwork(found.folder, where)
        if many and len(self._network.languages) < 2:
            self._network.close()
            raise EngineUnavailable(
                f"The Whisper model {found.name} knows one language and cannot find out which one "
                "is spoken. Get one for many: `translated-camera models list --kind stt`."
            )
        if code not in (ANY, *self._network.languages):
            self._network.close()
            raise EngineUnavailable(
                f"The Whisper model {found.name} does not know {language_name(language)}. Get one "
                "for many languages: `translated-camera models list --kind stt`."
            )
        self.languages: Collection[str] = (language,) if language else self._network.languages
        self.note = f"{found.name}, {where.note}"
        self._code = code
        self._theirs = _STANDS_FOR.get(theirs, theirs)
        self._given = {code: language, self._theirs: theirs}
        self._before = ""
        self._beam, self._beam_again, self._own_length = beam, beam_again, own_length
        self._guards = guards or Guards()

    def recognise(self, segment: Segment) -> Transcript:
        audio = segment.audio
        samples = at_16k(audio.samples, audio.rate)
        code, sure = self._spoken_in(samples)
        heard = [(at, self._hear(part, code)) for at, part in self._windows(samples)]
        words = tuple(
            replace(word, start=audio.pts + at + word.start, end=audio.pts + at + word.end)
            for at, one in heard
            for word in one.words
        )
        text = " ".join(one.text for _, one in heard if one.text)
        said = self._given.get(code) or _MEANT.get(code, code)
        return Transcript(segment, text, said, words, sure * _confidence(words), segment.final)

    def _spoken_in(self, samples: Samples) -> tuple[str, float]:
        """The network's code of the language, and how sure that is."""
        if self._code and (not self._theirs or self._guards.silent(samples)):
            return self._code, 1.0
        if self._code:
            found = dict(self._network.languages_of(_beginning(samples)))
            own, theirs = found.get(self._code, 0.0), found.get(self._theirs, 0.0)
            return (self._theirs, theirs) if theirs > max(own, _SURE) else (self._code, 1.0)
        code, sure = self.language_of(samples)
        if sure < _SURE and self._before:
            return self._before, sure
        self._before = code if sure >= _SURE else self._before
        return code, sure

    def language_of(self, samples: Samples) -> tuple[str, float]:
        """The likeliest language of sound at 16 kHz, and how sure that is."""
        if self._guards.silent(samples):
            return self._network.languages[0], 0.0
        return self._network.languages_of(_beginning(samples))[0]

    def ear(self) -> WhisperEar:
        return WhisperEar(self._network, self._code, self._guards)

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
        yield at / RATE, samples[at:] if at else samples


def _beginning(samples: Samples) -> Samples:
    """By which a language is judged: if that is all, the very same array."""
    most = round(_LANGUAGE_FROM * RATE)
    return samples if len(samples) <= most else samples[:most]


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
