"""The outputs process: what meeting programs see and hear, without a gap, whatever the rest does.

Small and boring. It decides nothing that takes time: the newest picture that may be shown, the
voice at its position, or the original, which comes here on a way of its own.
"""

import threading

from app.live.desk import Desk, Names
from app.live.said import SoundOut
from app.live.seen import PictureOut
from core.live import Device

_LOOK = 1.0


class Outputs:
    """Built in a worker process. What goes out does so on threads of its own."""

    def __init__(self, names: Names, camera: str, microphone: str) -> None:
        self._desk = Desk(names)
        self._ended = threading.Event()
        self._parts = (PictureOut(self._desk, camera), SoundOut(self._desk, microphone))
        works = (*(part.run for part in self._parts), self._look)
        self._threads = [threading.Thread(target=work, daemon=True) for work in works]
        for thread in self._threads:
            thread.start()

    def status(self) -> tuple[Device, Device]:
        """The virtual camera and the virtual microphone."""
        picture, sound = self._parts
        return picture.device, sound.device

    def close(self) -> None:
        self._ended.set()
        for part in self._parts:
            part.stop()
        for thread in self._threads:
            thread.join(1.0)
        for part in self._parts:
            part.close()

    def _look(self) -> None:
        """What may take a while: who reads the devices, and opening again what was lost."""
        while not self._ended.wait(_LOOK):
            for part in self._parts:
                part.look()
