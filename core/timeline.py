"""Where each translated voice is placed: when it is due or as soon after as it can, in order,
never on top of the one before."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from core.lag import Governor, LagStep
from core.types import AudioChunk, Speech

GAP = 0.05
"""Seconds of quiet between two voices."""


@dataclass(frozen=True)
class Placed:
    """A voice and when it starts. Its `speech` is as fast as it will be played; it is silent
    when the governor allowed a caption only."""

    speech: Speech
    start: float
    lag: float
    tempo: float = 1.0

    @property
    def end(self) -> float:
        return self.start + self.speech.audio.duration

    @property
    def spoken(self) -> bool:
        return len(self.speech.audio.samples) > 0


Faster = Callable[[Speech, float], Speech]
"""Plays a speech faster with its pitch kept."""


class Timeline:
    """One thread places voices, in order."""

    def __init__(self, governor: Governor, faster: Faster) -> None:
        self.free = 0.0
        """When the last voice placed ends; any thread may read it."""
        self._governor = governor
        self._faster = faster
        self._segment = -1
        self._tempo = 1.0
        self._lag = 0.0
        self._muted = False

    def place(self, speech: Speech, due: float, ready: float = 0.0, wanted: float = 1.0) -> Placed:
        """`due` is when the voice should start, `ready` the earliest moment it can, `wanted` the
        tempo at which it would fit the room it has. A further piece of the same segment follows
        the one before without a gap and at the same tempo, no later behind than that unless it is
        `ready` too late."""
        if speech.segment.number == self._segment:
            return self._follow(speech, ready)
        start = max(due, ready, self.free + GAP if self.free else 0.0)
        lag = self._lag = start - due
        self._segment = speech.segment.number
        self._muted = False
        if len(speech.audio.samples) == 0:
            return Placed(speech, start, lag)
        if self._governor.judge(lag) is LagStep.CAPTIONS:
            self._muted = True
            return Placed(_silent(speech), start, lag)
        self._tempo = self._governor.tempo(lag, wanted)
        return self._settle(speech, start)

    def _follow(self, speech: Speech, ready: float) -> Placed:
        start = max(self.free, ready)
        if self._muted:
            return Placed(_silent(speech), start, self._lag)
        self._lag += start - self.free
        return self._settle(speech, start)

    def _settle(self, speech: Speech, start: float) -> Placed:
        if self._tempo > 1.0:
            speech = self._faster(speech, self._tempo)
        placed = Placed(speech, start, self._lag, self._tempo)
        self.free = placed.end
        return placed


def _silent(speech: Speech) -> Speech:
    nothing = AudioChunk(np.zeros(0, np.float32), speech.audio.rate, speech.audio.pts)
    return replace(speech, audio=nothing, words=())
