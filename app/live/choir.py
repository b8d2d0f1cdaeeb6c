"""All who speak at this machine, as one sound: the translated voices, and the originals."""

import time
from collections.abc import Sequence
from queue import SimpleQueue

from app.live.desk import Desk, GuestDesk, GuestNames, Row, guest_desks
from core.devices import RATE
from core.drift import Follower
from core.types import Samples


class Choir:
    """The user and the further speakers of the desk. `invite` and `put_away` on any thread, the
    rest on one; costs nothing when there are none."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._invited: SimpleQueue[tuple[GuestDesk, ...]] = SimpleQueue()
        self._left: SimpleQueue[GuestDesk] = SimpleQueue()
        self._guests = _followed(desk.guests)

    def invite(self, guests: Sequence[GuestNames]) -> None:
        """Other further speakers, from the next `seat` on."""
        self._invited.put(guest_desks(guests))

    def seat(self) -> None:
        """Whoever was invited takes the place of those from before."""
        while not self._invited.empty():
            for one in self._desk.invite(self._invited.get()):
                self._left.put(one)
            self._guests = _followed(self._desk.guests)

    def put_away(self) -> None:
        """The memory of those who left: milliseconds for each, which no sound could wait for."""
        while not self._left.empty():
            self._left.get().close()

    def voices(self, position: int, count: int) -> Samples:
        """The translated voices of all; silence is left behind."""
        voice = self._desk.voice.take(position, count)
        for guest, _ in self._guests:
            voice += guest.voice.take(position, count)
        return voice

    def silent(self, position: int, count: int) -> bool:
        """Whether no voice is to be heard there."""
        guests = (guest.voice.silent(position, count) for guest, _ in self._guests)
        return self._desk.voice.silent(position, count) and all(guests)

    def originals(self, own: Samples) -> Samples:
        """The user's own sound, and with it the next samples of the further microphones."""
        if not self._guests:
            return own
        sound, count = own.copy(), len(own)
        for guest, follower in self._guests:
            heard = time.perf_counter() + guest.board.read(Row.MICROPHONE)[1]
            sound += follower.take(count, guest.heard.end, heard * RATE)
        return sound


def _followed(guests: Sequence[GuestDesk]) -> list[tuple[GuestDesk, Follower]]:
    return [(guest, Follower(guest.heard.read)) for guest in guests]
