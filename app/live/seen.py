"""The picture's half of the outputs: thirty a second, or as many as are drawn, whatever there is to
be seen."""

import logging
import threading
import time

from app.live.beat import Beat
from app.live.choice import Chooser, Kind
from app.live.desk import Desk, Order, Row
from core.devices import DeviceLost, Image
from core.errors import DeviceUnavailable
from core.live import Device
from engines.virtual_camera.opening import NoCamera, Opened, open_virtual_camera
from engines.virtual_camera.slate import slate

log = logging.getLogger(__name__)

_UNSEEN = 6
"""Of so many pictures one is sent to a virtual camera that nobody reads: it must stay there."""
_GLANCE = 0.012
"""Seconds between two looks at what is wanted, while somebody sees the picture."""
_NEAR, _WORTH = 0.002, 0.02
"""Seconds between two looks for a picture that is due and still being drawn; and for which it is
waited for. Then the last one goes out once more."""
_AGAIN = 5
"""At each so many looks a camera is looked for, while there is none."""


class PictureOut:
    """`run` on one thread, `look` on another."""

    def __init__(self, desk: Desk, wanted: str) -> None:
        self._desk, self._wanted = desk, wanted
        self._open = open_virtual_camera(wanted)
        self.says = ""
        """What the user should know while there is no picture."""
        self._trouble = ""
        self._looks = 0
        self._watched = self._open.camera.watched
        self._ended = threading.Event()
        self._chooser = Chooser()
        self._order = desk.board.read(Row.ORDER)[0]
        self._last = Kind.SLATE, 0
        self._left_out = False

    @property
    def device(self) -> Device:
        camera = self._open.camera
        works = camera.backend != "none"
        return Device(camera.name, works, self._trouble or self._open.reason, self._watched)

    def run(self) -> None:
        """Paced by the pictures that come: a device's own pace overshoots."""
        beat, count, late = Beat(time.perf_counter()), 0, 0
        while not self._ended.is_set():
            late += beat.next(time.perf_counter())
            self._wait(beat.due)
            beat.early(time.perf_counter())
            count += 1
            if self._seen or count % _UNSEEN == 0:
                kind, wait = self._send(beat, self._drawn_soon(beat))
                self._left_out = False
                sent = count, late, kind, wait, time.thread_time()
                self._desk.board.write(Row.SENT, *sent)
            else:
                self._left_out = True

    def _wait(self, due: float) -> None:
        """Until then, or until the order has changed: the panic key waits for no picture."""
        while (left := due - time.perf_counter()) > 0 and not self._ended.is_set():
            time.sleep(min(left, _GLANCE) if self._seen else left)
            before, self._order = self._order, self._desk.board.read(Row.ORDER)[0]
            if self._order != before:
                return

    def _drawn_soon(self, beat: Beat) -> Kind:
        """What is to go out. A little late, a new one is better than the last once more."""
        kind, end = self._choose(), beat.due + _WORTH
        while self._seen and self._chooser.waits and beat.due < end and not self._ended.is_set():
            time.sleep(_NEAR)
            kind = self._choose()
            beat.held(time.perf_counter())
        return kind

    def _choose(self) -> Kind:
        now, shown, taken = time.perf_counter(), self._desk.shown, self._desk.taken
        wanted = self._desk.board.read(Row.ORDER)[0] == Order.TRANSLATED
        return self._chooser.choose(now, wanted, (shown.version, shown.age(now)), taken.age(now))

    def look(self) -> None:
        """Who reads the camera; and a camera, now and then, while there is none."""
        self._watched = self._open.camera.watched
        self._looks += 1
        if self._open.camera.backend != "none" or self._wanted == "off" or self._looks % _AGAIN:
            return
        try:
            opened = open_virtual_camera(self._wanted)
        except DeviceUnavailable as error:
            self._trouble = str(error)
        else:
            self._open, self._trouble = opened, ""

    def stop(self) -> None:
        self._ended.set()

    def close(self) -> None:
        self._open.camera.close()

    @property
    def _seen(self) -> bool:
        return self._watched is not False or self._mirrored

    @property
    def _mirrored(self) -> bool:
        return self._desk.board.read(Row.WISHES)[1] != 0.0

    def _send(self, beat: Beat, kind: Kind) -> tuple[Kind, float]:
        """What was sent, and how long it had waited here."""
        source = self._desk.shown if kind is Kind.DRAWN else self._desk.taken
        held = source.get() if kind is not Kind.SLATE else None
        if held is not None and (kind, held[0]) != self._last:
            follows = kind is self._last[0] and not self._left_out
            beat.sent(source.came(held[0]), held[0] - self._last[1] - 1 if follows else 0)
            self._last = kind, held[0]
        image = held[1].image if held else slate("No picture from the camera", self.says)
        self._give(image)
        sent = time.perf_counter()
        if self._mirrored:
            self._desk.sent.put(image, sent, held[1].number if held else 0)
        return kind, sent - held[1].pts if held else 0.0

    def _give(self, image: Image) -> None:
        camera = self._open.camera
        try:
            camera.send(image)
        except DeviceLost as error:
            log.warning("%s", error)
            self._trouble = str(error)
            self._open = Opened(NoCamera(), self._trouble)
            camera.close()
