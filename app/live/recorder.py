"""A recording of what the meeting sees and hears, while it does."""

import logging
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.live.clock import SessionClock
from app.live.desk import Desk, Row
from core.devices import FPS, RATE, SIZE, Image
from core.errors import TranslatedCameraError
from core.types import Frame, Samples
from engines.media.writer import MediaWriter, PictureFormat
from engines.virtual_camera.slate import slate

log = logging.getLogger(__name__)

_STEP = 0.02
_BEHIND = 3.0
"""Seconds that the encoder may be behind; then pictures are left out."""


@dataclass(frozen=True)
class Holes:
    """What a recording lacks: pictures that could not be written in time, during which the one
    before stands still, and seconds without sound."""

    pictures: int = 0
    sound: float = 0.0

    def __bool__(self) -> bool:
        return bool(self.pictures) or self.sound >= 0.001

    def __str__(self) -> str:
        """For a person; empty when nothing is missing."""
        lacks = []
        if self.pictures:
            lacks.append(f"{self.pictures} pictures ({self.pictures / FPS:.1f} s stand still)")
        if self.sound >= 0.001:
            lacks.append(f"{self.sound:.1f} s of sound")
        why = "this machine was too busy"
        return f"The recording lacks {' and '.join(lacks)}: {why}." if lacks else ""


class Recorder:
    """Runs on a thread of its own from `run` to `stop`. CannotWrite from the constructor; a disk
    that fails later ends the recording, what it was stands in `trouble`. Until it is finished it
    is called `NAME.partial.EXT`, and that stays if the program is killed."""

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
        self._writer = MediaWriter(
            path, None, form, language=language, overwrite=overwrite, lasting=True
        )
        self.start = clock.heard()
        """On the session clock: what is seen and heard then is at 0 in the recording."""
        self._frames = 0
        self._next = round(self.start * RATE)
        self._left_out = 0
        self._lost = 0
        self._unsaid = desk.board.read(Row.CLOCK)[4]

    @property
    def holes(self) -> Holes:
        unsaid = self._desk.board.read(Row.CLOCK)[4] - self._unsaid
        return Holes(self._left_out, unsaid + self._lost / RATE)

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

    def _record(self, until: float) -> None:
        """The picture that is seen now, for as many frames as are due; the sound up to now."""
        missed = int((until - _BEHIND) * FPS) - self._frames
        if missed > 0:
            self._frames += missed
            self._left_out += missed
        if self._frames / FPS <= until:
            held = self._desk.sent.get()
            image = held[1].image if held else slate("The recording begins")
            self._write(image, until)
        self._write_sound(round((self.start + until) * RATE))

    def _write(self, image: Image, until: float) -> None:
        while self._frames / FPS <= until:
            self._writer.write_frame(Frame(image, self._frames / FPS, self._frames))
            self._frames += 1

    def _write_sound(self, until: int) -> None:
        """Up to this position, as far as it was said already; silence for what was overwritten
        before it could be read."""
        said, end = self._desk.said, round(self._desk.board.read(Row.CLOCK)[3])
        until = min(until, end)
        lost = min(until, end - said.capacity + RATE) - self._next
        if lost > 0:
            self._lost += lost
            self._append(np.zeros(lost, np.float32))
        if until > self._next:
            self._append(said.read(self._next, until - self._next))

    def _append(self, sound: Samples) -> None:
        self._writer.write_sound(np.repeat(sound[:, None], 2, axis=1))
        self._next += len(sound)
