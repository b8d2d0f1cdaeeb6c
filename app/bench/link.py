"""Over which connections a service could enhance speech chunk by chunk, and what compression does
to that: whether a chunk of 40 ms, there and back, takes no longer than it lasts (the paper's
coherence, t_comm <= t_chunk), and whether the service computes faster than chunks come.

The connections are simulated (app/bench/link_line.py); sizes and computing are measured here.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.bench.enhance_material import voices
from app.bench.link_line import PROFILES, Line, Profile
from app.bench.report import Figure, Figures
from core.types import AudioChunk, LipSight
from engines.enhance.av import AvEnhancer
from engines.link.picture import encode
from engines.link.sound import SPOKEN, SoundDecoder, SoundEncoder
from engines.link.wire import CHUNK_S, Chunk, Kind, pack

SECONDS = 60.0
_SIDE, _LIPS_SIDE = 352, 96
"""Pixels of the paper's picture (a third of a MB raw), and of the lips alone."""
QUALITIES = (95, 50)
_WEBSOCKET = 14
"""Bytes around a message."""
_LIP_NUMBERS = 24
_LATEST = 800
"""Samples by which Opus and its resampling may be late."""


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
    computing = _computing()
    figures = {
        "opus_stoi": Figure(_kept()),
        "t_a_ms": Figure(1000 * computing, "ms", at_most=1000 * CHUNK_S),
        "chunk_ms": Figure(1000 * CHUNK_S, "ms"),
    }
    loads = _loads()
    for name, load in loads.items():
        figures[f"{name}_bytes"] = Figure(load.up)
        figures[f"{name}_factor"] = Figure(loads["raw"].up / load.up)
    for connection, profile in PROFILES.items():
        figures |= _over(connection, profile, loads, computing)
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


def _kept() -> float:
    """How intelligible Opus leaves speech (STOI); NaN without the extra `measure`."""
    try:
        from pystoi import stoi
    except ImportError:
        return float("nan")
    speech = voices().speech(np.random.default_rng(5))[0]
    encoder, decoder = SoundEncoder(SPOKEN), SoundDecoder(SPOKEN)
    packets = [encoder.encode(chunk) for chunk in speech.reshape(-1, encoder.size)]
    coded = np.concatenate([decoder.decode(packet) for packet in packets])
    size = min(len(speech), len(coded)) - _LATEST
    lags = [float(coded[lag : lag + size] @ speech[:size]) for lag in range(_LATEST)]
    late = int(np.argmax(lags))
    return float(stoi(speech[:size], coded[late : late + size], SPOKEN))


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
