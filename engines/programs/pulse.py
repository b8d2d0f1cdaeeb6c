"""The sound of other programs on a PulseAudio or PipeWire server, as a microphone hears a room."""

import contextlib
import threading
import time

import pulsectl

from core.devices import RATE, Heard, SoundInfo
from core.errors import DeviceUnavailable
from core.live import Device
from engines.headphones.listing import server_outputs
from engines.programs.ducking import Ducking
from engines.programs.playing import Program, meant, programs
from engines.programs.taps import Taps
from engines.pulse.server import BROKEN, server

_BLOCK = RATE // 50
_DELAY = 0.05
"""Seconds that sound is old when it is given, as measured on both servers."""
_LOOK_S = 0.05
_SEARCH_S = 1.0
"""Programs are looked for when the server tells of a change, and at least so often."""
_RETRY_S = 0.3
_SETTLES_S = 0.15
"""After which a stream that was turned down comes here turned down."""


class ProgramSound:
    """An OthersSound that hears the programs `wanted` (see `meant`), mixed, without a gap: silence
    while nobody plays. A thread of its own, the keeper, follows who plays and turns them down.
    What this program plays is never heard."""

    whole = ""

    def __init__(self, wanted: str = "") -> None:
        self.device = Device()
        self._wanted = wanted
        self._db = 0.0
        self._taps = Taps()
        self._found: list[Program] = []
        self._given = 0
        self._begun = time.perf_counter()
        self._closing = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="programs", daemon=True)
        self._keeper.start()

    def duck(self, db: float) -> None:
        """How much softer they are to be heard by the user, 0 being as they are. What `read` gives
        stays as loud as it was."""
        self._db = db

    def read(self, timeout: float = 1.0) -> Heard | None:
        wait = self._begun + (self._given + _BLOCK) / RATE - time.perf_counter()
        self._closing.wait(max(0.0, min(wait, timeout)))
        if wait > timeout:
            return None
        due = int((time.perf_counter() - self._begun) * RATE) - self._given
        count = min(max(_BLOCK, due), RATE)
        moment = self._begun + self._given / RATE - _DELAY
        self._given += count
        return Heard(self._taps.take(count), moment)

    def close(self) -> None:
        self._closing.set()
        self._keeper.join(5.0)
        self._taps.close()

    # --- the keeper's thread ---------------------------------------------------------------------

    def _keep(self) -> None:
        ducking = Ducking()
        while not self._closing.is_set():
            try:
                with server() as pulse:
                    self._follow(pulse, ducking)
            except DeviceUnavailable as exc:
                self.device = Device("", False, str(exc))
                self._closing.wait(_RETRY_S)

    def _follow(self, pulse: pulsectl.Pulse, ducking: Ducking) -> None:
        events: list[object] = []
        pulse.event_mask_set("sink_input", "sink", "server")
        pulse.event_callback_set(events.append)
        searched = float("-inf")
        try:
            while not self._closing.is_set():
                now = time.monotonic()
                if events or now - searched > _SEARCH_S:
                    events.clear()
                    searched = now
                    if ducking.owes:
                        ducking.mend(pulse, _all(pulse)[0])
                    self._search(pulse)
                self._duck(pulse, ducking, self._db)
                pulse.event_listen(_LOOK_S)
        finally:
            with contextlib.suppress(*BROKEN):
                self._duck(pulse, ducking, 0.0)

    def _search(self, pulse: pulsectl.Pulse) -> None:
        self._found = self._programs(pulse)
        self._taps.follow(self._found)
        names = ", ".join(dict.fromkeys(one.name for one in self._found))
        self.device = Device(names, True, "" if names else self._nobody())

    def _duck(self, pulse: pulsectl.Pulse, ducking: Ducking, db: float) -> None:
        """What comes here is never louder than it was played: amplified late, and no more at once
        when it is to be louder again."""
        if db < 0:
            ducking.down(pulse, self._found, db)
            if time.monotonic() - ducking.since > _SETTLES_S:
                self._taps.amplify(10 ** (-ducking.db / 20))
        elif ducking.db < 0:
            self._taps.amplify(1.0)
            ducking.up(pulse, _all(pulse)[0])

    def _nobody(self) -> str:
        if self._wanted:
            return f"{self._wanted} plays nothing; it is heard as soon as it does."
        return "No program plays anything; it is heard as soon as one does."

    def _programs(self, pulse: pulsectl.Pulse) -> list[Program]:
        found, outputs = _all(pulse)
        return meant(self._wanted, found, outputs)


def _all(pulse: pulsectl.Pulse) -> tuple[list[Program], list[SoundInfo]]:
    """Who plays, and into what. One that was turned down may be meant no more: it was moved."""
    outputs = server_outputs(pulse)
    return programs(pulse, outputs), outputs
