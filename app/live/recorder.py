"""A recording of what the meeting sees and hears, while it does."""

import logging
import threading
from pathlib import Path

import numpy as np

from app.live.clock import SessionClock
from app.live.desk import Desk
from core.devices import FPS, RATE, SIZE, Image
from core.errors import TranslatedCameraError
from core.types import Frame
from engines.media.writer import MediaWriter, PictureFormat
from engines.virtual_camera.slate import slate

log = logging.getLogger(__name__)

_STEP = 0.02
_BEHIND = 3.0
"""Seconds that the encoder may be behind; then pictures are left out."""


class Recorder:
    """Runs on a thread of its own from `run` to `stop`. CannotWrite from the constructor; a disk
    that fails later ends the recording, what it was stands in `trouble`."""

    def __init__(
        self,
        path: Path,
        desk: Desk,
        clock: SessionClock,
        *,
        language: str,
        overwrite: bool = False,
    ) -> None:
        self.trouble = ""
        self._desk, self._clock = desk, clock
        self._ended = threading.Event()
        form = PictureFormat(*SIZE, FPS)
        self._writer = MediaWriter(path, None, form, language=language, overwrite=overwrite)
        self.start = clock.heard()
        self._frames = 0
        self._samples = 0

    def run(self) -> None:
        try:
            while not self._ended.wait(_STEP):
                self._record(self._clock.heard() - self.start)
            self._writer.finish()
        except TranslatedCameraError as error:
            self.trouble = str(error)
            log.error("The recording has ended: %s", error)
            self._writer.abandon(keep=True)

    def stop(self) -> None:
        self._ended.set()

    def _write(self, image: Image, until: float) -> None:
        while self._frames / FPS <= until:
            self._writer.write_frame(Frame(image, self._frames / FPS, self._frames))
            self._frames += 1

    def _record(self, until: float) -> None:
        """The picture that is seen now, for as many frames as are due; the sound up to now."""
        self._frames = max(self._frames, int((until - _BEHIND) * FPS))
        if self._frames / FPS <= until:
            held = self._desk.sent.get()
            image = held[1].image if held else slate("The recording begins")
            self._write(image, until)
        first = round(self.start * RATE) + self._samples
        count = round(until * RATE) - self._samples
        if count > 0:
            sound = self._desk.said.read(first, min(count, self._desk.said.capacity))
            self._writer.write_sound(np.repeat(sound[:, None], 2, axis=1))
            self._samples += len(sound)
