"""Engines whose work is done elsewhere: what the pipeline asks of an engine, asked of a stage that
may be in another process or on another machine.

`ahead` tells what will be asked for soon; whoever works on several items at once begins with it.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from itertools import count
from typing import Any, Protocol

import numpy as np

from core.errors import EngineFailed
from core.ports import Ear, Voice
from core.types import AudioChunk, Segment, Speech, Transcript, Translation

_MOST_AHEAD = 64


class Elsewhere(Protocol):
    """A stage without a memory (core/work.py) in another place."""

    def ahead(self, item: Any) -> None:
        """`process` will be asked for this very object. Does not wait and raises nothing."""
        ...

    def process(self, item: Any) -> Iterable[Any]: ...

    def close(self) -> None: ...


class PlacedRecogniser:
    """`ear` makes what listens to the growing segment; that stays on this machine."""

    def __init__(
        self,
        stage: Elsewhere,
        languages: Collection[str],
        note: str = "",
        ear: Callable[[], Ear | None] = lambda: None,
    ) -> None:
        self.languages = languages
        self.note = note
        self.ear = ear
        self._stage = stage
        self._draft: Segment | None = None

    def ahead(self, segment: Segment) -> None:
        draft = self._draft
        if not segment.final:
            self._draft = segment
        elif draft is not None and _same_sound(draft, segment):
            return  # its text is on its way
        self._stage.ahead(segment)

    def recognise(self, segment: Segment) -> Transcript:
        heard: Transcript = _only(self._stage.process(segment))
        return replace(heard, segment=segment)

    def close(self) -> None:
        self._stage.close()


class PlacedTranslator:
    def __init__(self, stage: Elsewhere, source: str, target: str, note: str = "") -> None:
        self.source, self.target = source, target
        self.note = note
        self._stage = stage
        self._asked: deque[Transcript] = deque(maxlen=_MOST_AHEAD)
        self._numbers = count()

    def ahead(self, transcript: Transcript) -> None:
        """Its text as `translate` will get it."""
        self._asked.append(transcript)
        self._stage.ahead(transcript)

    def translate(self, text: str) -> str:
        asked = next((one for one in self._asked if one.text == text), None)
        if asked is None:
            asked = self._unasked(text)
        else:
            self._asked.remove(asked)
        translated: Translation = _only(self._stage.process(asked))
        return translated.text

    def close(self) -> None:
        self._stage.close()

    def _unasked(self, text: str) -> Transcript:
        silence = AudioChunk(np.zeros(0, np.float32), 16000, 0.0)
        return Transcript(Segment(next(self._numbers), silence), text, self.source)


class PlacedVoice:
    def __init__(self, stage: Elsewhere, language: str, rate: int, note: str = "") -> None:
        self.language, self.rate = language, rate
        self.note = note
        self._stage = stage

    def ahead(self, translation: Translation) -> None:
        self._stage.ahead(translation)

    def speak(self, translation: Translation) -> Iterable[Speech]:
        for piece in self._stage.process(translation):
            yield replace(piece, translation=translation)

    def close(self) -> None:
        self._stage.close()


class MouthedVoice:
    """A voice whose mouth, where it does not tell it, is found elsewhere from its sound. Another
    engine may take the voice's place while it is at work."""

    def __init__(self, voice: Voice, mouths: Elsewhere) -> None:
        self.language = voice.language
        self._voice = voice
        self._mouths = mouths

    @property
    def rate(self) -> int:
        return self._voice.rate

    @property
    def note(self) -> str:
        return str(getattr(self._voice, "note", ""))

    def ahead(self, translation: Translation) -> None:
        if (ahead := getattr(self._voice, "ahead", None)) is not None:
            ahead(translation)

    def speak(self, translation: Translation) -> Iterable[Speech]:
        for piece in self._voice.speak(translation):
            if len(piece.mouth.times) or not len(piece.audio.samples):
                yield piece
            else:
                found: Speech = _only(self._mouths.process(piece))
                yield replace(piece, mouth=found.mouth)

    def close(self) -> None:
        self._voice.close()
        self._mouths.close()


def _same_sound(draft: Segment, final: Segment) -> bool:
    return draft.id == final.id and len(draft.audio.samples) == len(final.audio.samples)


def _only(results: Iterable[Any]) -> Any:
    found = list(results)
    if len(found) != 1:
        raise EngineFailed(f"A worker gave {len(found)} results where one was due.")
    return found[0]
