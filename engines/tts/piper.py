"""Voices by Piper: neural, many times faster than speech on one thread, with the exact time of
each sound. Voices are not part of this program (see `engines.models`)."""

import json
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from piper import PiperVoice as Synthesiser
from piper import SynthesisConfig
from piper.config import PiperConfig

from core.errors import EngineFailed, EngineUnavailable
from core.mouth import Phone
from core.types import AudioChunk, Speech, Translation
from engines.models.store import chosen
from engines.onnx import LOAD_ERRORS, open_network
from engines.tts.clauses import parts
from engines.tts.piper_times import phones, words
from engines.tts.utterance import Utterance, spoken, trimmed

log = logging.getLogger(__name__)

_LOUDEST = 0.9
_RATES = (0.5, 2.0)


class PiperVoice:
    """Speaks one language. A sentence is spoken in parts, the first of which is short."""

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
        self._voice = Synthesiser(_session(network), config)
        self._timed = len(self._voice.session.get_outputs()) > 1
        self._how = SynthesisConfig(
            speaker_id=_speaker(config, speaker),
            length_scale=config.length_scale / min(max(rate, _RATES[0]), _RATES[1]),
            normalize_audio=False,
        )
        if not self._timed:
            self.note += ", its sounds' times are guessed"

    def speak(self, translation: Translation) -> Iterator[Speech]:
        said = list(parts(translation.text)) if translation.spoken else []
        if not said:
            yield Speech(translation, AudioChunk(np.zeros(0, np.float32), self.rate, 0.0))
        for number, (text, pause) in enumerate(said, 1):
            last = number == len(said)
            utterance = trimmed(self.say(text), 0.0 if last else pause)
            if last or len(utterance.samples):
                yield spoken(translation, utterance, last)

    def say(self, text: str) -> Utterance:
        """EngineFailed when the network breaks."""
        samples: list[np.ndarray[Any, Any]] = [np.zeros(0, np.float32)]
        times: list[Phone] = []
        at = 0
        try:
            for chunk in self._voice.synthesize(text, self._how, include_alignments=self._timed):
                samples.append(chunk.audio_float_array)
                size = len(chunk.audio_float_array)
                times += phones(_alignments(chunk, size), self.rate, at / self.rate)
                at += size
        except (*LOAD_ERRORS, RuntimeError, ValueError) as exc:
            raise EngineFailed(f"The voice {self.note} stopped working: {exc}") from exc
        voice = np.concatenate(samples)
        loudest = float(np.abs(voice).max(initial=0.0))
        if loudest > _LOUDEST:
            voice = voice * np.float32(_LOUDEST / loudest)
        return Utterance(voice.astype(np.float32), self.rate, tuple(times), words(text, times))

    def close(self) -> None:
        del self._voice


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


def _session(network: Path) -> onnxruntime.InferenceSession:
    """With the times of the sounds as a second output, where the network can be made to tell."""
    session = open_network(network, "The voice", _with_times(network), arena=True)
    names = {node.name for node in session.get_inputs()}
    if not {"input", "input_lengths", "scales"} <= names:
        raise EngineUnavailable(f"{network.name} is no Piper voice.")
    return session


def _with_times(network: Path) -> bytes | None:
    """The network with its durations as an output; None where it has them, or they cannot be."""
    try:
        import onnx
        from piper.patch_voice_with_alignment import add_alignment_output
    except ImportError as exc:
        log.info("the times of sounds cannot be told without %s", exc.name)
        return None
    try:
        model = onnx.load(str(network))
        add_alignment_output(model)
        data: bytes = model.SerializeToString()
    # A damaged file is reported by whoever opens it; protobuf's error has no public place.
    except Exception as exc:  # noqa: BLE001
        log.debug("%s is taken as it is: %s", network.name, exc)
        return None
    return data


def _speaker(config: PiperConfig, wanted: str) -> int | None:
    if not wanted:
        return None
    if wanted not in config.speaker_id_map:
        known = ", ".join(sorted(config.speaker_id_map)) or "none has a name"
        raise EngineUnavailable(f"The voice has no speaker {wanted!r}; there are: {known}.")
    return int(config.speaker_id_map[wanted])
