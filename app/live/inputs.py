"""The inputs process: camera and microphone into shared memory, whatever comes and goes.

Nothing else runs here, so the original never waits for the translation.
"""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from app.live.desk import Desk, Names, Row
from app.live.hearing import hear
from app.live.lanes import lane
from core.devices import FPS, SIZE, Image
from core.following import Known
from core.live import Device
from engines.priority import DEVICES, hurry

log = logging.getLogger(__name__)

_NOTHING = Known()


class Inputs:
    """Built in a worker process. `camera` and `microphone` are what the user chose; `epoch` is
    the moment at which sources that are no devices (a file, the demo) begin. Microphones that are
    `spared` are somebody else's, and not heard in place of the user's. `known` is what a process
    before this one knew of camera and microphone."""

    def __init__(
        self,
        names: Names,
        camera: str,
        microphone: str,
        epoch: float,
        spared: Sequence[str] = (),
        known: tuple[Known, Known] = (_NOTHING, _NOTHING),
    ) -> None:
        from engines.camera.followed import FollowedCamera
        from engines.microphone.followed import FollowedMicrophone

        hurry(DEVICES)
        self._desk = Desk(replace(names, guests=()))  # theirs are heard by another process
        self._ended = threading.Event()
        self._camera = FollowedCamera(camera, epoch=epoch, known=known[0])
        self._microphone = FollowedMicrophone(
            microphone, epoch=epoch, spared=spared, known=known[1]
        )
        works = {"watch": self._watch, "hear": self._hear}
        self._lanes = [lane(name, work, self._ended) for name, work in works.items()]
        for one in self._lanes:
            one.start()

    def status(self) -> tuple[Device, Device]:
        return self._camera.device, self._microphone.device

    def known(self) -> tuple[Known, Known]:
        """For the process after this one."""
        return self._camera.known, self._microphone.known

    def choose(self, camera: str, microphone: str) -> None:
        """Other devices from here on."""
        self._camera.choose(camera)
        self._microphone.choose(microphone)

    def spare(self, microphones: Sequence[str]) -> None:
        """These are somebody else's from here on."""
        self._microphone.spare(microphones)

    def orphaned(self) -> None:
        """The program is gone: for as long as the outputs go on, they need the original."""
        self._desk.until_nothing_is_sent()
        self.close()

    def close(self) -> None:
        self._ended.set()
        for one in self._lanes:
            one.join(1.0)
        self._camera.close()
        self._microphone.close()

    def _watch(self) -> None:
        number = 0
        while not self._ended.is_set():
            shot = self._camera.read(0.2)
            if shot is not None:
                number += 1
                self._desk.taken.put(fitted(shot.image), shot.moment, number)
            self._desk.board.write(Row.TAKEN, time.thread_time())
            pace = self._desk.board.read(Row.WISHES)[0]
            if 0 < pace < FPS:
                self._ended.wait(1 / pace)

    def _hear(self) -> None:
        hear(self._microphone, self._desk, self._ended)


def fitted(image: Image) -> Image:
    """The picture at the size of the virtual camera: scaled, with bars where it has another
    form."""
    height, width = image.shape[:2]
    if (width, height) == SIZE:
        return image
    scale = min(SIZE[0] / width, SIZE[1] / height)
    inner = max(1, round(width * scale)), max(1, round(height * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    left, top = (SIZE[0] - inner[0]) // 2, (SIZE[1] - inner[1]) // 2
    whole = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    whole[top : top + inner[1], left : left + inner[0]] = cv2.resize(
        image, inner, interpolation=how
    )
    return whole
