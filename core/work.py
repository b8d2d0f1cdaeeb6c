"""An engine as a stage without a memory: what a worker does to one item, whoever sent it.

What belongs to a session (order, drafts, the user's terms, capitals) stays with the session: see
core/translation.py. So one worker serves many sessions, and a new one knows as much as the last.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.ports import Recogniser, Translator, Voice
from core.stage import Stage
from core.types import Segment, Speech, Transcript, Translation
from core.unspoken import unspoken


class _Stage:
    def __init__(self, engine: Any) -> None:
        self.engine = engine

    def flush(self) -> Iterable[Any]:
        return ()

    def close(self) -> None:
        self.engine.close()


class Recognising(_Stage):
    engine: Recogniser

    def process(self, segment: Segment) -> Iterable[Transcript]:
        yield self.engine.recognise(segment)


class Translating(_Stage):
    engine: Translator

    def process(self, transcript: Transcript) -> Iterable[Translation]:
        translated = self.engine.translate(transcript.text)
        yield Translation(transcript, translated, self.engine.target)


class Speaking(_Stage):
    engine: Voice

    def process(self, translation: Translation) -> Iterable[Speech]:
        yield from self.engine.speak(translation)


STAGES: Mapping[str, Callable[[Any], Stage[Any, Any]]] = {
    "stt": Recognising,
    "mt": Translating,
    "tts": Speaking,
}


def _as_it_is(item: Any) -> Any:
    return item


def _soundless(transcript: Transcript) -> Transcript:
    """Without the sound of its segment, which is most of it."""
    segment = transcript.segment
    audio = replace(segment.audio, samples=segment.audio.samples[:0])
    return replace(transcript, segment=replace(segment, audio=audio))


def _words_alone(translation: Translation) -> Translation:
    return replace(translation, transcript=_soundless(translation.transcript))


NEEDS: Mapping[str, Callable[[Any], Any]] = {
    "stt": _as_it_is,
    "mt": _soundless,
    "tts": _words_alone,
}
"""What a worker needs of an item, and gives back in what it becomes."""


def _nothing(item: object, given: Sequence[object]) -> None:
    """An item becomes one."""


RESTS: Mapping[str, Callable[[Any, Sequence[Any]], Any | None]] = {
    "stt": _nothing,
    "mt": _nothing,
    "tts": unspoken,
}
"""What is left to do of an item when a worker ends that gave these pieces; None if nothing is."""
