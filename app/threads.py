"""Hosts lanes on Qt's threads: what `core.pipeline` asks of a host, on a QThread.

Lanes stay plain functions; nothing here has an event loop. Threads may be made and joined from any
thread.
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QThread

if TYPE_CHECKING:  # the window is made before there is a pipeline
    from core.pipeline import Host

_kept: set["LaneThread"] = set()
_keeping = threading.Lock()


class LaneThread(QThread):
    """Runs one lane; behaves as `threading.Thread` does where a pipeline looks."""

    def __init__(self, name: str, target: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName(name)
        self._target = target

    def run(self) -> None:
        threading.current_thread().name = self.objectName()
        self._target()

    def join(self, timeout: float | None = None) -> None:
        """Wait for the end, for so many seconds at most. A thread that never started has ended."""
        if timeout is None:
            self.wait()
        else:
            self.wait(round(timeout * 1000))

    def is_alive(self) -> bool:
        return self.isRunning()


def lane_thread(name: str, target: Callable[[], None]) -> "Host":
    """A thread that is kept until it has ended, whoever lets go of it: Qt ends the program when a
    running QThread is destroyed."""
    thread = LaneThread(name, target)
    with _keeping:
        _kept.difference_update([old for old in _kept if old.isFinished()])
        _kept.add(thread)
    return thread


def running() -> list[str]:
    """The names of the threads that are at work: at the end of the program, those that hang."""
    with _keeping:
        return sorted(thread.objectName() for thread in _kept if thread.isRunning())
