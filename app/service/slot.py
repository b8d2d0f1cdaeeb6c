"""A place at which one job at a time is worked on, in a process that is made ready ahead.

A process that did a job well does the next one too: what it has loaded is more than half of a short
job's work. Nothing else of a job stays in it; whatever went wrong ends it."""

import contextlib
import threading
from concurrent.futures import Future
from typing import Any

from app.service.task import Task
from core.errors import TranslatedCameraError
from core.process import Remote

_JOBS = 20
"""What one process does at most: native code that leaks must not do so for ever."""
_BUSY = 24 * 3600.0
"""Seconds; how long a job may take is the pool's to judge."""


class Slot:
    """`prepare`, `begin` and `done` belong to one thread, `close` and the rest to any. `card` is
    the graphics card of its processes."""

    def __init__(self, card: str = "") -> None:
        self._card = card
        self._remote: Remote | None = None
        self._changing = threading.Lock()
        self._closed = False
        self._jobs = 0

    @property
    def ready(self) -> bool:
        return self._remote is not None

    @property
    def pid(self) -> int:
        remote = self._remote
        return remote.pid if remote else 0

    def prepare(self) -> None:
        """A process that waits for a job; nothing when there is one."""
        if self._remote is not None or self._closed:
            return
        with contextlib.suppress(TranslatedCameraError):
            remote = Remote("app.service.work:Work", {"card": self._card}, timeout=_BUSY, tries=1)
            with self._changing:
                self._remote = remote
            if self._closed:
                self.done()

    def begin(self, task: Task) -> "Future[Any]":
        """WorkerDied, by the future or at once, when the process is gone."""
        self.prepare()
        if self._remote is None:
            raise TranslatedCameraError("No process could be started for it.")
        self._jobs += 1
        return self._remote.submit("run", task)

    def done(self, *, well: bool = False) -> None:
        """The job is over, well or not."""
        if well and self._jobs < _JOBS:
            return
        self._jobs = 0
        with self._changing:
            remote, self._remote = self._remote, None
        if remote is not None:
            remote.close()

    def close(self) -> None:
        self._closed = True
        self.done()
