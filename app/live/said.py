"""The sound's half of the outputs: unbroken to the end, and the clock of the session."""

import logging
import threading
import time

from app.live.clock import Pace
from app.live.desk import ORIGINALS, Desk, Order, Row
from core.blend import Blend
from core.devices import RATE, DeviceLost
from core.drift import Follower
from core.live import Device
from core.types import Samples
from engines.virtual_microphone.opening import open_virtual_microphone

log = logging.getLogger(__name__)

BLOCK = RATE // 100
_AHEAD = RATE // 5
_HALF_LUMP = 0.005


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
        self._position = self._begin()
        self._own = Follower(desk.heard.read, spare=0.002)

    @property
    def device(self) -> Device:
        microphone = self._open.microphone
        works = microphone.backend != "none" and not self._trouble
        return Device(microphone.name, works, self._trouble or self._open.reason, self._watched)

    def run(self) -> None:
        pace = Pace(self._position / RATE - time.perf_counter())
        while not self._ended.is_set():
            block = self._block()
            self._give(block)
            self._desk.said.write(self._position, block)
            self._position += BLOCK
            microphone = self._open.microphone
            offset = pace.update(self._position / RATE, time.perf_counter())
            self._desk.board.write(Row.CLOCK, offset, microphone.latency, microphone.underruns)

    def look(self) -> None:
        """Who listens; and a microphone, while there is none."""
        microphone = self._open.microphone
        self._watched = microphone.watched
        if microphone.backend != "none" or self._wanted == "off":
            return
        opened = open_virtual_microphone(self._wanted)
        if opened.microphone.backend != "none":
            self._open = opened

    def stop(self) -> None:
        self._ended.set()

    def close(self) -> None:
        self._open.microphone.close()

    def _begin(self) -> int:
        offset = self._desk.board.read(Row.CLOCK)[0]
        position = round((time.perf_counter() + offset) * RATE) if offset else 0
        return position - position % BLOCK

    def _block(self) -> Samples:
        """The next ten milliseconds."""
        voice = self._desk.voice.take(self._position, BLOCK)
        own = self._original()
        order = self._desk.board.read(Row.ORDER)[0]
        kept, duck_db = self._desk.board.read(Row.BALANCE)[:2]
        self._blend.original, self._blend.duck_db = ORIGINALS[int(kept)], duck_db
        ahead = not self._desk.voice.silent(self._position + BLOCK, _AHEAD)
        return self._blend.mix(
            voice,
            own,
            ahead=ahead,
            passthrough=order == Order.ORIGINAL,
            muted=order == Order.MUTED,
        )

    def _original(self) -> Samples:
        """The microphone's next ten milliseconds, as fresh as they can be had without a gap."""
        # Lumps arrive when their last sample was heard: half of one later than on the average.
        heard = time.perf_counter() + self._desk.board.read(Row.MICROPHONE)[1] + _HALF_LUMP
        return self._own.take(BLOCK, self._desk.heard.end, heard * RATE)

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
