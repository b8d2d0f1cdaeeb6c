"""Smart Turn version 3, a small network that hears from the voice alone, in 23 languages, whether
somebody has finished. Its file (9 MB, BSD) is part of pipecat-ai."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime
import soxr

from core.errors import EngineUnavailable
from core.types import AudioChunk, Samples, Word
from engines.models.store import installed
from engines.onnx import open_network
from engines.turn.mel import RATE, log_mel
from engines.turn.syntax import dangles, plain

_WINDOW = 8 * RATE
_SHAPE = (80, 800)


class SmartTurn:
    """Ask it in a pause only: in the middle of a word its answer means nothing. Where the running
    transcript ends with a word like "because", the sentence goes on whatever the voice says.

    `model` is the ONNX file; without it the one in an installed pipecat is taken, which is not
    imported.
    """

    def __init__(self, *, model: Path | None = None) -> None:
        self._network = _network(model or _packaged_model())

    def complete(self, audio: AudioChunk, words: tuple[Word, ...], language: str) -> float:
        features = log_mel(_last_seconds(audio))[None]
        (output,) = self._network.run(None, {"input_features": features})
        heard = float(np.clip(output.ravel()[0], 0.0, 1.0))
        return min(heard, 0.2) if dangles(plain(words), language) else heard

    def close(self) -> None:
        del self._network


def _last_seconds(audio: AudioChunk) -> Samples:
    """Eight seconds at 16 kHz, silence in front where there are fewer."""
    samples: Samples = np.nan_to_num(audio.samples[-8 * audio.rate :])
    if audio.rate != RATE:
        samples = soxr.resample(samples, audio.rate, RATE)
    samples = samples[-_WINDOW:]
    return np.pad(samples, (_WINDOW - len(samples), 0))


def _network(model: Path) -> onnxruntime.InferenceSession:
    network = open_network(model, "The turn judge")
    inputs = network.get_inputs()
    if [node.name for node in inputs] != ["input_features"] or inputs[0].shape[1:] != [*_SHAPE]:
        raise EngineUnavailable(f"{model.name} is not version 3 of Smart Turn.")
    return network


def _packaged_model() -> Path:
    spec = find_spec("pipecat")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        found = sorted(Path(folder, "audio/turn/smart_turn/data").glob("smart-turn-v3*.onnx"))
        if found:
            return found[-1]
    for model in installed("turn"):
        pulled = sorted(model.folder.glob("smart-turn-v3*.onnx"))
        if pulled:
            return pulled[-1]
    raise EngineUnavailable(
        "The neural turn judge needs the file smart-turn-v3.2-cpu.onnx. Get it with "
        "`translated-camera models pull smart-turn`, or install pipecat-ai, which contains it."
    )
