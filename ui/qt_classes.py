"""Python's classes for Qt, all made at once on the window's thread.

PySide makes each of them when it is first asked for, and two threads that ask at the same moment
end the program. Whoever loads, on another thread, what asks for them waits for these first.
"""

import time
from collections.abc import Callable

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import QObject, QTimer, Slot

_SLICE = 0.004
"""Seconds in one go: the window goes on meanwhile."""
_BETWEEN_MS = 4


class QtClasses(QObject):
    """`made` is called, on the window's thread, when all are there."""

    def __init__(self, made: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._made = made
        modules = QtCore, QtGui, QtWidgets
        self._names = iter([(module, name) for module in modules for name in dir(module)])
        self._timer = QTimer(self, interval=_BETWEEN_MS)
        self._timer.timeout.connect(self._make)
        self._timer.start()

    @Slot()
    def _make(self) -> None:
        end = time.perf_counter() + _SLICE
        for module, name in self._names:
            getattr(module, name)
            if time.perf_counter() > end:
                return
        self._timer.stop()
        self._made()
