"""The Asynchronous Translation Pipeline: the stages between sound and translated voice, and
the chain of lanes they run in."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.channel import LocalChannel
from core.clock import Clock, RealClock
from core.lag import LagStep
from core.lane import Watch
from core.pipeline import Pipeline, Spawn, Step, thread_host
from core.ports import Recogniser, Translator, Voice
from core.stage import Stage
from core.text.care import Prepared, TextCare
from core.text.restore import restore
from core.text.shorten import shorten
from core.types import (
    NO_MOUTH,
    AudioChunk,
    MouthTrack,
    Segment,
    Speech,
    Transcript,
    Translation,
)

DEPTH = 16
LONGEST_WAIT = 0.5
"""Seconds that a listener waits for a better transcript than the ear's."""
_WITHIN_SENTENCE = ("clause", "forced")


class Recognise:
    """Segment to Transcript. A draft is recognised ahead and kept; when the final segment has
    the same sound, its text is there already. When the voice is behind, or recognition would
    take longer than a listener should wait, what an ear understood is taken as it is."""

    def __init__(
        self,
        recogniser: Recogniser,
        language: str = "en",
        names: Collection[str] = (),
        step: Callable[[], LagStep] = lambda: LagStep.NORMAL,
        clock: Clock | None = None,
    ) -> None:
        """`language` is that of what an ear heard, empty when that may be another one; `names` are
        written as they are spelt here; `step` says how far behind the voice is."""
        self._recogniser = recogniser
        self._language = language
        self._names = names
        self._step = step
        self._clock = clock or RealClock()
        self._slowness = 0.0
        self._ahead: Transcript | None = None
        self._begins = True

    def ahead(self, segment: Segment) -> None:
        """It will come to `process`; who works on several at once may begin. Any thread."""
        _ahead(self._recogniser, segment)

    def process(self, segment: Segment) -> Iterable[Transcript]:
        if segment.final:
            heard = self._from_draft(segment) or self._from_ear(segment)
            self._ahead = None
            yield self._restored(heard or self._recognise(segment))
        elif not self._takes_too_long(segment):
            self._ahead = self._recognise(segment)

    def flush(self) -> Iterable[Transcript]:
        return ()

    def close(self) -> None:
        self._recogniser.close()

    def _from_draft(self, segment: Segment) -> Transcript | None:
        ahead = self._ahead
        if ahead is None or ahead.segment.id != segment.id:
            return None
        if len(ahead.segment.audio.samples) != len(segment.audio.samples):
            return None
        return replace(ahead, segment=segment)

    def _from_ear(self, segment: Segment) -> Transcript | None:
        """What an ear understood already, when there is no time to recognise it better."""
        words = segment.heard
        in_time = self._step() is LagStep.NORMAL and not self._takes_too_long(segment)
        if not words or in_time or not self._language:
            return None
        text = " ".join(word.text for word in words)
        confidence = sum(word.confidence for word in words) / len(words)
        return Transcript(segment, text, self._language, words, confidence)

    def _recognise(self, segment: Segment) -> Transcript:
        begun = self._clock.now()
        heard = self._recogniser.recognise(segment)
        slowness = (self._clock.now() - begun) / max(0.1, segment.audio.duration)
        self._slowness = (self._slowness + slowness) / 2 if self._slowness else slowness
        return heard

    def _takes_too_long(self, segment: Segment) -> bool:
        """Going by how long it took for the segments before."""
        return self._slowness * segment.audio.duration > LONGEST_WAIT

    def _restored(self, heard: Transcript) -> Transcript:
        """With capitals and marks; a segment that was cut in mid-sentence has none at the cut."""
        ends = heard.segment.cut not in _WITHIN_SENTENCE
        text = restore(heard.text, heard.language, self._names, begins=self._begins, ends=ends)
        self._begins = ends
        return replace(heard, text=text)


class Translate:
    """Transcript to Translation, with the user's terms kept and as short as the lag demands. What
    was said in the listener's language already is passed on as it is."""

    def __init__(
        self,
        translator: Translator,
        care: TextCare,
        step: Callable[[], LagStep] = lambda: LagStep.NORMAL,
    ) -> None:
        self._translator = translator
        self._care = care
        self._step = step

    @property
    def target(self) -> str:
        return self._translator.target

    def ahead(self, transcript: Transcript) -> None:
        """As of Recognise."""
        if self._owns(transcript):
            return
        translator, care = self._pair(transcript)
        if text := self._prepared(transcript, care).text:
            _ahead(translator, replace(transcript, text=text))

    def process(self, transcript: Transcript) -> Iterable[Translation]:
        if not transcript.text or self._owns(transcript):
            text = transcript.text
            yield Translation(transcript, text, self.target, own=bool(text))
            return
        translator, care = self._pair(transcript)
        prepared = self._prepared(transcript, care)
        translated = translator.translate(prepared.text) if prepared.text else ""
        yield Translation(transcript, care.finish(prepared, translated), self.target)

    def flush(self) -> Iterable[Translation]:
        return ()

    def close(self) -> None:
        self._translator.close()

    def _owns(self, transcript: Transcript) -> bool:
        """Whether it is in the listener's language, though another was expected."""
        return transcript.language == self._translator.target != self._translator.source

    def _pair(self, transcript: Transcript) -> tuple[Translator, TextCare]:
        """Who translates it, and what is kept of it."""
        return self._translator, self._care

    def _prepared(self, transcript: Transcript, care: TextCare) -> Prepared:
        step = self._step()
        text = transcript.text
        if step >= LagStep.SHORTER:
            text = shorten(text, transcript.language)
        return care.prepare(text, drop_fillers=step >= LagStep.FILLERS or None)


