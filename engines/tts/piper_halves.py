"""A Piper voice's network cut in two before its decoder, which is convolutions alone: each sample
hangs on a few frames around it, so a stretch of sound needs a stretch of frames and no more."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import onnx
from onnx import TensorProto, helper

_BEGIN = "dec.conv_pre.weight"
"""A weight of the decoder's first convolution, by which the place of the cut is known."""
_OF_ALL = {"input", "input_lengths", "scales"}
"""What is known of the whole text; the speaker is the same everywhere."""
_EACH_BY_ITSELF = {"Add", "Div", "LeakyRelu", "Mul", "Tanh", "Unsqueeze"}


@dataclass(frozen=True)
class Halves:
    first: bytes
    second: bytes
    latents: str
    """What goes from one to the other: 1 x channels x frames."""
    hop: int
    """Samples a frame."""
    reach: int
    """Frames on either side that a sample hangs on."""


def halves(model: onnx.ModelProto) -> Halves | None:
    """None where the decoder is not found or is not what is expected of it."""
    begin = next((node for node in model.graph.node if _BEGIN in node.input), None)
    if begin is None or begin.op_type != "Conv":
        return None
    latents = begin.input[0]
    sound, *times = [one.name for one in model.graph.output]
    second = _before(model, {sound}, {latents})
    if _OF_ALL & {name for node in second for name in node.input}:
        return None
    spread = _spread(second, latents, _shapes(model)).get(sound)
    if spread is None:
        return None
    told = helper.make_tensor_value_info(latents, TensorProto.FLOAT, None)
    first = _before(model, {latents, *times}, set())
    outputs = {one.name: one for one in model.graph.output}
    return Halves(
        _part(model, first, [told, *(outputs[name] for name in times)], ()),
        _part(model, second, [outputs[sound]], (told,)),
        latents,
        int(spread.rate),
        math.ceil(spread.reach),
    )


@dataclass(frozen=True)
class _Spread:
    """Of a tensor: its samples a frame, and how many frames away it still feels one."""

    rate: float
    reach: float


def _spread(
    nodes: Iterable[onnx.NodeProto], latents: str, shapes: dict[str, list[int]]
) -> dict[str, _Spread | None]:
    """Of all that hangs on the latents; None of what does not keep to its place."""
    known: dict[str, _Spread | None] = {latents: _Spread(1.0, 0.0)}
    for node in nodes:
        ahead = [known[name] for name in node.input if name in known]
        if ahead:
            spread = _behind(node, ahead, shapes)
            known.update(dict.fromkeys(node.output, spread))
    return known


def _behind(
    node: onnx.NodeProto, ahead: list[_Spread | None], shapes: dict[str, list[int]]
) -> _Spread | None:
    sure = [one for one in ahead if one is not None]
    moved = _moved(node, shapes)
    if moved is None or len(sure) < len(ahead) or len({one.rate for one in sure}) > 1:
        return None
    faster, wider = moved
    rate = sure[0].rate
    return _Spread(rate * faster, max(one.reach for one in sure) + wider / rate)


def _moved(node: onnx.NodeProto, shapes: dict[str, list[int]]) -> tuple[float, float] | None:
    """By what a node multiplies the rate, and the samples of its input that it reaches to either
    side; None for one that is not known to keep to its place."""
    if node.op_type in _EACH_BY_ITSELF:
        return 1.0, 0.0
    weight = shapes.get(node.input[1]) if len(node.input) > 1 else None
    if weight is None or len(weight) != 3:
        return None
    given = {one.name: helper.get_attribute_value(one) for one in node.attribute}
    wide = (weight[2] - 1) * given.get("dilations", [1])[0]
    pads, stride = list(given.get("pads", [0, 0])), given.get("strides", [1])[0]
    if node.op_type == "Conv" and stride == 1 and pads == [wide / 2] * 2:
        return 1.0, wide / 2
    even = pads[0] == pads[1] and wide + 1 - stride == 2 * pads[0]
    if node.op_type == "ConvTranspose" and even and not any(given.get("output_padding", [0])):
        return float(stride), 1 + max(pads[0], wide - pads[0]) / stride
    return None


def _shapes(model: onnx.ModelProto) -> dict[str, list[int]]:
    return {one.name: list(one.dims) for one in model.graph.initializer}


def _before(model: onnx.ModelProto, wanted: set[str], given: set[str]) -> list[onnx.NodeProto]:
    """The nodes that are needed for some tensors when others are there, in order."""
    needed, nodes = wanted - given, []
    for node in reversed(model.graph.node):
        if needed & set(node.output):
            nodes.append(node)
            needed |= set(_inputs(node)) - given
    return nodes[::-1]


def _inputs(node: onnx.NodeProto) -> Iterable[str]:
    """With those that its branches take from outside."""
    yield from node.input
    for one in node.attribute:
        for graph in (one.g, *one.graphs):
            for inner in graph.node:
                yield from _inputs(inner)


def _part(
    model: onnx.ModelProto,
    nodes: list[onnx.NodeProto],
    outputs: list[Any],
    more: tuple[Any, ...],
) -> bytes:
    used = {name for node in nodes for name in _inputs(node)}
    # The first half is asked as the whole is.
    inputs = [one for one in model.graph.input if not more or one.name in used]
    weights = [one for one in model.graph.initializer if one.name in used]
    graph = helper.make_graph(nodes, "half", [*inputs, *more], outputs, weights)
    part = helper.make_model(graph, opset_imports=model.opset_import)
    part.ir_version = model.ir_version
    data: bytes = part.SerializeToString()
    return data
