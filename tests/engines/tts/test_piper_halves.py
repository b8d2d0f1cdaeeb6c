"""A voice's decoder, by itself: any stretch of its sound is that of the whole."""

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="needs onnx; it is in the extra neural")
pytest.importorskip("piper", reason="needs piper-tts; it is in the extra neural")

from onnx import TensorProto, helper, numpy_helper  # noqa: E402

from engines.tts.piper_halves import halves  # noqa: E402
from engines.tts.piper_network import PiperNetwork  # noqa: E402

WIDE, HOP = 8, 32


def voice(*, last="Tanh", begin="dec.conv_pre.weight", pads=6):
    """A network of a voice's form: as many frames as signs, four times as long each, its times
    told, and a decoder of convolutions that makes HOP samples of a frame."""
    random = np.random.default_rng(0)

    def weights(name, *shape):
        return numpy_helper.from_array(random.normal(0, 0.3, shape).astype(np.float32), name)

    def node(kind, inputs, output, **attributes):
        return helper.make_node(kind, inputs, [output], **attributes)

    nodes = [
        node("Slice", ["scales", "one", "two", "zero"], "scale"),
        node("Gather", ["signs", "input"], "embedded"),
        node("Mul", ["embedded", "scale"], "scaled"),
        node("Ceil", ["scaled"], "w_ceil"),
        node("Transpose", ["scaled"], "turned", perm=[0, 2, 1]),
        node("Concat", ["turned"] * 4, "z", axis=2),
        node("Conv", ["z", begin], "a", pads=[3, 3]),
        node("LeakyRelu", ["a"], "b"),
        node("ConvTranspose", ["b", "up1"], "c", strides=[8], pads=[4, 4]),
        node("Conv", ["c", "wide"], "d", dilations=[3], pads=[pads, 12 - pads]),
        node("Add", ["c", "d"], "e"),
        node("ConvTranspose", ["e", "up2"], "f", strides=[4], pads=[2, 2]),
        node("Conv", ["f", "post"], "g", pads=[1, 1]),
        node(last, ["g"], "output"),
    ]
    constants = [
        weights("signs", 64, WIDE),
        weights(begin, WIDE, WIDE, 7),
        weights("up1", WIDE, WIDE, 16),
        weights("wide", WIDE, WIDE, 5),
        weights("up2", WIDE, WIDE, 8),
        weights("post", 1, WIDE, 3),
        *(
            numpy_helper.from_array(np.array([value], np.int64), name)
            for name, value in (("zero", 0), ("one", 1), ("two", 2))
        ),
    ]
    graph = helper.make_graph(
        nodes,
        "voice",
        [
            helper.make_tensor_value_info("input", TensorProto.INT64, ["n", "signs"]),
            helper.make_tensor_value_info("input_lengths", TensorProto.INT64, ["n"]),
            helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
        ],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, None)],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)])
    model.ir_version = 8
    return model


def opened(model, tmp_path):
    path = tmp_path / "voice.onnx"
    onnx.save(model, str(path))
    return PiperNetwork(path)


def said(network, signs=20):
    given = {
        "input": np.arange(signs)[None] % 64,
        "input_lengths": np.array([signs]),
        "scales": np.array([0.6, 1.0, 0.8], np.float32),
    }
    silence, _times = network.run(None, given)
    assert not silence.any()
    return network.said


def test_any_stretch_is_that_of_the_whole(tmp_path):
    network = opened(voice(), tmp_path)
    one = said(network)
    everything = one.sound()
    assert network.hop == HOP and network.timed
    assert one.size == len(everything) == 80 * HOP
    assert np.abs(everything).max() > 0.1
    for first, last in ((0, 10), (10, 80), (33, 34), (0, 80)):
        stretch = one.sound(first * HOP, last * HOP)
        np.testing.assert_allclose(stretch, everything[first * HOP : last * HOP], atol=1e-6)


def test_it_is_known_how_far_a_sample_reaches():
    found = halves(with_times(voice()))
    assert (found.hop, found.latents) == (HOP, "z")
    # 3 frames, 2 of the first step upwards, 6 samples and 2 steps at an eighth, 1 at the end
    assert 6 <= found.reach <= 7


def with_times(model):
    model.graph.output.append(helper.make_tensor_value_info("w_ceil", TensorProto.FLOAT, None))
    return model


@pytest.mark.parametrize(
    "odd",
    [
        {"begin": "decoder.first"},  # not where it is looked for
        {"last": "Softmax"},  # mixes all that there is
        {"pads": 5},  # does not keep to its place
    ],
)
def test_what_is_not_known_to_keep_to_its_place_stays_whole(odd, tmp_path):
    model = voice(**odd)
    assert halves(with_times(voice(**odd))) is None
    one = said(opened(model, tmp_path))
    assert one.size == 80 * HOP
    np.testing.assert_array_equal(one.sound(100, 200), one.sound()[100:200])


def test_what_was_said_before_can_still_be_had(tmp_path):
    network = opened(voice(), tmp_path)
    first, second = said(network, 5), said(network, 30)
    assert (first.size, second.size) == (20 * HOP, 120 * HOP)
    assert len(first.sound()) == first.size
