"""The audio-visual network, as torch trains it and as it is written for ONNX Runtime.

Powers and lips go through two recurrent layers, whose state is carried from chunk to chunk, to one
gain for each band of each frame, and to how sure it is that next to nothing disturbs the voice.
"""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
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
        self.first = nn.GRU(size.heard + size.seen, size.memory, batch_first=True)
        self.second = nn.GRU(size.memory, size.memory, batch_first=True)
        self.gain = nn.Linear(size.memory, BANDS)
        self.plain = nn.Linear(size.memory, 1)
        self.register_buffer("loudness", torch.ones(()))

    def forward(
        self, power: Tensor, lips: Tensor, first: Tensor, second: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """(batch, frames, BANDS), (batch, frames, LIPS) and two states (1, batch, memory) to the
        gains, the certainties (batch, frames, 1) and the states after."""
        heard = self.miss(torch.relu(self.hear(compressed(power))))
        seen = self.see(lips)
        one, first = self.first(torch.cat((heard, seen), -1), first)
        two, second = self.second(one, second)
        both = one + two
        gain = self.loudness * torch.sigmoid(self.gain(both))
        return gain, torch.sigmoid(self.plain(both)), first, second

    def fresh(self, batch: int) -> tuple[Tensor, Tensor]:
        """The states of a network that has heard nothing."""
        return torch.zeros(1, batch, self.size.memory), torch.zeros(1, batch, self.size.memory)

    @property
    def parameter_count(self) -> int:
        return sum(parameter.numel() for parameter in self.parameters())


def write_onnx(network: Network, path: Path) -> None:
    """For one stream at a time; the weights in half precision."""
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
    _halve(model.graph)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def _halve(graph: Any) -> None:
    """Large weights are kept as float16, and widened when the network is loaded."""
    from onnx import TensorProto, helper, numpy_helper

    casts = []
    for tensor in list(graph.initializer):
        array = numpy_helper.to_array(tensor)
        if array.dtype != np.float32 or array.size < 256:
            continue
        graph.initializer.remove(tensor)
        half = numpy_helper.from_array(array.astype(np.float16), f"{tensor.name}_half")
        graph.initializer.append(half)
        casts.append(helper.make_node("Cast", [half.name], [tensor.name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
