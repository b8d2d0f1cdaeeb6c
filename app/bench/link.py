"""Over which connections a service could enhance speech chunk by chunk, and what compression does
to that: whether a chunk of 40 ms, there and back, takes no longer than it lasts (the paper's
coherence, t_comm <= t_chunk), and whether the service computes faster than chunks come.

The connections are simulated (app/bench/link_line.py); sizes and computing are measured here.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.bench.link_harm import harm
from app.bench.link_line import PROFILES, Line, Profile, profiles
from app.bench.report import Figure, Figures
from core.types import AudioChunk, LipSight
from engines.enhance.av import AvEnhancer
from engines.link.picture import encode
from engines.link.sound import SPOKEN, SoundEncoder
from engines.link.wire import CHUNK_S, Chunk, Kind, pack

SECONDS = 60.0
_SIDE, _LIPS_SIDE = 352, 96
"""Pixels of the paper's picture (a third of a MB raw), and of the lips alone."""
QUALITIES = (95, 50)
_WEBSOCKET = 14
"""Bytes around a message."""
_LIP_NUMBERS = 24
_SLOWER_MS = 1.05 * 1000 * CHUNK_S


@dataclass(frozen=True)
class Load:
    """The bytes of one chunk on its way to the service and back."""

    up: int
    down: int


@dataclass(frozen=True)
class Passage:
    """The seconds that chunks took there and back, and the least time between two of them at the
    service."""

    times: NDArray[np.float64]
    interval: float

    @property
    def holds(self) -> bool:
        return float(np.percentile(self.times, 95)) <= CHUNK_S


def run() -> Figures:
    """`holds` is 1 where 95 of 100 chunks are in time."""
    computing, loads = _computing(), _loads()
    figures = {
        "t_a_ms": Figure(1000 * computing, "ms", at_most=1000 * CHUNK_S),
        "chunk_ms": Figure(1000 * CHUNK_S, "ms"),
        **harm(),
    }
    for name, load in loads.items():
        figures[f"{name}_bytes"] = Figure(load.up)
        figures[f"{name}_factor"] = Figure(loads["raw"].up / load.up)
    for connection, profile in PROFILES.items():
        figures |= _over(connection, profile, loads, computing)
    print(f"{profiles()}\n\n{coherent(figures, loads)}\n")
    return figures


def passage(profile: Profile, load: Load, computing: float, seconds: float = SECONDS) -> Passage:
    """Chunk after chunk, the next whether or not the one before is back."""
    rng = np.random.default_rng(3)
    up = Line(profile.up, profile.down, rng)
    down = Line(profile.down, profile.up, rng)
    sent = np.arange(round(seconds / CHUNK_S)) * CHUNK_S
    free, came, back = 0.0, [], []
    for moment in sent.tolist():
        came.append(up.send(load.up + _WEBSOCKET, moment))
        free = max(free, came[-1]) + computing
        back.append(down.send(load.down + _WEBSOCKET, free))
    return Passage(np.array(back) - sent, float(np.median(np.diff(came))))


def coherent(figures: Figures, loads: Iterable[str]) -> str:
    """In sentences: which connection keeps speech together, with what is sent over it."""
    lines = ["Speech stays coherent (95 of 100 chunks are back before they would have ended):"]
    for name in loads:
        holding = [one for one in PROFILES if figures[f"{one}_{name}_holds"].value]
        lines.append(f"  {name:8} {', '.join(holding) or 'nowhere'}")
    slower = [one for one in PROFILES if figures[f"{one}_raw_interval_ms"].value > _SLOWER_MS]
    lines.append(f"Uncompressed, chunks come ever later over: {', '.join(slower) or 'none'}")
    return "\n".join(lines)


def _over(
    connection: str, profile: Profile, loads: Mapping[str, Load], computing: float
) -> dict[str, Figure]:
    figures = {}
    for name, load in loads.items():
        found = passage(profile, load, computing)
        label = f"{connection}_{name}"
        p50, p95 = np.percentile(found.times, (50, 95))
        figures[f"{label}_p50_ms"] = Figure(1000 * float(p50), "ms")
        figures[f"{label}_p95_ms"] = Figure(1000 * float(p95), "ms")
        figures[f"{label}_over"] = Figure(float(np.mean(found.times > CHUNK_S)))
        figures[f"{label}_interval_ms"] = Figure(1000 * found.interval, "ms")
        figures[f"{label}_holds"] = Figure(float(found.holds))
    return figures


def _loads() -> dict[str, Load]:
    """As they are; the picture as JPEG and the sound as Opus; the lips' picture alone; and the
    lips as the numbers that our network wants."""
    image = _face()
    sound = round(SPOKEN * CHUNK_S)
    pcm, opus = 2 * sound, _opus(sound)
    head = len(pack(Chunk(Kind.SOUND, 0, 0.0)))
    loads = {"raw": Load(image.size + pcm + 2 * head, pcm + head)}
    for quality in QUALITIES:
        size = len(encode(image, quality)) + opus + 2 * head
        loads[f"jpeg{quality}"] = Load(size, opus + head)
    lips = _resized(image, _LIPS_SIDE)
    loads["lips"] = Load(len(encode(lips, QUALITIES[0])) + opus + 2 * head, opus + head)
    loads["numbers"] = Load(_LIP_NUMBERS + opus + 2 * head, opus + head)
    return loads


def _face() -> NDArray[np.uint8]:
    from skimage.data import astronaut

    whole: NDArray[np.uint8] = astronaut()  # type: ignore[no-untyped-call]
    return _resized(whole[:300, 80:380], _SIDE)


def _resized(image: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(image, (side, side)), np.uint8)


def _opus(size: int) -> int:
    """Bytes of a typical packet, of noise as loud as speech."""
    encoder, rng = SoundEncoder(SPOKEN), np.random.default_rng(0)
    sizes = [
        len(encoder.encode(0.1 * rng.standard_normal(size).astype(np.float32))) for _ in range(50)
    ]
    return round(float(np.median(sizes[10:])))


def _computing() -> float:
    """CPU seconds that a chunk takes the network."""
    engine, rng = AvEnhancer(), np.random.default_rng(0)
    size, took = round(SPOKEN * CHUNK_S), []
    for number in range(100):
        sound = 0.1 * rng.standard_normal(size).astype(np.float32)
        chunk = AudioChunk(sound, SPOKEN, number * CHUNK_S)
        began = time.thread_time()
        engine.enhance(chunk, [LipSight(chunk.pts, 0.1 * (number % 5), 0.0, 1.0)])
        took.append(time.thread_time() - began)
    engine.close()
    return float(np.median(took))
