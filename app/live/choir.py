"""All who speak at this machine, as one sound: the translated voices, and the originals."""

import time
from collections.abc import Sequence

from app.live.desk import Desk, GuestDesk, Row
from core.devices import RATE
from core.drift import Follower
from core.types import Samples


class Choir:
    """The user and further speakers: those of the desk, or others. One thread; costs nothing when
    there are none."""

    def __init__(self, desk: Desk, guests: Sequence[GuestDesk] | None = None) -> None:
        self._desk = desk
        guests = desk.guests if guests is None else guests
        self._guests = [(guest, Follower(guest.heard.read)) for guest in guests]

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
