"""What was said and how it was translated, in the order in which it was said."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.events import (
    Event,
    Fate,
    Guessing,
    Hearing,
    Recognised,
    Settled,
    State,
    StateChanged,
    Translated,
)
from core.types import Transcript
from ui.model import LiveModel

if TYPE_CHECKING:
    from core.captions import Caption


@dataclass(frozen=True)
class Line:
    """One segment as far as it has come; `start` and `end` in seconds since the first start."""

    source: str = ""
    guess: str = ""
    """What may follow the source, and may still change."""
    translation: str = ""
    own: bool = False
    """It was said in the others' language; the speaker's own voice is passed on."""
    source_language: str = ""
    target_language: str = ""
    start: float | None = None
    end: float | None = None
    growing: bool = True
    fate: Fate | None = None
    reason: str = ""

    @property
    def text(self) -> bool:
        return bool(self.source or self.guess or self.translation)


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
                self._grow(number, source=text)
            case Guessing(number, text):
                self._grow(number, guess=text)
            case Recognised(transcript):
                self._understood(transcript)
            case Translated(translation):
                self._understood(translation.transcript)
                self._put(
                    translation.segment.number, translation=translation.text, own=translation.own
                )
            case Settled(number, fate, reason):
                self._put(number, growing=False, guess="", fate=fate, reason=reason)
            case _:
                return
        self.changed.emit()

    def _next_take(self) -> None:
        self._take += 1
        self._offset = max((line.end or 0.0 for line in self._lines.values()), default=0.0)

    def _grow(self, number: int, **values: str) -> None:
        """What is understood in the end is not overwritten by what was heard before."""
        line = self._lines.get((self._take, number))
        if line is None or line.growing:
            self._put(number, **values)

    def _understood(self, transcript: Transcript) -> None:
        """Drafts of a segment that still grows come this way as well."""
        segment = transcript.segment
        self._put(
            segment.number,
            start=segment.start + self._offset,
            end=segment.end + self._offset,
            growing=not segment.final,
            source=transcript.text,
            source_language=transcript.language,
            guess="",
        )

    def _put(self, number: int, **values: object) -> None:
        key = self._take, number
        languages = self._model.config.languages
        line = self._lines.get(
            key, Line(source_language=languages.source, target_language=languages.target)
        )
        if line.fate is not None:
            return
        self._lines[key] = replace(line, **values)  # type: ignore[arg-type] # names of its fields
