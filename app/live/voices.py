"""Translated voices, written where they will be heard."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
import soxr

from app.live.clock import SessionClock
from core.devices import RATE
from core.shared.sound import SharedSound
from core.timeline import Placed
from core.types import Samples

LEAD = 0.06
"""Seconds ahead of what the device plays that a voice can still be written in time."""
ROOM = 50.0
"""Seconds ahead up to which a voice may reach; the memory holds little more."""
_SPARE, _NAP = 0.5, 0.5
"""Seconds by which a voice may lie later than right behind the one before; and between two looks
whether there is room for it."""
_FADE = RATE // 500
"""Two milliseconds: a voice that begins or ends in the middle of a wave would click."""
_SAME = 0.02
"""Seconds by which a piece may miss the end of the one before and still follow it."""


class Spoken(Protocol):
    """Where a voice is written, for whoever plays it; a Desk is one."""

    @property
    def voice(self) -> SharedSound: ...


class Voices:
    """One thread adds. Pieces of a segment follow each other as one stream of sound."""

    def __init__(self, desk: Spoken, clock: SessionClock) -> None:
        self._desk, self._clock = desk, clock
        self._stream: soxr.ResampleStream | None = None
        self._rate = 0
        self._next = 0.0
        self.end = 0
        """The position behind the last sample that was written."""

    @property
    def ready(self) -> float:
        """The earliest time at which a voice that is added now can start."""
        return self._clock.now() + LEAD

    def add(self, placed: Placed) -> None:
        """What would be too late is left out, from its beginning. Waits while the voice would
        reach too far ahead."""
        if not placed.spoken:
            return
        audio, last = placed.speech.audio, placed.speech.last
        follows = self._rate == audio.rate and abs(placed.start - self._next) <= _SAME
        if self._stream is None or not follows:
            self._finish()
            self._begin(audio.rate, max(round(placed.start * RATE), self.end))
            samples = self._resampled(audio.samples, last)
            _fade(samples[:_FADE])
        else:
            samples = self._resampled(audio.samples, last)
        self._next += audio.duration
        if last:
            _fade(samples[: -_FADE - 1 : -1])
            self._stream = None
        self._write(samples)

    def wait(self, seconds: float, go_on: Callable[[], bool]) -> None:
        """Until `add` will not wait with a voice so long, or `go_on` says no. Any thread."""
        while self.end / RATE + seconds + _SPARE > self._clock.now() + ROOM and go_on():
            self._clock.sleep(_NAP)

    def cancel(self) -> float:
        """Nothing of what was written is heard any more; the time from which on there is room."""
        self._stream = None
        first = round(self.ready * RATE)
        if self.end > first:
            rest = self._desk.voice.read(first, self.end - first)
            _fade(rest[_FADE - 1 :: -1])
            rest[_FADE:] = 0.0
            self._desk.voice.write(first, rest)
        self.end = min(self.end, first + _FADE)
        return self.end / RATE

    def _begin(self, rate: int, position: int) -> None:
        self._stream = soxr.ResampleStream(rate, RATE, 1, dtype="float32")
        self._rate = rate
        self._next = position / RATE
        self.end = position

    def _finish(self) -> None:
        """The rest of a piece that nothing follows."""
        if self._stream is not None:
            self._write(self._resampled(np.zeros(0, np.float32), last=True))
            self._stream = None

    def _resampled(self, samples: Samples, last: bool) -> Samples:
        assert self._stream is not None
        return np.array(self._stream.resample_chunk(samples, last=last), np.float32)

    def _write(self, samples: Samples) -> None:
        """Behind what is played now nothing is written: it would be heard much later."""
        while (self.end + len(samples)) / RATE > self._clock.now() + ROOM:
            self._clock.sleep(_NAP)
        late = max(0, round((self._clock.now() + LEAD / 2) * RATE) - self.end)
        self._desk.voice.write(self.end + late, samples[late:])
        self.end += len(samples)


def _fade(edge: Samples) -> None:
    """From silence, in the direction of the view."""
    edge *= np.linspace(0.0, 1.0, len(edge), dtype=np.float32)
