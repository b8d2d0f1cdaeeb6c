"""Where something begins to be heard, and what is known until then."""

from collections.abc import Callable
from enum import Enum
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from engines.enhance.features import HOP, RATE

Line = NDArray[np.floating]
Turns = list["Turn"]
State = TypeVar("State")

_QUIET, _USUAL = 0.1, 0.7
"""The share of the usual power from which on sound tells something; usual in so many seconds."""
_BEGINS = 30.0
"""How many times the usual power something has that begins."""
_STAYS = 4
"""Frames that what begins lasts at least: a key that is pressed, or a door, is over by then."""
_NOTHING = 1e-9


class Turn(Enum):
    """What a frame is to those that remember. What seemed to begin and was over at once counts as
    if it had not been."""

    NONE = 0
    BEGINS = 1
    BEGINS_AGAIN = 2
    WAS_NOTHING = 3


class Presence:
    """Whether there is anything to judge by: beside a voice, pauses tell nothing, nor does what
    came before it began."""

    def __init__(self) -> None:
        self._usual, self._before, self._since = 0.0, 0.0, _STAYS

    def told(self, power: Line) -> tuple[Line, Turns]:
        """How much each frame tells, from 0 to 1, and where something begins."""
        told, turns = [], []
        for heard in power.tolist():
            turns.append(self._turn(heard))
            self._usual += HOP / RATE / _USUAL * (heard - self._usual)
            told.append(heard / (heard + _QUIET * self._usual + _NOTHING))
        return np.array(told, np.float32), turns

    def _turn(self, heard: float) -> Turn:
        waits = self._since < _STAYS
        self._since += 1
        if waits and heard <= _BEGINS * self._before:
            self._usual, self._since = self._before, _STAYS
            return Turn.WAS_NOTHING
        if heard <= _BEGINS * self._usual:
            return Turn.NONE
        if waits:
            return Turn.BEGINS_AGAIN
        self._before, self._since = self._usual, 1
        return Turn.BEGINS


class Memory(Generic[State]):
    """What is `now` known, and what is known again where nothing began after all."""

    def __init__(self, empty: Callable[[], State]) -> None:
        self._empty = empty
        self.now = self._before = empty()

    def turn(self, turn: Turn) -> None:
        if turn is Turn.BEGINS:
            self._before = self.now
        if turn in (Turn.BEGINS, Turn.BEGINS_AGAIN):
            self.now = self._empty()
        elif turn is Turn.WAS_NOTHING:
            self.now = self._before
