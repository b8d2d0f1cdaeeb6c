"""The networks of MediaPipe's wheel, run on OpenVINO without importing mediapipe itself.

Detector and plain mesh on talking faces and a shaken portrait, one thread: 2.0 CPU-ms against 4.0
to 4.4 of `mediapipe.solutions.face_mesh` (5.5 with four faces), the same jitter, the same number
of frames lost; and no protobuf, jax and log lines come along, and several faces and small ones
can be looked for in our own way.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import EngineFailed, EngineUnavailable

DETECTOR = "modules/face_detection/face_detection_short_range.tflite"
LANDMARKS = "modules/face_landmark/face_landmark.tflite"

Array = NDArray[np.float32]


class Net:
    """One network on one thread. Takes a uint8 RGB picture, gives its outputs, largest first."""

    def __init__(self, name: str, *, offset: float, scale: float) -> None:
        """The network sees `(picture - offset) / scale`."""
        self._request: Any = _compiled(wheel_file(name), offset, scale).create_infer_request()

    def __call__(self, image: NDArray[np.uint8]) -> list[Array]:
        try:
            outputs = self._request.infer({0: image[None]})
        except RuntimeError as exc:
            raise EngineFailed(f"The face network broke: {exc}.") from exc
        return sorted((np.array(output) for output in outputs.values()), key=lambda a: -a.size)


@cache
def _compiled(path: Path, offset: float, scale: float) -> Any:
    """Compiling takes as long as a hundred frames; what is compiled is shared, the requests are
    each tracker's own."""
    import openvino as ov

    # Where the processor has it, OpenVINO would take bf16 and triple the jitter.
    settings = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": 1,
        "INFERENCE_PRECISION_HINT": "f32",
    }
    try:
        core = ov.Core()
        model = with_uint8_input(ov, core.read_model(path), offset, scale)
        return core.compile_model(model, "CPU", settings)
    except RuntimeError as exc:
        raise EngineUnavailable(f"OpenVINO cannot run {path.name}: {exc}.") from exc


def with_uint8_input(ov: Any, model: Any, offset: float, scale: float) -> Any:
    steps = ov.preprocess.PrePostProcessor(model)
    steps.input().tensor().set_element_type(ov.Type.u8)
    steps.input().preprocess().convert_element_type(ov.Type.f32).mean(offset).scale(scale)
    return steps.build()


def wheel_file(name: str) -> Path:
    spec = find_spec("mediapipe")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / name
        if path.is_file():
            return path
    raise EngineUnavailable(
        "The face mesh needs the models in mediapipe's wheel; install mediapipe==0.10.14, "
        "the last version that carries them."
    )
