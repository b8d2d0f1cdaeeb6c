"""What was said and how it was translated, in the order in which it was said."""

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal

from core.events import (
    OTHERS,
    Event,
    Fate,
    Guessing,
    Hearing,
    Recognised,
    Settled,
    SpeakerEvent,
    State,
    StateChanged,
    Translated,
)
from core.guests import guests
from core.types import Transcript
from ui.model import LiveModel

if TYPE_CHECKING:
    from core.captions import Caption


def others_title() -> str:
    """What the others are called in the window's language."""
    return QCoreApplication.translate("Conversation", "Others")


@dataclass(frozen=True)
class Line:
    """One segment as far as it has come; `start` and `end` in seconds since the first start.
    `speaker` is empty where it was the user."""

    speaker: str = ""
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
    def theirs(self) -> bool:
        """It was said by the others, and translated for the user."""
        return self.speaker == OTHERS

    @property
    def who(self) -> str:
        """The speaker in the window's language, where that is not a name."""
        return others_title() if self.theirs else self.speaker

    @property
    def text(self) -> bool:
        return bool(self.source or self.guess or self.translation)


class Conversation(QObject):
    """Lives through stops and starts, each of which numbers its segments anew."""

    changed = Signal()

    def __init__(self, model: LiveModel) -> None:
        super().__init__(model)
        self._model = model
        self._lines: dict[tuple[str, int, int], Line] = {}
        self._takes: dict[str, int] = {}
        self._offset = 0.0
        model.told.connect(self.take)

    @property
    def lines(self) -> list[Line]:
        """Those that hold words, oldest first."""
        found = [line for line in self._lines.values() if line.text]
        return sorted(found, key=lambda line: inf if line.start is None else line.start)

    def captions(self) -> "list[Caption]":
        """What is exported: finished segments with their times."""
        from core.captions import Caption

        found = [line for line in self.lines if line.start is not None]
        user = self.tr("You") if any(line.speaker for line in found) else ""
        return [
            Caption(
                line.start or 0.0,
                line.end or 0.0,
                line.source,
                line.translation,
                number,
                line.who or user,
            )
            for number, line in enumerate(found)
        ]

    def clear(self) -> None:
        self._lines.clear()
        self.changed.emit()

    def take(self, event: Event) -> None:
        if isinstance(event, SpeakerEvent):
            told = self._told(event.event, event.speaker)
        else:
            told = self._told(event, "")
        if told:
            self.changed.emit()

    def _told(self, event: Event, speaker: str) -> bool:
        """Whether that changes a line."""
        match event:
            case StateChanged(State.STARTING):
                self._next_take(speaker)
            case Hearing(number, text):
                self._grow(speaker, number, source=text)
            case Guessing(number, text):
                self._grow(speaker, number, guess=text)
            case Recognised(transcript):
                self._understood(speaker, transcript)
            case Translated(translation):
                self._understood(speaker, translation.transcript)
                about = {"translation": translation.text, "own": translation.own}
                self._put(speaker, translation.segment.number, **about)
            case Settled(number, fate, reason):
                self._put(speaker, number, growing=False, guess="", fate=fate, reason=reason)
            case _:
                return False
        return True

    def _next_take(self, speaker: str) -> None:
        """Whoever begins counts from the beginning; when the user does, so does everybody."""
        for one in {speaker, *(self._takes if not speaker else ())}:
            self._takes[one] = self._takes.get(one, 0) + 1
        if not speaker:
            self._offset = max((line.end or 0.0 for line in self._lines.values()), default=0.0)

    def _key(self, speaker: str, number: int) -> tuple[str, int, int]:
        return speaker, self._takes.setdefault(speaker, 0), number

    def _grow(self, speaker: str, number: int, **values: str) -> None:
        """What is understood in the end is not overwritten by what was heard before."""
        line = self._lines.get(self._key(speaker, number))
        if line is None or line.growing:
            self._put(speaker, number, **values)

    def _understood(self, speaker: str, transcript: Transcript) -> None:
        """Drafts of a segment that still grows come this way as well."""
        segment = transcript.segment
        self._put(
            speaker,
            segment.number,
            start=segment.start + self._offset,
            end=segment.end + self._offset,
            growing=not segment.final,
            source=transcript.text,
            source_language=transcript.language,
            guess="",
        )

    def _put(self, speaker: str, number: int, **values: object) -> None:
        key = self._key(speaker, number)
        line = self._lines.get(key) or self._begun(speaker)
        if line.fate is not None:
            return
        self._lines[key] = replace(line, **values)  # type: ignore[arg-type] # names of its fields

    def _begun(self, speaker: str) -> Line:
        config = self._model.config
        for one in guests(config.guests.speakers):
            if one.name == speaker:
                config = one.config(config)
        own, target = config.languages.source, config.languages.target
        if speaker == OTHERS:
            own, target = config.others.speak or target, config.others.language or own
        return Line(speaker, source_language=own, target_language=target)
