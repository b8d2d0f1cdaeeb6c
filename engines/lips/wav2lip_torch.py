"""Wav2Lip's network in PyTorch: FP16 and channels last on a graphics card, with a CUDA graph; FP32
on the processor, where it is what the others are compared with."""

from pathlib import Path
from typing import Any

import numpy as np
import torch

from core.errors import EngineUnavailable
from engines.lips.wav2lip_checkpoint import read_checkpoint
from engines.lips.wav2lip_cuda import FIRST, Batches, CudaFaces, Floats, OnCard, cuda, memory_used
from engines.lips.wav2lip_model import folded


class TorchNetwork:
    """`device` is cuda or cpu."""

    note = "PyTorch FP16"

    def __init__(self, checkpoint: Path, device: str = "cuda", where: OnCard = FIRST) -> None:
        """EngineUnavailable without a card, or for an ONNX file, which PyTorch does not run."""
        if checkpoint.suffix.lower() == ".onnx":
            raise EngineUnavailable(f"PyTorch needs the checkpoint as .pth, not {checkpoint.name}")
        if device == "cuda":
            cuda()
        network = folded(read_checkpoint(checkpoint))
        precision = torch.float16 if device == "cuda" else torch.float32
        place = where.name if device == "cuda" else device
        self._network = network.to(place, precision, memory_format=torch.channels_last)
        self._precision = precision
        self._where = where
        self._batches = None
        if device == "cuda":
            self._batches = Batches(self._faces, memory_used(torch, where), where.memory)

    def draw(self, mel: Floats, face: Floats) -> Floats:
        if self._batches is not None:
            return self._batches.draw(mel, face)
        drawn = torch.zeros((len(mel), 3, 96, 96))
        self._work(torch.from_numpy(mel), torch.from_numpy(face), drawn)
        return np.asarray(drawn.numpy(), np.float32)

    def _faces(self, batch: int) -> CudaFaces:
        return CudaFaces(torch, batch, self._work, self._where)

    def _work(self, mel: Any, face: Any, drawn: Any) -> None:
        with torch.inference_mode():
            given = (
                one.to(self._precision).contiguous(memory_format=torch.channels_last)
                for one in (mel, face)
            )
            drawn.copy_(self._network(*given))
