"""The mesh network with a second look at the lips.

MediaPipe's plain mesh puts the edge of the lips up to a lip's thickness beside it. Its "attention"
model looks again at the features around the mouth and is right to a pixel or two. OpenVINO cannot
run the three custom operations in its middle, so the model is cut there: the mesh and features
from one half, the lips from the other, the cropping between them here. (The same is done
for eyes in the original; nobody here needs that.)
"""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import EngineFailed, EngineUnavailable
from engines.face.nets import wheel_file, with_uint8_input

MODEL = "modules/face_landmark/face_landmark_with_attention.tflite"

Array = NDArray[np.float32]
Doubles = NDArray[np.float64]

# The order in which the second half tells them: outer edge, inner edge, and the rings between.
_LIPS = np.array(
    (
        *(
            61,
            146,
            91,
            181,
            84,
            17,
            314,
            405,
            321,
            375,
            291,
            185,
            40,
            39,
            37,
            0,
            267,
            269,
            270,
            409,
        ),
        *(
            78,
            95,
            88,
            178,
            87,
            14,
            317,
            402,
            318,
            324,
            308,
            191,
            80,
            81,
            82,
            13,
            312,
            311,
            310,
            415,
        ),
        *(
            76,
            77,
            90,
            180,
            85,
            16,
            315,
            404,
            320,
            307,
            306,
            184,
            74,
            73,
            72,
            11,
            302,
            303,
            304,
            408,
        ),
        *(
            62,
            96,
            89,
            179,
            86,
            15,
            316,
            403,
            319,
            325,
            292,
            183,
            42,
            41,
            38,
            12,
            268,
            271,
            272,
            407,
        ),
    )
)
_CORNERS = (61, 291)
_STRIDE, _CROP, _MARGIN = 4, 16, 1.5
_CENTRES = np.stack(np.meshgrid(np.arange(_CROP), np.arange(_CROP)), -1).reshape(-1, 2) + 0.5

# Names of tensors in the model.
_MESH, _SURE, _FEATURES, _CUT, _LIPS_OUT = "182", "700", "33", "195", "687"


class FineMesh:
    """Called like `nets.Net`: a 192 x 192 RGB picture in, 468 points and a logit out."""

    def __init__(self) -> None:
        path = wheel_file(MODEL)
        try:
            self._mesh, self._lips = (half.create_infer_request() for half in _halves(path))
        except (RuntimeError, KeyError) as exc:
            raise EngineUnavailable(f"OpenVINO cannot run the face mesh: {exc}.") from exc

    def __call__(self, image: NDArray[np.uint8]) -> list[Array]:
        try:
            self._mesh.infer({0: image[None]})
            points = np.array(self._mesh.get_output_tensor(0).data).reshape(-1, 3)
            score = np.array(self._mesh.get_output_tensor(1).data)
            matrix = _around_lips(points)
            crop = _sample(self._mesh.get_output_tensor(2).data[0], matrix)
            self._lips.infer({0: crop.reshape(1, _CROP, _CROP, -1)})
            lips = np.array(self._lips.get_output_tensor(0).data).reshape(-1, 2)
        except RuntimeError as exc:
            raise EngineFailed(f"The face network broke: {exc}.") from exc
        points[_LIPS, :2] = lips @ matrix[:, :2].T + _STRIDE * matrix[:, 2]
        return [points, score]


@cache
def _halves(path: Path) -> tuple[Any, Any]:
    import openvino as ov

    front = ov.frontend.FrontEndManager().load_by_framework("tflite")
    model = front.convert_partially(front.load(path))
    nodes = {node.get_friendly_name(): node for node in model.get_ordered_ops()}
    crop = ov.opset13.parameter([1, _CROP, _CROP, 32], np.float32, name="crop")
    nodes[_CUT].output(0).replace(crop.output(0))
    lips = ov.Model([nodes[_LIPS_OUT].output(0)], [crop], "lips")
    picture = next(node for node in nodes.values() if node.get_type_name() == "Parameter")
    outputs = [nodes[name].output(0) for name in (_MESH, _SURE, _FEATURES)]
    mesh = with_uint8_input(ov, ov.Model(outputs, [picture], "mesh"), 0.0, 255.0)
    settings = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": 1,
        "INFERENCE_PRECISION_HINT": "f32",
    }
    core = ov.Core()
    return core.compile_model(mesh, "CPU", settings), core.compile_model(lips, "CPU", settings)


def _around_lips(points: Array) -> Doubles:
    """The 2 x 3 matrix from the crop's cells to those of the feature map: a turned rectangle
    around the lips, half as large again."""
    across = points[_CORNERS[1], :2] - points[_CORNERS[0], :2]
    angle = float(np.arctan2(across[1], across[0]))
    c, s = np.cos(angle), np.sin(angle)
    turn = np.array([[c, -s], [s, c]])
    upright = points[_LIPS, :2].astype(np.float64) @ turn / _STRIDE
    low, high = upright.min(0), upright.max(0)
    axes = turn * (_MARGIN * np.maximum(high - low, 1e-3) / _CROP)
    start = turn @ ((low + high) / 2) - axes.sum(1) * _CROP / 2
    return np.concatenate([axes, start[:, None]], 1)


def _sample(features: Array, matrix: Doubles) -> Array:
    """Features at the crop's cells, bilinear; nothing beyond the map."""
    padded = np.zeros((features.shape[0] + 2, features.shape[1] + 2, features.shape[2]), np.float32)
    padded[1:-1, 1:-1] = features
    places = _CENTRES @ matrix[:, :2].T + matrix[:, 2] + 0.5
    limit = np.array([features.shape[1], features.shape[0]])
    places = np.clip(np.nan_to_num(places), 0, limit + 0.999)
    corner = places.astype(np.intp)
    x, y = corner.T
    right, down = (places - corner).astype(np.float32).T[..., None]
    upper = padded[y, x] * (1 - right) + padded[y, x + 1] * right
    lower = padded[y + 1, x] * (1 - right) + padded[y + 1, x + 1] * right
    return np.asarray(upper * (1 - down) + lower * down, np.float32)
