"""The mesh network with its second look at the lips, as one graph that OpenVINO can run.

The file's three custom operations crop features around the lips. Here they are written out: the
mesh says where the lips are, the features are sampled there, and what the rest of the network
finds replaces the mesh's own lips. It is all one graph, because leaving it would cost copies of
the features. (The original looks again at the eyes, too; nobody here needs that.)
"""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from engines.face.kernels import with_quick_convolutions

# The order in which the lips come out: outer edge, inner edge, and the rings between.
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
_SIDE, _STRIDE, _MAP = 192, 4, 48
"""Pixels along the picture's side and in a cell of the feature map, and cells along that side."""
_CROP, _MARGIN = 16, 1.5
_CELLS = np.stack(np.meshgrid(np.arange(_CROP), np.arange(_CROP)), -1).reshape(-1, 2)
_CENTRES = _CELLS + 0.5 - _CROP / 2

# Names of tensors in the model.
_MESH, _SURE, _FEATURES, _CUT, _LIPS_OUT = "182", "700", "33", "195", "687"


@cache
def compiled(path: Path) -> Any:
    """Takes the planes of a picture, 1 x 3 x 192 x 192 bytes; gives 468 x 3 points in its pixels
    and a logit. RuntimeError or KeyError when the file is another."""
    import openvino as ov

    settings = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": 1,
        "INFERENCE_PRECISION_HINT": "f32",
    }
    core = ov.Core()
    return core.compile_model(with_quick_convolutions(ov, core, _whole(ov, path)), "CPU", settings)


def _whole(ov: Any, path: Path) -> Any:
    ops = _Ops(ov.opset13)
    front = ov.frontend.FrontEndManager().load_by_framework("tflite")
    model = front.convert_partially(front.load(path))
    nodes = {node.get_friendly_name(): node for node in model.get_ordered_ops()}
    mesh = ops.shaped(nodes[_MESH].output(0), 468, 3)
    places, depths = ops.columns(mesh, 0, 2), ops.columns(mesh, 2, 3)
    axes, middle = ops.around_lips(places)
    features = nodes[_FEATURES].input(0).get_source_output()  # planar, as sampling wants them
    nodes[_CUT].output(0).replace(ops.sampled(features, axes, middle).output(0))
    lips = ops.placed(ops.shaped(nodes[_LIPS_OUT].output(0), len(_LIPS), 2), axes, middle)
    order = np.arange(468)
    order[_LIPS] = 468 + np.arange(len(_LIPS))
    better = ops.rows(ops.op.concat([places, lips], 0), order)
    points = ops.op.concat([better, depths], 1)
    planes = ops.op.parameter([1, 3, _SIDE, _SIDE], np.uint8)
    bright = ops.op.multiply(ops.op.convert(planes, np.float32), ops.numbers(1 / 255))
    picture = next(node for node in nodes.values() if node.get_type_name() == "Parameter")
    for inside in picture.output(0).get_target_inputs():  # makes planes of pixels
        inside.get_node().output(0).replace(bright.output(0))
    return ov.Model([points.output(0), nodes[_SURE].output(0)], [planes], "fine mesh")


class _Ops:
    """The geometry of the crop in operations of the graph; `op` makes them."""

    def __init__(self, op: Any) -> None:
        self.op = op

    def numbers(self, values: ArrayLike) -> Any:
        return self.op.constant(np.asarray(values, np.float32))

    def whole(self, values: ArrayLike) -> Any:
        return self.op.constant(np.asarray(values, np.int64))

    def shaped(self, node: Any, *shape: int) -> Any:
        return self.op.reshape(node, self.whole(shape), False)

    def columns(self, node: Any, first: int, last: int) -> Any:
        bounds = (self.whole([value]) for value in (first, last, 1, 1))
        return self.op.slice(node, *bounds)

    def rows(self, node: Any, index: ArrayLike) -> Any:
        return self.op.gather(node, self.whole(index), self.whole(0))

    def times(self, one: Any, other: Any, *, flip: bool = False) -> Any:
        """The product of matrices, the second one transposed if `flip`."""
        return self.op.matmul(one, other, False, flip)

    def around_lips(self, places: Any) -> tuple[Any, Any]:
        """A turned rectangle around the lips, half as large again, in cells of the map: the
        vectors (columns) that are a cell of the crop, and the middle."""
        op = self.op
        turn = self._turn(self.times(self.numbers([[-1, 1]]), self.rows(places, _CORNERS)))
        scaled = op.multiply(turn, self.numbers(1 / _STRIDE))
        upright = self.times(self.rows(places, _LIPS), scaled)
        low = op.reduce_min(upright, self.whole([0]), True)
        high = op.reduce_max(upright, self.whole([0]), True)
        size = op.maximum(op.subtract(high, low), self.numbers(1e-3))
        axes = op.multiply(turn, op.multiply(size, self.numbers(_MARGIN / _CROP)))
        middle = op.multiply(op.add(low, high), self.numbers(0.5))
        return axes, self.times(middle, turn, flip=True)

    def _turn(self, across: Any) -> Any:
        """The rotation that takes the x axis to this vector (1 x 2)."""
        op = self.op
        square = op.reduce_sum(op.multiply(across, across), self.whole([1]), True)
        direction = op.divide(across, op.sqrt(op.add(square, self.numbers(1e-9))))
        spread = self.numbers([[1, 0, 0, 1], [0, -1, 1, 0]])
        return self.shaped(self.times(direction, spread), 2, 2)

    def sampled(self, features: Any, axes: Any, middle: Any) -> Any:
        """The features at the crop's cells, bilinear; nothing beyond the map."""
        places = self.op.add(self.times(self.numbers(_CENTRES), axes, flip=True), middle)
        grid = self.op.multiply(places, self.numbers(2 / _MAP))
        grid = self.shaped(self.op.subtract(grid, self.numbers(1)), 1, _CROP, _CROP, 2)
        how = {"align_corners": False, "mode": "bilinear", "padding_mode": "zeros"}
        crop = self.op.grid_sample(features, grid, how)
        return self.op.transpose(crop, self.whole([0, 2, 3, 1]))

    def placed(self, lips: Any, axes: Any, middle: Any) -> Any:
        """Lips in pixels of the crop, brought to those of the picture."""
        away = self.op.subtract(lips, self.numbers(_STRIDE * _CROP / 2))
        middle = self.op.multiply(middle, self.numbers(_STRIDE))
        return self.op.add(self.times(away, axes, flip=True), middle)
