"""Running a Wav2Lip network that lies in an ONNX file, on one thread. Needs no torch."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import openvino
from numpy.typing import NDArray
from onnxruntime import InferenceSession

from core.errors import EngineFailed, EngineUnavailable
from engines.onnx import LOAD_ERRORS, open_network

Floats = NDArray[np.float32]

MEL_SHAPE, FACE_SHAPE, DRAWN_SHAPE = (1, 80, 16), (6, 96, 96), (3, 96, 96)


class Network(Protocol):
    """What draws a face."""

    def draw(self, mel: Floats, face: Floats) -> Floats:
        """1 x 1 x 80 x 16 and 1 x 6 x 96 x 96 give 1 x 3 x 96 x 96 in [0, 1]."""
        ...


class ReferenceNetwork:
    """On ONNX Runtime: slower, and what the others are compared with."""

    def __init__(self, model: Path) -> None:
        self._session = open_network(model, "The Wav2Lip network")
        self._mel, self._face = _session_inputs(model, self._session)

    def draw(self, mel: Floats, face: Floats) -> Floats:
        try:
            (drawn,) = self._session.run(None, {self._mel: mel, self._face: face})
        except LOAD_ERRORS as exc:
            raise EngineFailed(f"The Wav2Lip network stopped working: {exc}") from exc
        return np.asarray(drawn, np.float32)


class OpenVinoNetwork:
    """On OpenVINO, which runs eight-bit networks as such.

    What is not quantised is computed in FP32: left to itself OpenVINO takes bfloat16 where the
    processor has it.
    """

    def __init__(self, model: Path) -> None:
        settings = {
            "INFERENCE_NUM_THREADS": 1,
            "NUM_STREAMS": 1,
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "f32",
        }
        try:
            core = openvino.Core()
            read = core.read_model(model)
            given = {port.get_any_name(): _dimensions(port) for port in read.inputs}
            self._mel, self._face = _inputs(model, given, _dimensions(read.outputs[0]))
            read.reshape({self._mel: [1, *MEL_SHAPE], self._face: [1, *FACE_SHAPE]})
            compiled = core.compile_model(read, "CPU", settings)
        # OpenVINO's errors have no type of their own.
        except RuntimeError as exc:
            raise EngineUnavailable(f"OpenVINO cannot load {model.name}: {exc}") from exc
        self._request = compiled.create_infer_request()
        self._output = compiled.output(0)

    def draw(self, mel: Floats, face: Floats) -> Floats:
        try:
            result = self._request.infer({self._mel: mel, self._face: face})
        except RuntimeError as exc:
            raise EngineFailed(f"The Wav2Lip network stopped working: {exc}") from exc
        return np.array(result[self._output], np.float32)


def input_names(model: Path) -> tuple[str, str]:
    """The names of the inputs for the sound and for the face. EngineUnavailable when the file is
    missing, damaged or another network."""
    return _session_inputs(model, open_network(model, "The Wav2Lip network"))


def _session_inputs(model: Path, session: InferenceSession) -> tuple[str, str]:
    given = {node.name: _shape(node) for node in session.get_inputs()}
    return _inputs(model, given, _shape(session.get_outputs()[0]))


def _inputs(
    model: Path, given: Mapping[str, Sequence[Any]], drawn: Sequence[Any]
) -> tuple[str, str]:
    """Which input takes the sound and which the face; exports name them differently."""
    by_shape = {tuple(shape[1:]): name for name, shape in given.items()}
    fits = set(by_shape) == {MEL_SHAPE, FACE_SHAPE} and len(given) == 2
    if not fits or tuple(drawn[1:]) != DRAWN_SHAPE:
        raise EngineUnavailable(
            f"{model.name} is no Wav2Lip network: it must take N x 1 x 80 x 16 and N x 6 x 96 x 96 "
            "and give N x 3 x 96 x 96."
        )
    return by_shape[MEL_SHAPE], by_shape[FACE_SHAPE]


def _shape(node: Any) -> Sequence[Any]:
    """None of float32 counts as a shape that fits nothing."""
    return node.shape if node.type == "tensor(float)" else ()


def _dimensions(port: Any) -> Sequence[Any]:
    if port.get_element_type() != openvino.Type.f32:
        return ()
    sizes = port.get_partial_shape()
    return [one.get_length() if one.is_static else -1 for one in sizes]
