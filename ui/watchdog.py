"""Counts how often and how long the window's thread could not answer."""

import logging
import time

from PySide6.QtCore import QObject, Qt, QTimer

log = logging.getLogger(__name__)

EVERY = 10
"""Milliseconds between two ticks."""
STALL = 0.05
"""Seconds that a person begins to feel."""


class Watchdog(QObject):
    """Ticks on the window's thread; a tick that is late by more than STALL is a stall."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stalls = 0
        self.longest = 0.0
        self.busiest = 0.0
        """The most seconds of work of this thread between two ticks, however busy the machine."""
        self._last, self._worked = time.perf_counter(), time.thread_time()
        self._timer = QTimer(self, interval=EVERY)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)

    def start(self) -> None:
        """Count from zero."""
        self.stalls, self.longest, self.busiest = 0, 0.0, 0.0
        self._last, self._worked = time.perf_counter(), time.thread_time()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def tick(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        self.busiest = max(self.busiest, worked - self._worked)
        self._worked = worked
        late = now - self._last - EVERY / 1000
        self._last = now
        self.longest = max(self.longest, late)
        if late > STALL:
            self.stalls += 1
            log.info("the window stood still for %.0f ms", late * 1000)
