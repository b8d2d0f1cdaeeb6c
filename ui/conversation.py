"""What was said and how it was translated, in the order in which it was said."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.events import (
    Event,
    Fate,
    Hearing,
    Recognised,
    Settled,
    State,
    StateChanged,
    Translated,
)
from core.types import Segment
from ui.model import LiveModel

if TYPE_CHECKING:
    from core.captions import Caption


@dataclass(frozen=True)
class Line:
    """One segment as far as it has come; `start` and `end` in seconds since the first start."""

    source: str = ""
    translation: str = ""
    source_language: str = ""
    target_language: str = ""
    start: float | None = None
    end: float | None = None
    growing: bool = True
    fate: Fate | None = None
    reason: str = ""

    @property
    def text(self) -> bool:
        return bool(self.source or self.translation)


class Conversation(QObject):
    """Lives through stops and starts, each of which numbers its segments anew."""

    changed = Signal()

    def __init__(self, model: LiveModel) -> None:
        super().__init__(model)
        self._model = model
        self._lines: dict[tuple[int, int], Line] = {}
        self._take = 0
        self._offset = 0.0
        model.told.connect(self.take)

    @property
    def lines(self) -> list[Line]:
        """Those that hold words, oldest first."""
        return [line for _, line in sorted(self._lines.items()) if line.text]

    def captions(self) -> "list[Caption]":
        """What is exported: finished segments with their times."""
        from core.captions import Caption

        found = [line for line in self.lines if line.start is not None]
        return [
            Caption(line.start or 0.0, line.end or 0.0, line.source, line.translation, number)
            for number, line in enumerate(found)
        ]

    def clear(self) -> None:
        self._lines.clear()
        self.changed.emit()

    def take(self, event: Event) -> None:
        match event:
            case StateChanged(State.STARTING):
                self._next_take()
            case Hearing(number, text):
                self._put(number, source=text)
            case Recognised(transcript):
                self._timed(transcript.segment, source=transcript.text)
            case Translated(translation):
                self._timed(
                    translation.segment,
                    source=translation.transcript.text,
                    translation=translation.text,
                )
            case Settled(number, fate, reason):
                self._put(number, growing=False, fate=fate, reason=reason)
            case _:
                return
        self.changed.emit()

    def _next_take(self) -> None:
        self._take += 1
        self._offset = max((line.end or 0.0 for line in self._lines.values()), default=0.0)

    def _timed(self, segment: Segment, **values: str) -> None:
        """Drafts of a segment that still grows come this way as well."""
        start, end = segment.start + self._offset, segment.end + self._offset
        self._put(segment.number, start=start, end=end, growing=not segment.final, **values)

    def _put(self, number: int, **values: object) -> None:
        key = self._take, number
        languages = self._model.config.languages
        line = self._lines.get(
            key, Line(source_language=languages.source, target_language=languages.target)
        )
        if line.fate is not None:
            return
        self._lines[key] = replace(line, **values)  # type: ignore[arg-type] # names of its fields
