"""What eight bits give the Wav2Lip network, and what they take: speed, and likeness to FP32.

Weights are stand-ins that this program trains itself (a minute, kept in the cache folder): times
do not depend on weights, likeness hardly.
"""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from uuid import uuid4

import numpy as np
from skimage.metrics import structural_similarity

from app.bench.report import Figure, Figures
from core.errors import EngineUnavailable, UsageError
from core.types import AudioChunk, Frame, Moment, Segment, Speech, Transcript, Translation
from engines.demo.speaker import DemoSpeaker
from engines.face.mesh import MeshTracker
from engines.lips import wav2lip_mel as mel
from engines.lips.wav2lip import RATE, Wav2LipLips
from engines.lips.wav2lip_files import INSTALL, default_cache, full_network, small_network
from engines.lips.wav2lip_material import Floats, calibration, said
from engines.lips.wav2lip_network import OpenVinoNetwork, ReferenceNetwork

ROUNDS, CALLS = 7, 3
FACES = 24
SECONDS = 8.0

Pair = tuple[Floats, Floats]
Draw = Callable[[Floats, Floats], Floats]


def run(device: str = "cpu") -> Figures:
    """On the processor, and with `device` cuda on the graphics card instead. EngineUnavailable
    without the extra `neural`, or without the card that is asked for."""
    if device not in ("cpu", "cuda"):
        raise UsageError(f"The bench lips runs on cpu or cuda, not on {device!r}.")
    if device == "cuda":
        from app.bench.lips_card import on_card

        return on_card(_checkpoint(default_cache()), default_cache(), FACES)
    cache = default_cache()
    checkpoint = _checkpoint(cache)
    full, small = full_network(checkpoint, cache), small_network(checkpoint, cache)
    # Other faces than those that the network was calibrated with.
    pairs = list(calibration(FACES, seed=11))
    draws: dict[str, Draw] = {
        "torch_fp32_ms": _eager(checkpoint),
        "onnxruntime_fp32_ms": ReferenceNetwork(full).draw,
        "openvino_fp32_ms": OpenVinoNetwork(full).draw,
        "openvino_int8_ms": OpenVinoNetwork(small).draw,
    }
    alike = likeness(draws["onnxruntime_fp32_ms"], draws["openvino_int8_ms"], pairs)
    cost = milliseconds(draws, pairs)
    speedup = cost["torch_fp32_ms"] / cost["openvino_int8_ms"]
    return {
        "int8_speedup": Figure(speedup, "x", at_least=4.7),
        "int8_ssim": Figure(float(np.mean(alike)), at_least=0.95),
        "int8_ssim_worst": Figure(min(alike)),
        **{name: Figure(value, "CPU-ms") for name, value in cost.items()},
        **paced(Wav2LipLips(network=OpenVinoNetwork(small)), SECONDS),
    }


def milliseconds(draws: Mapping[str, Draw], pairs: list[Pair]) -> dict[str, float]:
    """CPU time of one face with each; they take turns, so that a busy machine slows all alike."""
    taken: dict[str, list[float]] = {name: [] for name in draws}
    for number in range(ROUNDS + 1):
        for name, draw in draws.items():
            start = time.process_time()
            for call in range(CALLS):
                draw(*pairs[(number + call) % len(pairs)])
            if number:  # the first round warms up
                taken[name].append((time.process_time() - start) * 1e3 / CALLS)
    return {name: median(values) for name, values in taken.items()}


def likeness(reference: Draw, other: Draw, pairs: list[Pair]) -> list[float]:
    """Structural similarity of what the two draw, face by face."""
    return [_similarity(reference(*pair), other(*pair)) for pair in pairs]


def paced(lips: Wav2LipLips, seconds: float) -> Figures:
    """A camera's 25 frames a second at 1280 x 720 on this one thread. How late a frame is
    depends on what else the machine does, so it is information."""
    speech = _speech()
    speaker, tracker = DemoSpeaker(), MeshTracker()
    frames = [Frame(speaker.frame(np.zeros(6, np.float32), n / RATE), n / RATE, n) for n in (0, 1)]
    faces = [tracker.track(frame) for frame in frames]
    late, start, spent = 0, time.perf_counter(), time.process_time()
    for number in range(int(seconds * RATE)):
        due = start + number / RATE
        time.sleep(max(0.0, due - time.perf_counter()))
        face, image = faces[number % 2], frames[number % 2].image
        if face is not None:
            into = number / RATE % speech.audio.duration
            moment = Moment(np.zeros(6, np.float32), 1.0, speech, into)
            lips.render(Frame(image, number / RATE, number), face, moment)
        late += time.perf_counter() > due + 1.0 / RATE
    share = (time.process_time() - spent) / seconds
    return {"late_frames": Figure(late), "core_share": Figure(share, "at 25 fps")}


def _checkpoint(cache: Path) -> Path:
    kept = cache / "stand-in-2.pth"
    if kept.exists():
        return kept
    try:
        import torch

        from engines.lips.wav2lip_stand_in import train
    except ImportError as exc:
        raise EngineUnavailable(f"The bench lips needs {exc.name or exc}; {INSTALL}.") from exc
    torch.set_num_threads(1)
    cache.mkdir(parents=True, exist_ok=True)
    partial = kept.with_name(f"{uuid4().hex}.partial")
    torch.save({"state_dict": train().state_dict()}, partial)
    return partial.replace(kept)


def _eager(checkpoint: Path) -> Draw:
    """The network as it is read, in PyTorch, on one thread."""
    try:
        import torch

        from engines.lips.wav2lip_checkpoint import read_checkpoint
    except ImportError as exc:
        raise EngineUnavailable(f"The bench lips needs {exc.name or exc}; {INSTALL}.") from exc
    torch.set_num_threads(1)
    network = read_checkpoint(checkpoint)

    def draw(sound: Floats, face: Floats) -> Floats:
        with torch.inference_mode():
            drawn = network(torch.from_numpy(sound), torch.from_numpy(face))
        return np.asarray(drawn.numpy(), np.float32)

    return draw


def _similarity(one: Floats, other: Floats) -> float:
    ssim = structural_similarity(one[0], other[0], channel_axis=0, data_range=1.0)  # type: ignore[no-untyped-call]
    return float(ssim)


def _speech() -> Speech:
    samples, track = said("es")
    audio = AudioChunk(samples, mel.RATE, 0.0)
    transcript = Transcript(Segment(0, audio), "", "en")
    return Speech(Translation(transcript, "", "es"), audio, track)
