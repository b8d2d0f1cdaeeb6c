"""Which of OpenVINO's kernels a network runs on."""

from typing import Any

import numpy as np
import openvino as ov
import pytest
from numpy.typing import NDArray

from engines.face.kernels import with_quick_convolutions

_RANDOM = np.random.default_rng(5)
_PICTURE = _RANDOM.standard_normal((1, 16, 12, 12)).astype(np.float32)


@pytest.fixture
def model() -> Any:
    op = ov.opset13
    picture = op.parameter([1, 16, 12, 12], np.float32)
    weights = op.constant(_RANDOM.standard_normal((32, 16, 1, 1)).astype(np.float32))
    inside = op.convolution(picture, weights, [1, 1], [0, 0], [0, 0], [1, 1])
    return ov.Model([op.relu(inside).output(0)], [picture], "small")


def _asked(model: Any) -> NDArray[np.float32]:
    settings = {"INFERENCE_PRECISION_HINT": "f32"}
    return np.array(ov.Core().compile_model(model, "CPU", settings)([_PICTURE])[0])


def test_the_network_answers_as_before(model: Any) -> None:
    quick = with_quick_convolutions(ov, ov.Core(), model)
    np.testing.assert_allclose(_asked(quick), _asked(model), atol=1e-4)


def test_every_convolution_carries_the_wish(model: Any) -> None:
    quick = with_quick_convolutions(ov, ov.Core(), model)
    wished = [
        node.get_rt_info()["primitives_priority_0"] is not None
        for node in quick.get_ordered_ops()
        if node.get_type_name() == "Convolution"
    ]
    assert wished == [True]
