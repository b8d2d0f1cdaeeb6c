"""What a graphics card gives the Wav2Lip network: each way that works here in FP16, against
PyTorch's FP32 on the same card. Times are wall time: the processor only waits."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
from skimage.metrics import structural_similarity

from app.bench.report import Figure, Figures
from core.errors import EngineUnavailable
from engines.lips.wav2lip_cuda import OnCard
from engines.lips.wav2lip_gpu import ways_on
from engines.lips.wav2lip_material import Floats, calibration

log = logging.getLogger(__name__)

WAYS = ways_on(OnCard(memory=1.0))
"""So that many faces at a time are that many, however full the card is."""
ROUNDS, CALLS, MANY = 9, 50, 8

Pair = tuple[Floats, Floats]
Draw = Callable[[Floats, Floats], Floats]


def on_card(checkpoint: Path, cache: Path, faces: int) -> Figures:
    """EngineUnavailable, with every refusal, when no way to a card works."""
    draws, refusals = _ways(checkpoint, cache)
    if not draws:
        raise EngineUnavailable(" ".join(refusals))
    for refusal in refusals:
        log.error("not measured: %s", refusal)
    pairs = list(calibration(faces, seed=11))
    reference = eager(checkpoint)
    figures: dict[str, Figure] = {}
    for label, draw in draws.items():
        figures[f"{label}_ms"] = Figure(milliseconds(draw, pairs[0]), "ms")
        figures[f"{label}_batch_{MANY}_ms"] = Figure(milliseconds(draw, _together(pairs)), "ms")
        figures[f"{label}_ssim"] = Figure(likeness(reference, draw, pairs))
    full = milliseconds(reference, pairs[0])
    best = min(draws, key=lambda label: figures[f"{label}_ms"].value)
    quickest = figures[f"{best}_ms"].value
    return {
        "fp16_ms": Figure(quickest, "ms", at_most=0.5),
        "fp16_speedup": Figure(full / quickest, "x", at_least=9),
        "fp16_ssim": Figure(figures[f"{best}_ssim"].value, at_least=0.95),
        "torch_fp32_ms": Figure(full, "ms"),
        **figures,
    }


def _ways(checkpoint: Path, cache: Path) -> tuple[dict[str, Draw], list[str]]:
    """Those that work here, and why the others do not."""
    draws: dict[str, Draw] = {}
    refusals = []
    for name, way in WAYS.items():
        try:
            draws[name.lower().replace(" ", "")] = way(checkpoint, cache).draw
        except (EngineUnavailable, ImportError) as exc:
            refusals.append(f"{name}: {exc}")
    return draws, refusals


def milliseconds(draw: Draw, pair: Pair) -> float:
    """Of one call, there and back, the median of rounds; the first one only warms up."""
    taken = []
    for _ in range(ROUNDS + 1):
        begun = time.perf_counter()
        for _ in range(CALLS):
            draw(*pair)
        taken.append((time.perf_counter() - begun) / CALLS * 1e3)
    return median(taken[1:])


def likeness(reference: Draw, other: Draw, pairs: list[Pair]) -> float:
    def similarity(one: Floats, two: Floats) -> float:
        return float(
            structural_similarity(one[0], two[0], channel_axis=0, data_range=1.0)  # type: ignore[no-untyped-call]
        )

    return float(np.mean([similarity(reference(*pair), other(*pair)) for pair in pairs]))


def eager(checkpoint: Path) -> Draw:
    """The network as it is read, in FP32, on the card."""
    import torch

    from engines.lips.wav2lip_checkpoint import read_checkpoint
    from engines.lips.wav2lip_cuda import cuda

    cuda()
    network = read_checkpoint(checkpoint).to("cuda")

    def draw(sound: Floats, face: Floats) -> Floats:
        with torch.inference_mode():
            drawn = network(torch.from_numpy(sound).cuda(), torch.from_numpy(face).cuda())
            return np.asarray(drawn.cpu().numpy(), np.float32)

    return draw


def _together(pairs: list[Pair]) -> Pair:
    some = [pairs[number % len(pairs)] for number in range(MANY)]
    sounds, faces = (np.concatenate(part) for part in zip(*some, strict=True))
    return sounds, faces
