"""The outputs process: what meeting programs see and hear, without a gap, whatever the rest does.

Small and boring. It decides nothing that takes time: the newest picture that may be shown, the
voice at its position, or the original, which comes here on a way of its own.
"""

import contextlib
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from types import FrameType

from app.live.desk import Desk, GuestNames, Names, Order, Row
from app.live.lanes import lane
from app.live.said import SoundOut
from app.live.seat import Seat
from app.live.seen import PictureOut
from core.live import Device
from engines.priority import DEVICES, hurry

log = logging.getLogger(__name__)

_LOOK = 1.0
_UNWATCHED, _LONGEST = 20.0, 2 * 3600.0
"""Seconds that the devices stay without a program: after their last reader, and at most."""


class _WayGiven(Exception):
    """The next program takes over."""


class Outputs:
    """Built in a worker process. What goes out does so on threads of its own. `leave` ends the
    process."""

    def __init__(
        self,
        names: Names,
        camera: str,
        microphone: str,
        leave: Callable[[int], object] = os._exit,
    ) -> None:
        hurry(DEVICES)
        self._seat = None if camera == microphone == "off" else Seat()
        self._desk = Desk(names)
        self._ended = threading.Event()
        self._alone = False
        self._leave = leave
        self._parts = (PictureOut(self._desk, camera), SoundOut(self._desk, microphone))
        picture, sound = self._parts
        works = {"picture": picture.run, "sound": sound.run, "look": self._look}
        self._threads = [lane(name, work, self._ended, self._fail) for name, work in works.items()]
        for thread in self._threads:
            thread.start()

    def say(self, why: str) -> None:
        """Why there is no picture, for when there is none."""
        self._parts[0].says = why

    def invite(self, guests: Sequence[GuestNames]) -> None:
        """Further speakers, in place of those from before."""
        self._parts[1].invite(guests)

    def status(self) -> tuple[Device, Device]:
        """The virtual camera and the virtual microphone."""
        picture, sound = self._parts
        return picture.device, sound.device

    def orphaned(self) -> None:
        """The program is gone: the original passes on while anybody sees or hears it."""
        log.warning("The program has ended; the virtual devices give the original.")
        self._alone = True
        self._desk.board.write(Row.ORDER, Order.ORIGINAL)
        signal.signal(signal.SIGTERM, _give_way)
        try:
            with contextlib.suppress(_WayGiven):
                self._pass_on()
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            self.close()

    def close(self) -> None:
        self._ended.set()
        for part in self._parts:
            part.stop()
        for thread in self._threads:
            thread.join(1.0)
        self._put_away()

    def _pass_on(self) -> None:
        begun = last = time.monotonic()
        while (now := time.monotonic()) - last < _UNWATCHED and now - begun < _LONGEST:
            if any(device.works and device.watched is not False for device in self.status()):
                last = now
            time.sleep(_LOOK)

    def _put_away(self) -> None:
        """All of it, whatever one of them raises."""
        with ExitStack() as ending:
            if self._seat is not None:
                ending.callback(self._seat.leave)
            for part in self._parts:
                ending.callback(part.close)

    def _fail(self, code: int) -> None:
        """One of the threads has. The devices stay for the process that the program starts next;
        without a program there is none, and they would be there for good and give nothing."""
        try:
            if self._alone:
                self._put_away()
        finally:
            self._leave(code)

    def _look(self) -> None:
        """What may take a while: who reads the devices, and opening again what was lost."""
        while not self._ended.wait(_LOOK):
            for part in self._parts:
                part.look()


def _give_way(number: int, frame: FrameType | None) -> None:
    raise _WayGiven
