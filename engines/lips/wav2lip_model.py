"""The network of Wav2Lip in PyTorch, under the parameter names of the public checkpoints.

Only imported to read, train or export weights; what draws the lips runs without torch.
"""

import copy
from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

# Input and output channels, stride, and how many residual layers follow.
_FACE = ((16, 32, 2, 2), (32, 64, 2, 3), (64, 128, 2, 2), (128, 256, 2, 2), (256, 512, 2, 1))
_VOICE = ((1, 32, 1, 2), (32, 64, (3, 1), 2), (64, 128, 3, 2), (128, 256, (3, 2), 1))
_DRAW = ((1024, 512, 2), (768, 384, 2), (512, 256, 2), (320, 128, 2), (160, 64, 2))


class Layer(nn.Module):  # type: ignore[misc]
    """Convolution, batch norm and ReLU; a residual one adds what came in before the ReLU."""

    def __init__(self, convolution: nn.Module, *, residual: bool = False) -> None:
        super().__init__()
        norm = nn.BatchNorm2d(convolution.out_channels)
        self.conv_block = nn.Sequential(convolution, norm)
        self.residual = residual

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.conv_block(x)
        return torch.relu(y + x if self.residual else y)


class Wav2Lip(nn.Module):  # type: ignore[misc]
    """`forward(mel, face)`: N x 1 x 80 x 16 in [-4, 4] and N x 6 x 96 x 96 in [0, 1] (blue, green,
    red of the face with its lower half black, then of the whole face) give the N x 3 x 96 x 96
    face that says it."""

    def __init__(self) -> None:
        super().__init__()
        self.face_encoder_blocks = nn.ModuleList(
            [
                nn.Sequential(_conv(6, 16, 7, 1, 3)),
                *(
                    nn.Sequential(_conv(into, out, 3, stride, 1), *_residual(out, more))
                    for into, out, stride, more in _FACE
                ),
                _head(512),
            ]
        )
        voice = (
            layer
            for into, out, stride, more in _VOICE
            for layer in (_conv(into, out, 3, stride, 1), *_residual(out, more))
        )
        self.audio_encoder = nn.Sequential(*voice, *_head(256))
        self.face_decoder_blocks = nn.ModuleList(
            [
                nn.Sequential(_conv(512, 512, 1, 1, 0)),
                nn.Sequential(_grow(1024, 512, 1, 0), *_residual(512, 1)),
                *(
                    nn.Sequential(_grow(into, out, 2, 1), *_residual(out, more))
                    for into, out, more in _DRAW
                ),
            ]
        )
        self.output_block = nn.Sequential(
            _conv(80, 32, 3, 1, 1), nn.Conv2d(32, 3, kernel_size=1), nn.Sigmoid()
        )

    def forward(self, mel: torch.Tensor, face: torch.Tensor) -> torch.Tensor:
        seen = []
        for block in self.face_encoder_blocks:
            face = block(face)
            seen.append(face)
        drawn = self.audio_encoder(mel)
        for block, view in zip(self.face_decoder_blocks, reversed(seen), strict=True):
            drawn = torch.cat([block(drawn), view], 1)
        return self.output_block(drawn)


def of_weights(weights: Mapping[str, Any]) -> Wav2Lip:
    """The network with these weights, ready to run. ValueError names the first that is missing,
    too much, of another shape or not finite."""
    network = Wav2Lip()
    own = network.state_dict()
    for name in own:
        if name not in weights and not name.endswith("num_batches_tracked"):
            raise ValueError(f"{name} is missing")
    for name, value in weights.items():
        if name not in own:
            raise ValueError(f"{name} is not part of it")
        shape = tuple(getattr(value, "shape", ("none",)))
        if shape != tuple(own[name].shape):
            raise ValueError(f"{name} has the shape {shape} and not {tuple(own[name].shape)}")
        if not torch.isfinite(value).all():
            raise ValueError(f"{name} is not finite")
    network.load_state_dict(dict(weights), strict=False)
    network.eval()
    return network


def folded(network: Wav2Lip) -> Wav2Lip:
    """A copy whose batch norms have become part of the convolutions before them."""
    network = copy.deepcopy(network)
    network.eval()
    for layer in network.modules():
        if isinstance(layer, Layer):
            convolution, norm = layer.conv_block
            across = isinstance(convolution, nn.ConvTranspose2d)
            layer.conv_block = nn.Sequential(fuse_conv_bn_eval(convolution, norm, across))
    return network


def _conv(into: int, out: int, kernel: int, stride: int | tuple[int, int], pad: int) -> Layer:
    return Layer(nn.Conv2d(into, out, kernel, stride, pad))


def _grow(into: int, out: int, stride: int, pad: int) -> Layer:
    return Layer(nn.ConvTranspose2d(into, out, 3, stride, pad, output_padding=pad))


def _residual(channels: int, count: int) -> Iterable[Layer]:
    return (Layer(nn.Conv2d(channels, channels, 3, 1, 1), residual=True) for _ in range(count))


def _head(channels: int) -> nn.Sequential:
    """From 3 x 3 to a single vector."""
    return nn.Sequential(_conv(channels, 512, 3, 1, 0), _conv(512, 512, 1, 1, 0))
