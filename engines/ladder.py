"""Engines that are replaced while they work: when the rung at work fails, the next one takes over,
with the item at hand, and the user is told. The session goes on. So it does when the machine
becomes too busy for a rung: one that is quicker takes over. Once the machine has been calm for a
good while, what was left is tried again (engines/climb.py).
"""

import logging
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from core.errors import RestLost
from core.pace import Pace
from core.ports import Ear
from core.types import AudioChunk, Segment, Speech, Transcript, Translation, Word
from core.unspoken import unspoken
from engines.candidates import Candidate, exactly
from engines.registry import Choice, auto, names
from engines.rungs import BROKEN, Make, Rungs, Telling, Time

log = logging.getLogger(__name__)

_Answer = TypeVar("_Answer")

_WORDS_A_SECOND = 2.5


class LadderRecogniser:
    """A recogniser on rungs; its ear changes rungs with it."""

    def __init__(self, rungs: Rungs) -> None:
        self._rungs = rungs

    @property
    def languages(self) -> Collection[str]:
        known: Collection[str] = self._rungs.engine.languages
        return known

    @property
    def note(self) -> str:
        return str(getattr(self._rungs.engine, "note", ""))

    def ahead(self, segment: Segment) -> None:
        _ahead(self._rungs.engine, segment)

    def recognise(self, segment: Segment) -> Transcript:
        heard: Transcript = self._rungs.ask(
            lambda engine: engine.recognise(segment), segment.audio.duration
        )
        return heard

    def ear(self) -> Ear | None:
        ear = LadderEar(self._rungs)
        if ear.deaf:
            ear.close()
            return None
        return ear

    def close(self) -> None:
        self._rungs.close()


class LadderEar:
    """One thread. What was heard of an utterance is not heard again by the next rung."""

    def __init__(self, rungs: Rungs) -> None:
        self._rungs = rungs
        self._of: Any = rungs.hold()
        self._inner: Ear | None = self._of.ear()

    @property
    def deaf(self) -> bool:
        """The rung at work has no ear."""
        return self._inner is None

    @property
    def caught_up(self) -> bool:
        return self._inner is None or self._inner.caught_up

    @property
    def language(self) -> str:
        return str(getattr(self._inner, "language", ""))

    def feed(self, audio: AudioChunk) -> None:
        self._guarded(lambda ear: ear.feed(audio))

    def words(self, patience: float = 0.0) -> tuple[Word, ...]:
        return self._guarded(lambda ear: ear.words(patience)) or ()

    def restart(self) -> None:
        if self._of is not self._rungs.engine:
            self._rise()
        self._guarded(lambda ear: ear.restart())

    def close(self) -> None:
        if self._inner is not None:
            self._inner.close()
            self._inner = None
        self._rungs.release(self._of)

    def _guarded(self, work: Callable[[Ear], _Answer]) -> _Answer | None:
        """None when the ear failed, or the present rung has none. A better rung is followed at the
        next utterance: of this one, it would not know what was heard."""
        if self._of is not self._rungs.engine and not self._rungs.upward:
            self._follow()
        try:
            return None if self._inner is None else work(self._inner)
        except BROKEN as exc:
            self._rungs.step(self._of, exc)
            self._follow()
            return None

    def _rise(self) -> None:
        """To a better engine, if it has an ear; the one before listens on meanwhile."""
        of = self._rungs.hold()
        try:
            inner = of.ear()
        except BROKEN as exc:
            log.warning("The better engine does not listen yet: %s", exc)
            self._rungs.release(of)
            return
        self.close()
        self._of, self._inner = of, inner

    def _follow(self) -> None:
        self.close()
        self._of = self._rungs.hold()
        self._inner = self._of.ear()


class LadderTranslator:
    def __init__(self, rungs: Rungs) -> None:
        self._rungs = rungs
        self.source, self.target = rungs.engine.source, rungs.engine.target

    @property
    def note(self) -> str:
        return str(getattr(self._rungs.engine, "note", ""))

    def ahead(self, transcript: Transcript) -> None:
        _ahead(self._rungs.engine, transcript)

    def translate(self, text: str) -> str:
        speech = len(text.split()) / _WORDS_A_SECOND
        translated: str = self._rungs.ask(lambda engine: engine.translate(text), speech)
        return translated

    def close(self) -> None:
        self._rungs.close()


