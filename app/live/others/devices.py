"""The devices process of the way back: the others' sound in, its translation into the headphones.

It outlives a hanging program by no more than turning the others up again.
"""

import threading
import time
from dataclasses import replace

import numpy as np

from app.live.clock import Pace, SessionClock
from app.live.desk import ORIGINALS, Row
from app.live.hearing import silence
from app.live.lanes import lane
from app.live.others.desk import OthersDesk, OthersNames
from app.live.others.player import Player
from core.devices import RATE
from core.live import Device
from core.types import Samples
from engines.headphones.followed import FollowedOutput
from engines.priority import DEVICES, hurry
from engines.programs.opening import open_others

_SILENT_AFTER = 0.25
"""Seconds without sound after which silence takes its place, so that time goes on."""
_BEHIND = 0.1
ROUND = (
    "All that {0} plays is heard as the others' sound, so the translation is only shown; choose "
    "another output for it."
)
_HOLD = 0.4
"""Seconds after a voice before the others are turned up again."""


class OthersDevices:
    """Built in a worker process. `source` and `output` are what the user chose, `hearing` the
    microphone that the meeting hears; `epoch` as in `Inputs`."""

    def __init__(
        self, names: OthersNames, source: str, output: str, hearing: str, epoch: float
    ) -> None:
        hurry(DEVICES)
        self._desk = OthersDesk.found(names)
        self._ended = threading.Event()
        self._sound = open_others(source, epoch)
        self._output = FollowedOutput(output, hearing=hearing)
        self._player = Player(self._desk, SessionClock(self._desk.clock), self._say)
        works = {"hear": self._hear, "play": self._play}
        self._lanes = [lane(name, work, self._ended) for name, work in works.items()]
        for one in self._lanes:
            one.start()

    def status(self) -> tuple[Device, Device]:
        output = self._output.device
        if self._round:
            output = replace(output, works=False, says=ROUND.format(output.name))
        return self._sound.device, output

    def choose(self, output: str, hearing: str) -> None:
        """Another output, or another microphone, from here on."""
        self._output.choose(output, hearing)

    def orphaned(self) -> None:
        self.close()

    def close(self) -> None:
        self._ended.set()
        self._sound.duck(0.0)  # first: whoever closes this process waits no longer than a second
        for one in self._lanes:
            one.join(2.0)
        self._sound.close()
        self._output.close()

    @property
    def _round(self) -> bool:
        """Whether what is played would be heard as the others' sound."""
        whole, output = self._sound.whole, self._output.device.name
        return bool(whole) and (whole.startswith(output) or output.startswith(whole))

    def _say(self, block: Samples) -> None:
        self._output.play(np.zeros_like(block) if self._round else block)

    def _hear(self) -> None:
        heard_so_far = self._desk.heard
        pace = Pace(heard_so_far.end / RATE - time.perf_counter())
        while not self._ended.is_set():
            heard = self._sound.read(0.1)
            now = time.perf_counter()
            if heard is not None and len(heard.samples):
                end = heard_so_far.append(heard.samples) / RATE
                pace.update(end, heard.moment + len(heard.samples) / RATE)
            elif (missing := now + pace.offset - heard_so_far.end / RATE) > _SILENT_AFTER:
                heard_so_far.append(silence(missing - _BEHIND))
            self._desk.board.write(Row.MICROPHONE, pace.offset, pace.offset)

    def _play(self) -> None:
        last_heard = float("-inf")
        while not self._ended.is_set():
            now = time.monotonic()
            last_heard = now if self._player.step() else last_heard
            original, duck_db = self._desk.board.read(Row.BALANCE)[:2]
            ducked = ORIGINALS[int(original)] == "duck" and now - last_heard < _HOLD
            self._sound.duck(duck_db if ducked and not self._ended.is_set() else 0.0)
