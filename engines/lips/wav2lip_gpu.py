"""Wav2Lip's network on a graphics card, by the fastest way that works here: TensorRT, behind it
ONNX Runtime with its TensorRT or CUDA provider, behind it PyTorch."""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from core.errors import EngineFailed, EngineUnavailable
from engines.lips.wav2lip_cuda import FIRST, OnCard
from engines.lips.wav2lip_files import half_network
from engines.lips.wav2lip_network import Floats, Network, input_names
from engines.onnx import LOAD_ERRORS

log = logging.getLogger(__name__)

PROVIDERS = ("TensorrtExecutionProvider", "CUDAExecutionProvider")


class OrtGpuNetwork:
    """On ONNX Runtime's providers for NVIDIA; TensorRT's before CUDA's own."""

    def __init__(self, model: Path, cache: Path, where: OnCard = FIRST) -> None:
        """EngineUnavailable when this ONNX Runtime has neither, or both refuse."""
        here = [one for one in PROVIDERS if one in onnxruntime.get_available_providers()]
        if not here:
            raise EngineUnavailable("this ONNX Runtime has no provider for NVIDIA's cards")
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        try:
            self._session = onnxruntime.InferenceSession(
                str(model), options, providers=[(one, settings(one, cache, where)) for one in here]
            )
        except (*LOAD_ERRORS, RuntimeError, ValueError) as exc:
            raise EngineUnavailable(f"ONNX Runtime cannot use the card ({exc})") from exc
        used = [one for one in self._session.get_providers() if one in PROVIDERS]
        if not used:
            raise EngineUnavailable("ONNX Runtime went back to the processor")
        self.note = f"ONNX Runtime, {used[0].removesuffix('ExecutionProvider')} FP16"
        self._names = input_names(model)

    def draw(self, mel: Floats, face: Floats) -> Floats:
        try:
            (drawn,) = self._session.run(None, dict(zip(self._names, (mel, face), strict=True)))
        except LOAD_ERRORS as exc:
            raise EngineFailed(f"The Wav2Lip network stopped working: {exc}") from exc
        return np.asarray(drawn, np.float32)


def settings(provider: str, cache: Path, where: OnCard = FIRST) -> Mapping[str, Any]:
    """What a provider is told; compiled networks are kept."""
    if provider == "TensorrtExecutionProvider":
        return {
            "device_id": where.number,
            "trt_fp16_enable": True,
            "trt_engine_cache_enable": True,
            "trt_engine_cache_path": str(cache),
        }
    return {"device_id": where.number, "cudnn_conv_algo_search": "HEURISTIC"}


def _tensorrt(checkpoint: Path, cache: Path, where: OnCard = FIRST) -> Network:
    from engines.lips.wav2lip_tensorrt import TensorRtNetwork

    return TensorRtNetwork(half_network(checkpoint, cache), cache, where)


def _onnxruntime(checkpoint: Path, cache: Path, where: OnCard = FIRST) -> Network:
    return OrtGpuNetwork(half_network(checkpoint, cache), cache, where)


def _torch(checkpoint: Path, cache: Path, where: OnCard = FIRST) -> Network:
    from engines.lips.wav2lip_torch import TorchNetwork

    return TorchNetwork(checkpoint, where=where)


Ways = Mapping[str, Callable[[Path, Path], Network]]


def ways_on(where: OnCard) -> Ways:
    ways = {"TensorRT": _tensorrt, "ONNX Runtime": _onnxruntime, "PyTorch": _torch}
    return {name: partial(way, where=where) for name, way in ways.items()}


WAYS: Ways = ways_on(FIRST)


def gpu_network(checkpoint: Path, cache: Path, ways: Ways = WAYS) -> Network:
    """The first way that works. EngineUnavailable with every refusal when none does."""
    refusals: list[str] = []
    for name, way in ways.items():
        try:
            network = way(checkpoint, cache)
        except ImportError as exc:
            refusals.append(f"{name}: {exc.name or exc} is not installed")
        # PyTorch's own errors, too: a card that has no room, or is not there.
        except (EngineUnavailable, RuntimeError) as exc:
            refusals.append(f"{name}: {str(exc).partition(chr(10))[0].rstrip('.')}")
        else:
            if refusals:
                log.info("%s is used; %s", name, "; ".join(refusals))
            return network
    raise EngineUnavailable(f"no way to the graphics card: {'; '.join(refusals)}.")
