"""The thread that alone speaks with the device processes, once they run."""

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue

from core.errors import TranslatedCameraError
from core.events import Event, Notice

log = logging.getLogger(__name__)

_LOOK = 0.5
"""Seconds between two looks at the processes of the devices."""


class Upkeep:
    """`run` on that thread, until it has `ended`: what was wanted of the devices since, and a
    `look` at them. Whatever fails costs nothing but itself."""

    def __init__(
        self, look: Callable[[], None], tell: Callable[[Event], None], ended: threading.Event
    ) -> None:
        self._look, self._tell, self._ended = look, tell, ended
        self._wanted: SimpleQueue[Callable[[], object]] = SimpleQueue()
        self._failing = ""

    def want(self, job: Callable[[], object]) -> None:
        """Before the next look. Any thread."""
        self._wanted.put(job)

    def run(self) -> None:
        while not self._ended.wait(_LOOK):
            for _ in range(self._wanted.qsize()):
                self.do(self._wanted.get())
            self._failing = self._looked()

    def do(self, job: Callable[[], object]) -> None:
        """Now, on the calling thread. The user is told why it could not be done."""
        try:
            job()
        except TranslatedCameraError as error:
            log.warning("%s", error)
            self._tell(Notice(str(error)))
        except Exception:
            log.exception("What was wanted of the devices failed")

    def _looked(self) -> str:
        """What failed; it is logged once, for as long as it does."""
        try:
            self._look()
        except Exception as error:
            failed = f"{type(error).__name__}: {error}"
            if failed != self._failing:
                log.exception("The devices could not be looked after")
            return failed
        return ""
