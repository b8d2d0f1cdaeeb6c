"""What the processes of a live session share: pictures, sounds, and a board of numbers."""

import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import astuple, dataclass, fields
from enum import IntEnum
from typing import TypeVar

from core.devices import RATE, SIZE
from core.shared.board import Board
from core.shared.frames import SharedFrames
from core.shared.sound import SharedSound

_SHAPE = (SIZE[1], SIZE[0], 3)
_HEARD, _VOICE, _SAID = 60 * RATE, 60 * RATE, 30 * RATE
_OUTPUTS_GONE = 3.0
"""Seconds without a picture that was sent."""


class Row(IntEnum):
    """Rows of the board, each with its one writer."""

    CLOCK = 0
    """Outputs: position minus moment in seconds (0: not running yet), latency, underruns, the end
    of what was said (in samples), and the seconds before it in which nobody was there to speak."""
    MICROPHONE = 1
    """Inputs: end of what was heard, in seconds of sound, minus the moment at which it sounded;
    and minus the moment at which it arrived."""
    ORDER = 2
    """Here: what the meeting gets (`Order`)."""
    BALANCE = 3
    """Here: which original voice (index into ORIGINALS), and how loud it stays, in dB."""
    SENT = 4
    """Outputs: pictures sent, late ones, which kind the last was, seconds from put to send, and
    the CPU seconds of all that."""
    WISHES = 5
    """Here: pictures a second that are wanted of the camera, and whether `sent` is wanted."""
    TAKEN = 6
    """Inputs: the CPU seconds of taking pictures."""


class Order(IntEnum):
    """What the outputs are to give. Zero, as the board begins, is the safe one."""

    ORIGINAL = 0
    TRANSLATED = 1
    MUTED = 2


ORIGINALS = ("off", "duck", "pass")


GuestNames = tuple[str, str, str]
Part = TypeVar("Part", SharedFrames, SharedSound, Board, "GuestDesk")


def kept(undo: ExitStack, part: Part) -> Part:
    """What is closed again where the whole that it belongs to cannot be made."""
    undo.callback(part.close)
    return part


@dataclass(frozen=True)
class Names:
    """By which another process finds a desk."""

    taken: str
    shown: str
    heard: str
    voice: str
    said: str
    sent: str
    board: str
    guests: tuple[GuestNames, ...] = ()


class GuestDesk:
    """What there is of a further speaker: what their microphone hears, when (`Row.MICROPHONE` of a
    board of their own), and their translated voice."""

    def __init__(self, names: GuestNames | None = None) -> None:
        heard, voice, board = names or (None, None, None)
        with ExitStack() as undo:
            self.heard = kept(undo, SharedSound(_HEARD, heard))
            self.voice = kept(undo, SharedSound(_VOICE, voice))
            self.board = kept(undo, Board(len(Row), board))
            undo.pop_all()

    @property
    def names(self) -> GuestNames:
        return self.heard.name, self.voice.name, self.board.name

    def close(self) -> None:
        for part in (self.heard, self.voice, self.board):
            part.close()


def guest_desks(names: Iterable[GuestNames | None]) -> tuple[GuestDesk, ...]:
    """Found by their names, or made here where there is none; all or nothing."""
    with ExitStack() as undo:
        desks = tuple(kept(undo, GuestDesk(one)) for one in names)
        undo.pop_all()
    return desks


class Desk:
    """Made here, found by the workers; `guests` is the number of further speakers.

    `taken`: the camera's pictures. `shown`: those with drawn lips; the moment of either is when
    it was put. `heard`: the microphone. `voice`: translated voices, written ahead of time at the
    positions where they are to be heard. `said` and `sent`: what really went out, sound by its
    position and pictures (if somebody asks for them) with the moment of sending.
    """

    def __init__(self, names: Names | None = None, guests: int = 0) -> None:
        found = astuple(names) if names else (None,) * len(fields(Names))
        taken, shown, heard, voice, said, sent, board, others = found
        with ExitStack() as undo:
            self.taken = kept(undo, SharedFrames(_SHAPE, taken))
            self.shown = kept(undo, SharedFrames(_SHAPE, shown))
            self.heard = kept(undo, SharedSound(_HEARD, heard))
            self.voice = kept(undo, SharedSound(_VOICE, voice))
            self.said = kept(undo, SharedSound(_SAID, said))
            self.sent = kept(undo, SharedFrames(_SHAPE, sent))
            self.board = kept(undo, Board(len(Row), board))
            self.guests = guest_desks(others or (None,) * guests)
            undo.pop_all()

    @property
    def names(self) -> Names:
        guests = tuple(guest.names for guest in self.guests)
        taken, shown, heard, voice, said, sent, board = (part.name for part in self._parts)
        return Names(taken, shown, heard, voice, said, sent, board, guests)

    def invite(self, guests: tuple[GuestDesk, ...]) -> tuple[GuestDesk, ...]:
        """These further speakers. The caller closes those from before, which are returned, once
        nobody needs them."""
        before, self.guests = self.guests, guests
        return before

    def until_nothing_is_sent(self) -> None:
        """Waits for as long as the outputs send pictures."""
        sent = -1.0
        while (count := self.board.read(Row.SENT)[0]) != sent:
            sent = count
            time.sleep(_OUTPUTS_GONE)

    def close(self) -> None:
        for part in (*self._parts, *self.guests):
            part.close()

    @property
    def _parts(self) -> tuple[SharedFrames | SharedSound | Board, ...]:
        """In the order of their names."""
        frames = self.taken, self.shown
        return (*frames, self.heard, self.voice, self.said, self.sent, self.board)
