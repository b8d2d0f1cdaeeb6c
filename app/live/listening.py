"""From the microphone's shared memory into the translation, at the pipeline's rate."""

import threading
from collections.abc import Callable
from typing import Protocol

import numpy as np
import soxr

from app.live.clock import SessionClock
from app.live.desk import Row
from core.devices import RATE
from core.segmentation.utterance import RATE as WANTED
from core.shared.board import Board
from core.shared.sound import SharedSound
from core.types import AudioChunk, Samples

BLOCK = 0.02
"""Seconds between two looks."""
_CLOSE = 0.05
"""A chunk that comes nearer than this to the end of the one before follows it."""


class Heard(Protocol):
    """What a microphone hears, and when (`Row.MICROPHONE` of its board); a Desk is one."""

    @property
    def heard(self) -> SharedSound: ...

    @property
    def board(self) -> Board: ...


class Listening:
    """Runs on a thread of its own until `stop`.

    `feed` takes the next sound and may wait. While `open` says no, silence is fed: what was
    begun is over, and nothing is begun. `level` is that of the newest sound, in dB.
    """

    def __init__(
        self,
        desk: Heard,
        clock: SessionClock,
        feed: Callable[[AudioChunk], object],
        open_: Callable[[], bool],
    ) -> None:
        self.level = -120.0
        self.lost = 0.0
        """Seconds that were not heard in time."""
        self._desk, self._clock = desk, clock
        self._feed, self._open = feed, open_
        self._ended = threading.Event()
        self._end = 0.0

    def run(self) -> None:
        stream = soxr.ResampleStream(RATE, WANTED, 1, dtype="float32")
        position = self._desk.heard.end
        while not self._ended.wait(BLOCK):
            end = self._desk.heard.end
            oldest = end - self._desk.heard.capacity + RATE
            if position < oldest:
                self.lost += (oldest - position) / RATE
                position = oldest
            while position < end:
                count = min(end - position, RATE // 10)
                self._hear(stream, position, self._desk.heard.read(position, count))
                position += count

    def stop(self) -> None:
        self._ended.set()

    def _hear(self, stream: soxr.ResampleStream, position: int, samples: Samples) -> None:
        power = float(np.mean(np.square(samples)))
        self.level = 10 * np.log10(power + 1e-12)
        if not self._open():
            samples = np.zeros_like(samples)
        resampled = stream.resample_chunk(samples)
        if len(resampled):
            self._feed(AudioChunk(resampled, WANTED, self._pts(position)))
            self._end += len(resampled) / WANTED

    def _pts(self, position: int) -> float:
        """When the sample was heard; without the small steps that clocks make."""
        offset = self._desk.board.read(Row.MICROPHONE)[0]
        pts = self._clock.at(position / RATE - offset)
        if abs(pts - self._end) > _CLOSE:
            self._end = pts
        return self._end
