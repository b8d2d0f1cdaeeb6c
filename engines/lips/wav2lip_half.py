"""A Wav2Lip network in FP16, as ONNX, for graphics cards. What goes in and out stays FP32.

TensorRT takes the precision of the file as it is; where a sum could leave FP16's range nothing is
done, since batch norms keep this network's values small.
"""

import warnings
from pathlib import Path

import onnx
import torch
from onnxruntime.transformers.float16 import convert_float_to_float16
from torch import nn

from engines.lips.wav2lip_export import DRAWN, FACE, MEL, quiet
from engines.lips.wav2lip_model import Wav2Lip, folded

_OPSET = 18
_EXAMPLES = 2


class _Half(nn.Module):  # type: ignore[misc]
    def __init__(self, network: Wav2Lip) -> None:
        super().__init__()
        self.network = folded(network).half()

    def forward(self, mel: torch.Tensor, face: torch.Tensor) -> torch.Tensor:
        return self.network(mel.half(), face.half()).float()


def export_half(network: Wav2Lip, path: Path) -> None:
    """Any number of faces at a time, without batch norms."""
    example = (torch.zeros(_EXAMPLES, 1, 80, 16), torch.zeros(_EXAMPLES, 6, 96, 96))
    faces = torch.export.Dim("faces", min=1, max=64)
    with quiet():
        torch.onnx.export(
            _Half(network).eval(),
            example,
            path,
            input_names=[MEL, FACE],
            output_names=[DRAWN],
            opset_version=_OPSET,
            dynamo=True,
            dynamic_shapes={"mel": {0: faces}, "face": {0: faces}},
            external_data=False,
            verbose=False,
        )


def halve(model: Path, path: Path) -> None:
    """The same from a network that is ONNX already; as many faces as it takes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = convert_float_to_float16(onnx.load(str(model)), keep_io_types=True)
    onnx.save(made, str(path))
