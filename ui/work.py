"""One slow question on a thread of its own; the answer comes back on the window's thread."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from core.errors import TranslatedCameraError
from ui.sentences import translated

log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from core.pipeline import Spawn

T = TypeVar("T")


@dataclass(frozen=True)
class _Outcome:
    """The answer to the question of that number, or the sentence that says why there is none."""

    number: int
    value: Any = None
    sentence: str | None = None


@dataclass(frozen=True)
class _Question:
    """Who waits, and what is to be called."""

    asker: QObject
    answered: Callable[[Any], None]
    failed: Callable[[str], None]

    def tell(self, method: Callable[[Any], None], what: Any) -> None:
        taker = getattr(method, "__self__", None)
        if all(isValid(one) for one in (self.asker, taker) if isinstance(one, QObject)):
            method(what)


class _Post(QObject):
    """Lives as long as anybody may still send."""

    came = Signal(object)


class Work(QObject):
    """Asks in the background. What is answered after its parent is gone, or the one who asked, or
    the one whose method takes the answer, is dropped; what fails becomes a sentence in the window's
    language."""

    def __init__(self, spawn: "Spawn", parent: QObject) -> None:
        super().__init__(parent)
        self._spawn = spawn
        self._numbers = count()
        self._waiting: dict[int, _Question] = {}
        self._post = _Post()
        self._post.came.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def ask(
        self,
        asker: QObject,
        name: str,
        question: Callable[[], T],
        answered: Callable[[T], None],
        failed: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        """`answered` or `failed` is called on the window's thread, if `asker` is still there."""
        number, post = next(self._numbers), self._post
        self._waiting[number] = _Question(asker, answered, failed)
        self._spawn(name, lambda: post.came.emit(_asked(number, name, question))).start()

    @property
    def busy(self) -> bool:
        return bool(self._waiting)

    @Slot(object)
    def _take(self, outcome: _Outcome) -> None:
        if not isValid(self):
            return
        question = self._waiting.pop(outcome.number)
        if outcome.sentence is None:
            question.tell(question.answered, outcome.value)
        else:
            question.tell(question.failed, translated(outcome.sentence))


def _asked(number: int, name: str, question: Callable[[], Any]) -> _Outcome:
    try:
        return _Outcome(number, question())
    except TranslatedCameraError as error:
        return _Outcome(number, sentence=str(error))
    except Exception as error:
        log.exception("%s failed", name)
        return _Outcome(number, sentence=f"{type(error).__name__}: {error}")
