"""Silero's voice detector, the network that comes inside faster-whisper: knows speech from noise,
music and clicks, at less than 1 % of a core."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime

from core.errors import EngineUnavailable
from core.types import Samples
from engines.onnx import open_network

_CONTEXT = 64


class SileroVad:
    """`speech` wants 512 samples (32 ms) at 16 kHz that follow each other without a gap.

    `model` is another copy of the ONNX file (version 6) than the one in faster-whisper.
    """

    frame = 512

    def __init__(self, *, model: Path | None = None) -> None:
        self._network = _network(model or _packaged_model())
        self._h, self._c, self._context = _fresh()

    def speech(self, frame: Samples) -> float:
        if len(frame) != self.frame:
            raise ValueError(f"frame holds {len(frame)} samples, not {self.frame}")
        # One NaN would stay in the recurrent state for good.
        clean = np.clip(np.nan_to_num(frame), -1.0, 1.0).astype(np.float32)
        heard = np.concatenate((self._context, clean))[None]
        inputs = {"input": heard, "h": self._h, "c": self._c}
        output, self._h, self._c = self._network.run(None, inputs)
        self._context = clean[-_CONTEXT:]
        return float(output.ravel()[0])

    def reset(self) -> None:
        self._h, self._c, self._context = _fresh()

    def close(self) -> None:
        del self._network


def _fresh() -> tuple[Samples, Samples, Samples]:
    """The state of a network that has heard nothing: two of its own, and the last samples."""
    state = np.zeros((1, 1, 128), np.float32)
    return state, state, np.zeros(_CONTEXT, np.float32)


def _packaged_model() -> Path:
    """The file's place, without importing faster-whisper (0.5 s and CTranslate2 with it)."""
    spec = find_spec("faster_whisper")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        found = sorted(Path(folder, "assets").glob("silero_vad_v6*.onnx"))
        if found:
            return found[-1]
    raise EngineUnavailable(
        "The Silero voice detector needs the file silero_vad_v6.onnx of faster-whisper. "
        "Install faster-whisper 1.2 or later, or choose the energy detector."
    )


def _network(model: Path) -> onnxruntime.InferenceSession:
    network = open_network(model, "The voice detector")
    if {node.name for node in network.get_inputs()} != {"input", "h", "c"}:
        raise EngineUnavailable(f"{model.name} is not version 6 of Silero's voice detector.")
    return network
