"""All who speak at this machine, as one sound: the translated voices, and the originals."""

import time

import numpy as np

from app.live.desk import Desk, Row
from core.devices import RATE
from core.drift import Follower
from core.types import Samples


class Choir:
    """The further speakers of a desk, beside the user. One thread; costs nothing when there are
    none."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._guests = [(guest, Follower(guest.heard.read)) for guest in desk.guests]

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

    def originals(self, count: int) -> Samples:
        """The next samples of the further microphones, together."""
        sound = np.zeros(count, np.float32)
        for guest, follower in self._guests:
            heard = time.perf_counter() + guest.board.read(Row.MICROPHONE)[1]
            sound += follower.take(count, guest.heard.end, heard * RATE)
        return sound
