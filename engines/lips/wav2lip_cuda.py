"""Faces through a network on a graphics card: pinned buffers, one stream, a CUDA graph for each
number of faces. Needs torch with CUDA, which keeps the card's memory for whoever computes there."""

import logging
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import EngineFailed, EngineUnavailable
from engines.lips.wav2lip_network import DRAWN_SHAPE, FACE_SHAPE, MEL_SHAPE

log = logging.getLogger(__name__)

Floats = NDArray[np.float32]

MOST = 8
"""Faces at a time."""
_WARM = 3

Work = Callable[[Any, Any, Any], None]
"""Mels and faces on the card, and where the drawn faces are to go; on the current stream."""


def cuda() -> Any:
    """The module torch, if it can compute on a graphics card. EngineUnavailable says why not."""
    try:
        import torch
    except ImportError as exc:
        raise EngineUnavailable(f"{exc.name} is not installed") from exc
    if not torch.cuda.is_available():
        version = getattr(torch.version, "cuda", None)
        why = "this PyTorch has no CUDA" if not version else "PyTorch finds no graphics card"
        raise EngineUnavailable(why)
    return torch


class CudaFaces:
    """Draws `batch` faces at a time by `work`, which is recorded once and then replayed."""

    def __init__(self, torch: Any, batch: int, work: Work) -> None:
        self._torch, self._work = torch, work
        shapes = [(batch, *shape) for shape in (MEL_SHAPE, FACE_SHAPE, DRAWN_SHAPE)]
        self._here = [torch.zeros(shape, pin_memory=True) for shape in shapes]
        self._there = [torch.zeros(shape, device="cuda") for shape in shapes]
        self._stream = torch.cuda.Stream()
        self._graph = self._recorded()

    def draw(self, mel: Floats, face: Floats) -> Floats:
        """As many as this was made for. EngineFailed when the card breaks."""
        torch = self._torch
        try:
            for here, given in zip(self._here, (mel, face), strict=False):
                here.numpy()[...] = given
            with torch.cuda.stream(self._stream):
                for there, here in zip(self._there[:2], self._here, strict=False):
                    there.copy_(here, non_blocking=True)
                if self._graph is not None:
                    self._graph.replay()
                else:
                    self._work(*self._there)
                self._here[2].copy_(self._there[2], non_blocking=True)
            self._stream.synchronize()
        except RuntimeError as exc:
            raise EngineFailed(f"The graphics card stopped working: {exc}") from exc
        return np.array(self._here[2].numpy(), np.float32)

    def _recorded(self) -> Any:
        """None where the work cannot be recorded; it is done step by step then."""
        torch = self._torch
        with torch.cuda.stream(self._stream):
            for _ in range(_WARM):
                self._work(*self._there)
        self._stream.synchronize()
        graph = torch.cuda.CUDAGraph()
        try:
            with torch.cuda.graph(graph, stream=self._stream):
                self._work(*self._there)
        except RuntimeError as exc:
            log.info("no CUDA graph: %s", exc)
            return None
        return graph


class Batches:
    """`CudaFaces` for each number of faces, made when it is first asked for."""

    def __init__(self, make: Callable[[int], CudaFaces]) -> None:
        self._make = make
        self._made: dict[int, CudaFaces] = {}

    def draw(self, mel: Floats, face: Floats) -> Floats:
        """Any number of faces."""
        drawn = [
            self._of(len(mel[first : first + MOST])).draw(
                mel[first : first + MOST], face[first : first + MOST]
            )
            for first in range(0, len(mel), MOST)
        ]
        return np.concatenate(drawn) if len(drawn) != 1 else drawn[0]

    def _of(self, batch: int) -> CudaFaces:
        if batch not in self._made:
            self._made[batch] = self._make(batch)
        return self._made[batch]
