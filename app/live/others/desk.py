"""What the way back shares between its processes: what the others say, and what the user hears."""

from dataclasses import astuple, dataclass

from app.live.desk import Row
from core.devices import RATE
from core.shared.board import Board
from core.shared.sound import SharedSound

_HEARD, _VOICE, _SAID = 60 * RATE, 60 * RATE, 10 * RATE


@dataclass(frozen=True)
class OthersNames:
    """By which another process finds a desk; `clock` is the board of the session's own desk."""

    heard: str
    voice: str
    said: str
    board: str
    clock: str


class OthersDesk:
    """`heard`: what the others say. `voice`: its translation, written ahead of time at the
    positions of the session clock where it is to be heard. `said`: what the user really hears of
    it. `board` has the rows of a Desk: MICROPHONE and BALANCE are used. `clock` keeps the session's
    time."""

    def __init__(self, clock: Board, names: OthersNames | None = None) -> None:
        heard, voice, said, board = astuple(names)[:-1] if names else (None,) * 4
        self.heard = SharedSound(_HEARD, heard)
        self.voice = SharedSound(_VOICE, voice)
        self.said = SharedSound(_SAID, said)
        self.board = Board(len(Row), board)
        self.clock = clock

    @classmethod
    def found(cls, names: OthersNames) -> "OthersDesk":
        """In a worker, which closes the clock's board with the rest."""
        return cls(Board(len(Row), names.clock), names)

    @property
    def names(self) -> OthersNames:
        parts = self.heard, self.voice, self.said, self.board, self.clock
        return OthersNames(*(part.name for part in parts))

    def close(self) -> None:
        for part in (self.heard, self.voice, self.said, self.board):
            part.close()
