"""The audio-visual network, as torch trains it and as it is written for ONNX Runtime.

Powers go through a recurrent layer, which tells how sure it is that next to nothing disturbs the
voice, and what it makes of them goes with the lips through another, to one gain for each band of
each frame. The states of both are carried from chunk to chunk.
"""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engines.enhance.features import BANDS, LIPS

INPUTS = ("power", "lips", "first", "second")
OUTPUTS = ("gain", "plain", "first_after", "second_after")


@dataclass(frozen=True)
class Size:
    """Widths of the layers: what is heard, what is seen, and what is remembered."""

    heard: int
    seen: int
    memory: int


SIZES = {"small": Size(96, 16, 112), "medium": Size(128, 24, 216), "large": Size(192, 32, 352)}
"""0.2, 0.6 and 1.5 million parameters."""


_LEAST = 1e-12
_LARGE = 256
"""Weights from so many on are rounded."""
_MISSED = 0.1
"""The share of what is heard that training leaves out, lest it learn its voices by heart."""


def compressed(power: Tensor) -> Tensor:
    """Magnitudes to the power of a quarter, by roots: quick to compute."""
    root: Tensor = power.clamp_min(_LEAST).sqrt().sqrt().sqrt()
    return root


class Network(nn.Module):  # type: ignore[misc]  # torch is not typed here
    def __init__(self, size: Size) -> None:
        super().__init__()
        self.size = size
        self.hear = nn.Linear(BANDS, size.heard)
        self.miss = nn.Dropout(_MISSED)
        self.see = nn.Sequential(
            nn.Linear(LIPS, size.seen), nn.ReLU(), nn.Linear(size.seen, size.seen), nn.ReLU()
        )
        self.first = nn.GRU(size.heard, size.memory, batch_first=True)
        self.second = nn.GRU(size.memory + size.seen, size.memory, batch_first=True)
        self.gain = nn.Linear(size.memory, BANDS)
        self.plain = nn.Linear(size.memory, 1)
        self.register_buffer("loudness", torch.ones(()))

    def forward(
        self, power: Tensor, lips: Tensor, first: Tensor, second: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """(batch, frames, BANDS), (batch, frames, LIPS) and two states (1, batch, memory) to the
        gains, the certainties (batch, frames, 1) and the states after."""
        heard = self.miss(torch.relu(self.hear(compressed(power))))
        one, first = self.first(heard, first)
        two, second = self.second(torch.cat((one, self.see(lips)), -1), second)
        gain = self.loudness * torch.sigmoid(self.gain(one + two))
        return gain, torch.sigmoid(self.plain(one)), first, second

    def fresh(self, batch: int) -> tuple[Tensor, Tensor]:
        """The states of a network that has heard nothing."""
        return torch.zeros(1, batch, self.size.memory), torch.zeros(1, batch, self.size.memory)

    @property
    def parameter_count(self) -> int:
        return sum(parameter.numel() for parameter in self.parameters())


def write_onnx(network: Network, path: Path) -> None:
    """For one stream at a time; the weights in eight bits."""
    import onnx

    network.eval()
    example = (torch.ones(1, 4, BANDS), torch.zeros(1, 4, LIPS), *network.fresh(1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter is called old, and traces a fixed batch
        torch.onnx.export(
            network,
            example,
            str(path),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes={name: {1: "frames"} for name in ("power", "lips", "gain", "plain")},
            opset_version=17,
            dynamo=False,
        )
    model = onnx.load(path)
    _shrink(model.graph)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def write_about(path: Path, about: Mapping[str, str]) -> None:
    """Beside the weights of a network that has been written, in the same file."""
    import onnx

    model = onnx.load(path)
    onnx.helper.set_model_props(model, dict(about))
    onnx.save(model, path)


def _shrink(graph: Any) -> None:
    """Large weights are kept as whole numbers of eight bits with a scale for each output; they are
    widened when the network is loaded."""
    from onnx import TensorProto, helper, numpy_helper

    widened = []
    for tensor in list(graph.initializer):
        array = numpy_helper.to_array(tensor)
        if array.dtype != np.float32 or array.size < _LARGE:
            continue
        graph.initializer.remove(tensor)
        whole, scale = _rounded(array)
        parts = (
            numpy_helper.from_array(whole, f"{tensor.name}_whole"),
            numpy_helper.from_array(scale, f"{tensor.name}_scale"),
        )
        graph.initializer.extend(parts)
        wide = f"{tensor.name}_wide"
        widened += [
            helper.make_node("Cast", [parts[0].name], [wide], to=TensorProto.FLOAT),
            helper.make_node("Mul", [wide, parts[1].name], [tensor.name]),
        ]
    nodes = [*widened, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)


def _rounded(array: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Outputs are the rows of a recurrent layer's weights, and the columns of others'."""
    most = np.abs(array).max(axis=-1 if array.ndim == 3 else 0, keepdims=True)
    scale = np.maximum(most / 127, 1e-12).astype(np.float32)
    return np.rint(array / scale).astype(np.int8), scale
