"""The session clock: the position of the sound that the virtual microphone plays."""

import time

from app.live.desk import Row
from core.shared.board import Board

_SETTLING = 0.02
"""How much of each new reading is believed: a device takes its sound in lumps."""


class Pace:
    """A steady "stream position minus moment" out of readings that jitter. Seconds. From a
    distance of `jump` on, a reading is not a lump but another truth."""

    def __init__(self, offset: float = 0.0, jump: float = 0.05) -> None:
        self.offset = offset
        self._jump = jump

    def update(self, position: float, moment: float) -> float:
        error = position - moment - self.offset
        self.offset += error if abs(error) > self._jump else _SETTLING * error
        return self.offset


class SessionClock:
    """Fits `core.clock.Clock`. Any process that has the board agrees on it, between sounds by
    the machine's monotonic clock. Before the outputs run, it stands at zero."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def now(self) -> float:
        """The position that is handed to the device now."""
        return self.at(time.perf_counter())

    def heard(self) -> float:
        """The position that listeners hear now."""
        return max(0.0, self.now() - self.latency)

    @property
    def latency(self) -> float:
        return self._board.read(Row.CLOCK)[1]

    @property
    def runs(self) -> bool:
        return self._board.read(Row.CLOCK)[0] != 0.0

    def at(self, moment: float) -> float:
        """The session time of a moment of the machine's monotonic clock."""
        offset = self._board.read(Row.CLOCK)[0]
        return moment + offset if offset else 0.0

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            time.sleep(seconds)
