"""One slow question on a thread of its own; the answer comes back on the window's thread."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from core.errors import TranslatedCameraError

log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from core.pipeline import Spawn

T = TypeVar("T")


class _Answer(QObject):
    came = Signal(object)
    failed = Signal(str)


class Work(QObject):
    """Asks in the background for whoever made it. What is answered after that one is gone is
    dropped; what fails becomes a sentence."""

    def __init__(self, spawn: "Spawn", parent: QObject) -> None:
        super().__init__(parent)
        self._spawn = spawn
        self._waiting: set[_Answer] = set()

    def ask(
        self,
        name: str,
        question: Callable[[], T],
        answered: Callable[[T], None],
        failed: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        """`answered` or `failed` is called on the window's thread."""
        answer = _Answer()
        self._waiting.add(answer)
        answer.came.connect(answered, Qt.ConnectionType.QueuedConnection)
        answer.failed.connect(failed, Qt.ConnectionType.QueuedConnection)
        answer.came.connect(self._done, Qt.ConnectionType.QueuedConnection)
        answer.failed.connect(self._done, Qt.ConnectionType.QueuedConnection)
        self._spawn(name, lambda: _run(name, question, answer)).start()

    @property
    def busy(self) -> bool:
        return bool(self._waiting)

    @Slot()
    def _done(self) -> None:
        self._waiting.discard(self.sender())


def _run(name: str, question: Callable[[], T], answer: _Answer) -> None:
    try:
        result = question()
    except TranslatedCameraError as error:
        answer.failed.emit(str(error))
    except Exception as error:
        log.exception("%s failed", name)
        answer.failed.emit(f"{type(error).__name__}: {error}")
    else:
        answer.came.emit(result)
