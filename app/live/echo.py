"""Whether the microphone hears what this program says: looked at every few seconds."""

import time
from typing import Protocol

from app.live.clock import SessionClock
from app.live.desk import Row
from core.devices import RATE
from core.echo import LONGEST, SPAN, hears_itself
from core.shared.board import Board
from core.shared.sound import SharedSound

_EVERY = 3.0
_SURE = 2
"""Looks in a row that must agree."""
_BEHIND = 0.1


class Heard(Protocol):
    """What was played, and what a microphone hears (`Row.MICROPHONE` of its board); a Desk is
    one."""

    @property
    def said(self) -> SharedSound: ...

    @property
    def heard(self) -> SharedSound: ...

    @property
    def board(self) -> Board: ...


class EchoWatch:
    """`look` as often as is convenient; one thread. `heard` is the last opinion."""

    def __init__(self, desk: Heard, clock: SessionClock) -> None:
        self.heard = False
        self._desk, self._clock = desk, clock
        self._last = 0.0
        self._agreed = 0

    def look(self, spoken: float) -> bool:
        """Whether the opinion has changed to the worse. `spoken`: the session time at which the
        last translated voice ends; only while one is heard there is something to hear."""
        now = time.perf_counter()
        if self._clock.at(now) > spoken + SPAN / 2:
            return False
        if now - self._last < _EVERY:
            return False
        self._last = now
        found = self._compare(now - _BEHIND)
        self._agreed = self._agreed + 1 if found else 0
        before, self.heard = self.heard, self._agreed >= _SURE
        return self.heard and not before

    def _compare(self, moment: float) -> bool:
        said = round(self._clock.at(moment) * RATE)
        heard = round((moment + self._desk.board.read(Row.MICROPHONE)[0]) * RATE)
        long, short = round((LONGEST + SPAN) * RATE), round(SPAN * RATE)
        if said < long or heard < short:
            return False
        played = self._desk.said.read(said - long, long)
        return hears_itself(played, self._desk.heard.read(heard - short, short), RATE).heard
