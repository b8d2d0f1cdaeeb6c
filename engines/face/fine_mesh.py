"""The mesh network with a second look at the lips.

MediaPipe's plain mesh puts the edge of the lips up to a lip's thickness beside it. Its "attention"
model looks again at the features around the mouth and is right to a pixel or two.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.errors import EngineFailed, EngineUnavailable
from engines.face.fine_graph import compiled
from engines.face.nets import wheel_file

MODEL = "modules/face_landmark/face_landmark_with_attention.tflite"

Array = NDArray[np.float32]


class FineMesh:
    """Called like `nets.Net`: a 192 x 192 RGB picture in, 468 points and a logit out."""

    def __init__(self) -> None:
        import openvino as ov

        try:
            self._request: Any = compiled(wheel_file(MODEL)).create_infer_request()
        except (RuntimeError, KeyError) as exc:
            raise EngineUnavailable(f"OpenVINO cannot run the face mesh: {exc}.") from exc
        planes = np.zeros((1, 3, 192, 192), np.uint8)
        self._planes = list(planes[0])
        self._request.set_input_tensor(ov.Tensor(planes, shared_memory=True))
        self._outputs = [self._request.get_output_tensor(number).data for number in (0, 1)]

    def __call__(self, image: NDArray[np.uint8]) -> list[Array]:
        cv2.split(image, self._planes)
        try:
            self._request.infer()
        except RuntimeError as exc:
            raise EngineFailed(f"The face network broke: {exc}.") from exc
        return [output.copy() for output in self._outputs]
