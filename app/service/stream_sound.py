"""The sound of a live stream: what comes in, without its gaps; what goes out, in time."""

from collections import deque
from collections.abc import Iterator

import numpy as np
import soxr

from core.timeline import Placed
from core.types import AudioChunk
from engines.link.sound import SPOKEN, SoundDecoder, SoundEncoder
from engines.link.wire import CHUNK_S, Chunk, Kind, LinkError

VOICE = 24000
AHEAD = 1.0
"""Seconds that a voice is sent before it is to be heard: what a client must be able to keep."""
LARGEST_GAP = 250
"""Chunks in a row that may be missing: ten seconds."""


class Incoming:
    """Chunks to what recognition wants; a chunk that the client left out becomes silence."""

    def __init__(self) -> None:
        self.missing = 0
        self._decoder = SoundDecoder(SPOKEN)
        self._next = 0
        self._samples = 0

    @property
    def end(self) -> float:
        """Seconds that have come."""
        return self._next * CHUNK_S

    def take(self, chunk: Chunk) -> Iterator[AudioChunk]:
        """LinkError for a chunk out of order, or one that is none."""
        gap = chunk.number - self._next
        if not 0 <= gap <= LARGEST_GAP:
            raise LinkError(f"Sound {self._next} was to come, and {chunk.number} came.")
        if gap:
            self.missing += gap
            yield self._cut(self._decoder.missing(gap))
        samples = self._decoder.decode(chunk.content)
        self._next = chunk.number + 1
        yield self._cut(samples)

    def _cut(self, samples: np.ndarray) -> AudioChunk:
        cut = AudioChunk(samples, SPOKEN, self._samples / SPOKEN)
        self._samples += len(samples)
        return cut


class Outgoing:
    """Voices as they are placed, out again in chunks as their time comes near."""

    def __init__(self) -> None:
        self._encoder = SoundEncoder(VOICE)
        self._waiting: deque[tuple[float, np.ndarray, bytes]] = deque()
        self._number = 0

    def add(self, placed: Placed) -> None:
        if not placed.spoken:
            return
        audio = placed.speech.audio
        samples = soxr.resample(audio.samples, audio.rate, VOICE).astype(np.float32)
        size = self._encoder.size
        for at in range(0, len(samples), size):
            into = at / VOICE
            shape = placed.speech.mouth.at(into + CHUNK_S / 2)
            mouth = (np.clip(shape, 0, 1) * 255).astype(np.uint8).tobytes()
            self._waiting.append((placed.start + into, samples[at : at + size], mouth))

    def take(self, until: float) -> Iterator[Chunk]:
        """Sound and mouth of what is to be heard up to a moment."""
        while self._waiting and self._waiting[0][0] <= until:
            pts, samples, mouth = self._waiting.popleft()
            packet = self._encoder.encode(samples)
            yield Chunk(Kind.SPEECH, self._number, pts, packet)
            yield Chunk(Kind.MOUTH, self._number, pts, mouth)
            self._number += 1
