"""Faces through a network on a graphics card: pinned buffers, one stream, a CUDA graph for each
number of faces. Needs torch with CUDA, which keeps the card's memory for whoever computes there."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class OnCard:
    """Which graphics card, and how full its memory may get: a share."""

    number: int = 0
    memory: float = 0.85

    @property
    def name(self) -> str:
        """PyTorch's."""
        return f"cuda:{self.number}"


FIRST = OnCard()


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

    def __init__(self, torch: Any, batch: int, work: Work, where: OnCard = FIRST) -> None:
        """EngineUnavailable when the card has no memory for so many."""
        self._torch, self._work = torch, work
        try:
            self._prepare(batch, where)
        except torch.cuda.OutOfMemoryError as exc:
            torch.cuda.empty_cache()  # what was taken in vain is room for fewer
            raise EngineUnavailable(f"there is no memory for {batch} faces: {exc}") from exc

    def _prepare(self, batch: int, where: OnCard) -> None:
        torch = self._torch
        shapes = [(batch, *shape) for shape in (MEL_SHAPE, FACE_SHAPE, DRAWN_SHAPE)]
        self._here = [torch.zeros(shape, pin_memory=True) for shape in shapes]
        self._there = [torch.zeros(shape, device=where.name) for shape in shapes]
        self._stream = torch.cuda.Stream(where.name)
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
    """`CudaFaces` for each number of faces, made when it is first asked for.

    `used` says how full the card's memory is, as a share; programs beside this one count too. While
    it is fuller than `limit`, nothing is made for more than one face at a time; where there was no
    room for so many it is not tried again. Then half as many are drawn at a time, and so on.
    EngineUnavailable when there is no room for one.
    """

    def __init__(
        self,
        make: Callable[[int], CudaFaces],
        used: Callable[[], float] = lambda: 0.0,
        limit: float = 1.0,
    ) -> None:
        self._make, self._used, self._limit = make, used, limit
        self._made: dict[int, CudaFaces] = {}
        self._too_many: set[int] = set()

    def draw(self, mel: Floats, face: Floats) -> Floats:
        """Any number of faces."""
        drawn, first = [], 0
        while first < len(mel):
            count, faces = self._fitting(min(len(mel) - first, MOST))
            drawn.append(faces.draw(mel[first : first + count], face[first : first + count]))
            first += count
        return np.concatenate(drawn) if len(drawn) != 1 else drawn[0]

    def _fitting(self, batch: int) -> tuple[int, CudaFaces]:
        """For so many or, where the card has no room for them, for fewer."""
        while batch > 1:
            if (faces := self._of(batch)) is not None:
                return batch, faces
            batch //= 2
        if 1 not in self._made:
            self._made[1] = self._make(1)
        return 1, self._made[1]

    def _of(self, batch: int) -> CudaFaces | None:
        if batch in self._made:
            return self._made[batch]
        if batch in self._too_many or self._used() > self._limit:
            return None
        try:
            self._made[batch] = self._make(batch)
        except EngineUnavailable as exc:
            log.warning("The card has no room for %d faces at a time: %s", batch, exc)
            self._too_many.add(batch)
            return None
        return self._made[batch]


def memory_used(torch: Any, where: OnCard) -> Callable[[], float]:
    """How full the card's memory is, by whomever, each time that it is asked."""

    def used() -> float:
        free, whole = torch.cuda.mem_get_info(where.name)
        return 1.0 - float(free) / float(whole)

    return used