class Speak:
    """Translation to Speech, in one or more pieces. What is not to be spoken, or holds nothing
    that can be, leaves as a silent speech, so that every segment comes out at the end. What is
    the speaker's own leaves in their own voice, with its mouth if `mouth` can tell it. `aloud` is
    asked whether anything is to be spoken at all."""

    def __init__(
        self,
        voice: Voice,
        mouth: Callable[[AudioChunk], MouthTrack] = lambda audio: NO_MOUTH,
        aloud: Callable[[], bool] = lambda: True,
    ) -> None:
        self._voice = voice
        self._mouth = mouth
        self._aloud = aloud

    def ahead(self, translation: Translation) -> None:
        """As of Recognise."""
        if self._speaks(translation) and not translation.own:
            _ahead(self._voice, translation)

    def process(self, translation: Translation) -> Iterator[Speech]:
        if translation.own:
            yield self._own(translation)
            return
        ended = False
        for piece in self._voice.speak(translation) if self._speaks(translation) else ():
            ended = piece.last
            yield piece
        if not ended:
            silence = AudioChunk(np.zeros(0, np.float32), self._voice.rate, 0.0)
            yield Speech(translation, silence)

    def flush(self) -> Iterable[Speech]:
        return ()

    def close(self) -> None:
        self._voice.close()

    def _speaks(self, translation: Translation) -> bool:
        speakable = translation.spoken and any(char.isalnum() for char in translation.text)
        return speakable and self._aloud()

    def _own(self, translation: Translation) -> Speech:
        audio = translation.segment.audio
        begins = translation.segment.start
        words = tuple(
            replace(word, start=word.start - begins, end=word.end - begins)
            for word in translation.transcript.words
        )
        return Speech(translation, replace(audio, pts=0.0), self._mouth(audio), words)


def _ahead(engine: object, item: object) -> None:
    if (ahead := getattr(engine, "ahead", None)) is not None:
        ahead(item)


class Chain:
    """Several stages as one: each item goes through all of them before the next begins. The
    paper's sequential baseline."""

    def __init__(self, *stages: Stage[Any, Any]) -> None:
        self._stages = stages

    def process(self, item: Any) -> Iterable[Any]:
        items: list[Any] = [item]
        for stage in self._stages:
            items = [out for one in items for out in stage.process(one)]
        return items

    def flush(self) -> Iterable[Any]:
        return ()

    def close(self) -> None:
        for stage in self._stages:
            stage.close()


@dataclass(frozen=True)
class Stages:
    """The four stages of the translation, in order."""

    segment: Stage[AudioChunk, Segment]
    recognise: Recognise
    translate: Translate
    speak: Speak


def asynchronous(stages: Stages, watch: Watch, spawn: Spawn = thread_host) -> Pipeline:
    """One lane a stage, with the paper's queues between them."""
    audio = _segments("audio_queue", stages.recognise.ahead)
    text = LocalChannel("text_queue", DEPTH, entered=stages.translate.ahead)
    translation = LocalChannel("translation_queue", DEPTH, entered=stages.speak.ahead)
    steps = [
        Step("segment", stages.segment, audio),
        Step("recognise", stages.recognise, text),
        Step("translate", stages.translate, translation),
        Step("speak", stages.speak, LocalChannel("audio_output_queue", DEPTH)),
    ]
    return Pipeline(LocalChannel("capture_queue", DEPTH), steps, watch, spawn)


def sequential(stages: Stages, watch: Watch, spawn: Spawn = thread_host) -> Pipeline:
    """The paper's baseline: one segment goes all the way before the next is recognised."""
    chain = Chain(stages.recognise, stages.translate, stages.speak)
    steps = [
        Step("segment", stages.segment, _segments("audio_queue")),
        Step("translate", chain, LocalChannel("audio_output_queue", DEPTH)),
    ]
    return Pipeline(LocalChannel("capture_queue", DEPTH), steps, watch, spawn)


def _segments(
    name: str, entered: Callable[[Segment], None] = lambda segment: None
) -> LocalChannel[Segment]:
    def supersedes(new: Segment, old: Segment) -> bool:
        return new.id == old.id and not old.final

    return LocalChannel(name, DEPTH, supersedes=supersedes, entered=entered)