class LadderVoice:
    """A sentence that has begun is not begun again by another voice: the rung below goes on with
    the word at which it broke off. Where the voice does not tell that, the rest of the sentence is
    lost to the failure, and the next one is spoken by the rung below.

    A voice that is itself again after such a failure, as one in a process of its own is, keeps its
    rung unless it loses the next sentence too."""

    def __init__(self, rungs: Rungs) -> None:
        self._rungs = rungs
        self._lost_in: Any = None
        self.language = rungs.engine.language

    @property
    def rate(self) -> int:
        rate: int = self._rungs.engine.rate
        return rate

    @property
    def note(self) -> str:
        return str(getattr(self._rungs.engine, "note", ""))

    def ahead(self, translation: Translation) -> None:
        _ahead(self._rungs.engine, translation)

    def speak(self, translation: Translation) -> Iterator[Speech]:
        begun = self._rungs.ask(lambda engine: _Spoken(self._rungs, engine, translation))
        given: list[Speech] = []
        try:
            with closing(begun.pieces()) as pieces:
                for piece in pieces:
                    given.append(piece)
                    yield piece
            self._lost_in = None
            return
        except BROKEN as exc:
            if self._forgiven(begun.engine, exc):
                raise
            self._rungs.step(begun.engine, exc)
            rest = unspoken(translation, given)
        finally:
            self._rungs.release(begun.engine)
        for piece in self.speak(rest) if rest is not None else ():
            yield replace(piece, translation=translation)

    def _forgiven(self, engine: Any, failure: BaseException) -> bool:
        """Whether it costs the sentence alone."""
        forgiven = isinstance(failure, RestLost) and self._lost_in is not engine
        self._lost_in = engine if forgiven else None
        return forgiven

    def close(self) -> None:
        self._rungs.close()


class _Spoken:
    """A sentence of which the first piece is there, or that holds none. Its engine is held."""

    def __init__(self, rungs: Rungs, engine: Any, translation: Translation) -> None:
        self.engine = engine
        self._rungs = rungs
        self._translation = translation
        self._took = self._length = 0.0
        self._pieces = iter(engine.speak(translation))
        self._first = self._next()
        self._until_first = self._took
        rungs.hold(engine)

    def pieces(self) -> Generator[Speech, None, None]:
        """Only what the engine does is timed, not what is done with a piece meanwhile."""
        piece = self._first
        while piece is not None:
            yield piece
            piece = self._next()
        if self._length:
            self._rungs.took(self.engine, self.pace, self._again)

    @property
    def pace(self) -> Pace:
        return Pace(self._length, self._until_first, self._took)

    def _again(self, engine: Any) -> Pace:
        """The same sentence, by another voice."""
        other = _Spoken(self._rungs, engine, self._translation)
        try:
            while other._next() is not None:
                pass
        finally:
            self._rungs.release(engine)
        return other.pace

    def _next(self) -> Speech | None:
        begun = self._rungs.now()
        piece: Speech | None = next(self._pieces, None)
        self._took += self._rungs.now() - begun
        self._length += piece.audio.duration if piece is not None else 0.0
        return piece


_LADDERS: Mapping[str, Callable[[Rungs], Any]] = {
    "stt": LadderRecogniser,
    "mt": LadderTranslator,
    "tts": LadderVoice,
}


def on_rungs(
    choice: Choice,
    wanted: str,
    options: Mapping[str, Any],
    special: Mapping[str, Mapping[str, Any]] | None,
    telling: Telling,
    *,
    make: Make | None = None,
    time: Time | None = None,
) -> Choice:
    """The choice, with an engine that steps down when it fails or is too slow, and up again; as it
    is where the user wants this engine and no other, or there is none. `make` builds the others,
    here unless it does so elsewhere."""
    last = names(choice.kind)[-1:] == (choice.name,)
    alone = last and not choice.doubtful
    if wanted != "auto" or choice.kind not in _LADDERS or alone:
        return choice
    rungs = Rungs(choice, make or _Here(choice.kind, options, special or {}), telling, time)
    return replace(choice, engine=_LADDERS[choice.kind](rungs))


@dataclass(frozen=True)
class _Here:
    """Engines in this process."""

    kind: str
    options: Mapping[str, Any]
    special: Mapping[str, Mapping[str, Any]]

    def below(self, at: Candidate) -> Choice:
        return auto(self.kind, "auto", self.options, self.special, below=at)

    def exactly(self, wanted: Candidate) -> Choice:
        return auto(self.kind, wanted.name, self.options, exactly(self.special, wanted))


def _ahead(engine: Any, item: Any) -> None:
    if (ahead := getattr(engine, "ahead", None)) is not None:
        ahead(item)
