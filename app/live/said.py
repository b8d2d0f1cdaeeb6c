"""The sound's half of the outputs: unbroken to the end, and the clock of the session."""

import logging
import threading
import time
from collections import deque
from collections.abc import Sequence

import numpy as np

from app.live.choir import Choir
from app.live.clock import Pace
from app.live.desk import ORIGINALS, Desk, GuestNames, Order, Row
from core.blend import SWITCH, Blend
from core.devices import RATE, DeviceLost
from core.drift import Follower
from core.live import Device
from core.types import Samples
from engines.virtual_microphone.opening import open_virtual_microphone

log = logging.getLogger(__name__)

BLOCK = RATE // 200
_AHEAD = RATE // 5
_HALF_LUMP = 0.005
_KEPT = 20
"""Blocks of the original that are kept for as long as they may not be heard yet."""
_AT_EASE, _HURRIED = RATE // 50, 5.0
"""Samples at a time while nobody hears them, from so many seconds after the last listener on: each
time costs both this process and the sound server more than what it carries."""
_GOING = 0.002
"""Seconds in which what is about to be heard cannot be taken back any more."""


class SoundOut:
    """`run` on one thread, `look` on another. The position goes on where an earlier process was
    killed."""

    def __init__(self, desk: Desk, wanted: str) -> None:
        self._desk, self._wanted = desk, wanted
        self._open = open_virtual_microphone(wanted)
        self._trouble = ""
        self._watched = self._open.microphone.watched
        self._ended = threading.Event()
        self._blend = Blend()
        self._unsaid = desk.board.read(Row.CLOCK)[4]
        self._position = self._begin()
        self._own = Follower(desk.heard.read, spare=0.002)
        self._choir = Choir(desk)
        self._owns: deque[Samples] = deque(maxlen=_KEPT)
        self._order = float(Order.ORIGINAL)
        self._heard_at = time.monotonic()

    @property
    def device(self) -> Device:
        microphone = self._open.microphone
        works = microphone.backend != "none" and not self._trouble
        return Device(microphone.name, works, self._trouble or self._open.reason, self._watched)

    def run(self) -> None:
        pace = Pace(self._position / RATE - time.perf_counter())
        while not self._ended.is_set():
            self._choir.seat()
            self._obey()
            block = self._block(self._count())
            self._give(block)
            self._desk.said.write(self._position, block)
            self._position += len(block)
            self._tell(pace.update(self._position / RATE, time.perf_counter()))

    def look(self) -> None:
        """Who listens; a microphone, while there is none; what guests have left behind."""
        self._choir.put_away()
        microphone = self._open.microphone
        self._watched = microphone.watched
        if microphone.backend != "none" or self._wanted == "off":
            return
        opened = open_virtual_microphone(self._wanted)
        if opened.microphone.backend != "none":
            self._open = opened

    def invite(self, guests: Sequence[GuestNames]) -> None:
        """Other further speakers, from the next block on. Any thread."""
        self._choir.invite(guests)

    def stop(self) -> None:
        self._ended.set()

    def close(self) -> None:
        self._open.microphone.close()

    def _tell(self, offset: float) -> None:
        device = self._open.microphone.latency, self._open.microphone.underruns
        self._desk.board.write(Row.CLOCK, offset, *device, self._position, self._unsaid)

    def _begin(self) -> int:
        """Where now is; from the end of what an earlier process has said, nothing was."""
        offset, _, _, end, _ = self._desk.board.read(Row.CLOCK)
        if not offset:
            return 0
        position = round((time.perf_counter() + offset) * RATE)
        position -= position % BLOCK
        if (gap := position - round(end)) > 0:
            self._unsaid += gap / RATE
            first = max(round(end), position - self._desk.said.capacity)
            self._desk.said.write(first, np.zeros(position - first, np.float32))
        return position

    def _obey(self) -> None:
        """The panic key takes back what was played and is not heard yet, too."""
        before, self._order = self._order, self._desk.board.read(Row.ORDER)[0]
        if self._order == before or self._order == Order.TRANSLATED or not self._owns:
            return
        own, muted = np.concatenate(self._owns), self._order == Order.MUTED
        count = min(len(own), round((self._open.microphone.latency - _GOING) * RATE))
        if count < SWITCH * RATE:
            return
        first = self._position - count
        said = self._desk.said.read(first, count)
        sound = self._blend.instead(said, own[-count:], muted=muted)
        if self._open.microphone.replace(sound):
            self._desk.said.write(first, sound)
            self._blend.settle(muted=muted)

    def _count(self) -> int:
        """How much is to be made at a time."""
        now, microphone = time.monotonic(), self._open.microphone
        if microphone.watched is not False or self._desk.board.read(Row.WISHES)[1]:
            self._heard_at = now
        microphone.at_ease = now - self._heard_at > _HURRIED
        return _AT_EASE if microphone.at_ease else BLOCK

    def _block(self, count: int) -> Samples:
        """The next samples."""
        choir = self._choir
        voice = choir.voices(self._position, count)
        own = choir.originals(self._original(count))
        self._owns.append(own)
        kept, duck_db = self._desk.board.read(Row.BALANCE)[:2]
        self._blend.original, self._blend.duck_db = ORIGINALS[int(kept)], duck_db
        ahead = not choir.silent(self._position + count, _AHEAD)
        return self._blend.mix(
            voice,
            own,
            ahead=ahead,
            passthrough=self._order == Order.ORIGINAL,
            muted=self._order == Order.MUTED,
        )

    def _original(self, count: int) -> Samples:
        """The microphone's next samples, as fresh as they can be had without a gap."""
        # Lumps arrive when their last sample was heard: half of one later than on the average.
        heard = time.perf_counter() + self._desk.board.read(Row.MICROPHONE)[1] + _HALF_LUMP
        return self._own.take(count, self._desk.heard.end, heard * RATE)

    def _give(self, block: Samples) -> None:
        """A microphone that is lost keeps the pace, and works again as soon as it can."""
        try:
            self._open.microphone.play(block)
        except DeviceLost as error:
            if not self._trouble:
                log.warning("%s", error)
            self._trouble = str(error)
        else:
            self._trouble = ""
