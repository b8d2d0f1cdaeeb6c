"""Voices by Piper: neural, many times faster than speech on one thread, with the exact time of
each sound. Voices are not part of this program (see `engines.models`)."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import numpy as np
from onnxruntime import InferenceSession
from piper import PiperVoice as Synthesiser
from piper import SynthesisConfig
from piper.config import PiperConfig

from core.errors import EngineFailed, EngineUnavailable
from core.mouth import Phone
from core.types import AudioChunk, Samples, Speech, Translation
from engines.models.store import chosen
from engines.onnx import LOAD_ERRORS
from engines.tts.clauses import parts
from engines.tts.early import Planned, early, whole
from engines.tts.piper_network import PiperNetwork, Said
from engines.tts.piper_times import phones, words
from engines.tts.utterance import Utterance

_LOUDEST = np.float32(0.9)
"""A voice may fill its whole range; what is laid over it needs some."""
_RATES = (0.5, 2.0)


class PiperVoice:
    """Speaks one language. A sentence is spoken in parts, the first of which is short; of that one
    the first sound leaves before the rest is made."""

    def __init__(
        self, language: str, *, model: str | Path = "", rate: float = 1.0, speaker: str = ""
    ) -> None:
        """`model` is a name of the catalogue or a folder; `rate` 1 is the voice's own pace;
        `speaker` one of a voice of many. EngineUnavailable when there is none for the language."""
        found = chosen("tts", model, language, form="piper")
        network = _network(found.folder)
        config = _config(network)
        self.language = language
        self.rate = config.sample_rate
        self.note = found.name
        self._network = PiperNetwork(network)
        # It asks a session for no more than `run`.
        self._voice = Synthesiser(cast(InferenceSession, self._network), config)
        self._how = SynthesisConfig(
            speaker_id=_speaker(config, speaker),
            length_scale=config.length_scale / min(max(rate, _RATES[0]), _RATES[1]),
            normalize_audio=False,
        )
        if not self._network.timed:
            self.note += ", its sounds' times are guessed"

    def speak(self, translation: Translation) -> Iterator[Speech]:
        said = list(parts(translation.text)) if translation.spoken else []
        if not said:
            yield Speech(translation, AudioChunk(np.zeros(0, np.float32), self.rate, 0.0))
        for number, (text, pause) in enumerate(said):
            last = number == len(said) - 1
            cut = early if number == 0 and self._network.timed else whole
            for piece in cut(self.plan(text), 0.0 if last else pause):
                if (last and piece.last) or len(piece.samples):
                    audio = AudioChunk(piece.samples, self.rate, 0.0)
                    ends = last and piece.last
                    yield Speech(translation, audio, piece.mouth, piece.words, ends)

    def say(self, text: str) -> Utterance:
        """All of it. EngineFailed when the network breaks."""
        planned = self.plan(text)
        return planned.utterance(planned.sound(0, planned.size))

    def plan(self, text: str) -> Planned:
        """How and when it will be said, before it is. EngineFailed when the network breaks, then
        or when there is to be sound."""
        made: list[Said] = []
        times: list[Phone] = []
        at = 0
        with self._told():
            for chunk in self._voice.synthesize(text, self._how, self._network.timed):
                one = self._network.said
                times += phones(_alignments(chunk, one.size), self.rate, at / self.rate)
                made.append(one)
                at += one.size

        def sound(start: int, end: int) -> Samples:
            with self._told():
                if len(made) == 1:
                    return made[0].sound(start, end) * _LOUDEST
                every = [np.zeros(0, np.float32), *(one.sound() for one in made)]
                return np.concatenate(every)[start:end] * _LOUDEST

        return Planned(at, self.rate, self._network.hop, tuple(times), words(text, times), sound)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (*LOAD_ERRORS, RuntimeError, ValueError) as exc:
            raise EngineFailed(f"The voice {self.note} stopped working: {exc}") from exc

    def close(self) -> None:
        del self._voice, self._network


def _alignments(chunk: Any, size: int) -> Sequence[tuple[str, int]]:
    """Each sound with its samples; where the voice tells none, all are alike long."""
    if chunk.phoneme_alignments:
        return [(one.phoneme, int(one.num_samples)) for one in chunk.phoneme_alignments]
    each = size // max(1, len(chunk.phonemes))
    return [(phoneme, each) for phoneme in chunk.phonemes]


def _network(folder: Path) -> Path:
    found = sorted(folder.glob("*.onnx"))
    if len(found) != 1:
        raise EngineUnavailable(
            f"A Piper voice is one .onnx file; {folder} holds {len(found) or 'none'}. Get it again "
            "with `translated-camera models pull`."
        )
    return found[0]


def _config(network: Path) -> PiperConfig:
    path = network.with_name(f"{network.name}.json")
    try:
        return PiperConfig.from_dict(json.loads(path.read_text("utf-8")))
    except FileNotFoundError as exc:
        raise EngineUnavailable(f"The voice {network.name} lacks {path.name} beside it.") from exc
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise EngineUnavailable(f"{path.name} does not describe a Piper voice: {exc!r}.") from exc


def _speaker(config: PiperConfig, wanted: str) -> int | None:
    if not wanted:
        return None
    if wanted not in config.speaker_id_map:
        known = ", ".join(sorted(config.speaker_id_map)) or "none has a name"
        raise EngineUnavailable(f"The voice has no speaker {wanted!r}; there are: {known}.")
    return int(config.speaker_id_map[wanted])
