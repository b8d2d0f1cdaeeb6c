"""Translated voices at their time, by a device that keeps a clock of its own."""

from collections.abc import Callable

import numpy as np

from app.live.clock import SessionClock
from app.live.others.desk import OthersDesk
from core.devices import RATE
from core.types import Samples

BLOCK = RATE // 50
_BEHIND = RATE // 50
"""Samples behind the session clock, so that a voice is written before it is wanted."""
_OFF = RATE // 50
"""What it may be too early or too late before that is made good; only in silence, so that no
voice is stretched or cut."""
_AHEAD = RATE // 4
_STALE = 50 * RATE


class Player:
    """`step` plays the next block, as often as `play` lets it. One thread."""

    def __init__(
        self, desk: OthersDesk, clock: SessionClock, play: Callable[[Samples], None]
    ) -> None:
        self._desk, self._clock, self._play = desk, clock, play
        self._position = self._due()
        # What a player before this one was killed over would be heard when the memory comes round.
        past = min(_STALE, self._position)
        desk.voice.write(self._position - past, np.zeros(past, np.float32))

    def step(self) -> bool:
        """Whether a voice is heard, or will be in a moment."""
        voice = self._desk.voice
        late = self._due() - self._position
        quiet = voice.silent(self._position, BLOCK)
        if quiet and late < -_OFF:
            self._play(np.zeros(BLOCK, np.float32))
            return not voice.silent(self._position, _AHEAD)
        if quiet and late > _OFF:
            self._position += self._silence(late)
        block = voice.take(self._position, BLOCK)
        self._desk.said.write(self._position, block)
        self._position += BLOCK
        self._play(block)
        return bool(block.any()) or not voice.silent(self._position, _AHEAD)

    def _silence(self, most: int) -> int:
        """So many samples of silence, `most` at most, that can be left out."""
        count = 0
        while count + BLOCK <= most and self._desk.voice.silent(self._position + count, BLOCK):
            count += BLOCK
        return count

    def _due(self) -> int:
        return max(0, round(self._clock.now() * RATE) - _BEHIND)
