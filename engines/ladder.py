"""Engines that are replaced while they work: when the rung at work fails, the next one takes over,
with the item at hand, and the user is told. The session goes on.

A rung that fails twice in a row on the same item is given up for good.
"""

import logging
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from core.errors import EngineFailed, EngineUnavailable
from core.ports import Ear
from core.types import AudioChunk, Segment, Speech, Transcript, Translation, Word
from engines.registry import Choice, auto, names

log = logging.getLogger(__name__)

Tell = Callable[[str], None]
_Answer = TypeVar("_Answer")

BROKEN = (EngineFailed, MemoryError)
_TRIES = 2


class Rungs:
    """The engines of a kind from the one at work downwards. Any thread may ask and step."""

    def __init__(
        self,
        choice: Choice,
        options: Mapping[str, Any],
        special: Mapping[str, Mapping[str, Any]],
        tell: Tell,
    ) -> None:
        self._choice, self._options, self._special, self._tell = choice, options, special, tell
        self._lock = threading.Lock()
        self._retired: list[Any] = []

    @property
    def engine(self) -> Any:
        return self._choice.engine

    def ask(self, work: Callable[[Any], _Answer]) -> _Answer:
        """The answer of the rung at work or of the first below it that gives one. EngineFailed
        when none does."""
        while True:
            engine = self.engine
            for left in reversed(range(_TRIES)):
                try:
                    return work(engine)
                except BROKEN as exc:
                    log.warning("%s failed: %s", self._choice.name, exc)
                    if not left:
                        self.step(engine, exc)

    def step(self, failed: Any, reason: BaseException) -> None:
        """Down from the engine that failed, if it is still the one at work. EngineFailed, with the
        reason, when nothing is below it."""
        with self._lock:
            if failed is not self.engine:
                return
            before = self._choice
            try:
                self._choice = auto(
                    before.kind, "auto", self._options, self._special, below=before.name
                )
            except EngineUnavailable as exc:
                raise EngineFailed(f"{before.name} failed ({reason}). {exc}") from exc
            self._retired.append(failed)
        self._tell(f"{before.name} failed ({_short(reason)}); {self._choice.name} goes on.")

    def let_go(self) -> None:
        """Close what was given up; for when nobody uses it any more."""
        with self._lock:
            retired, self._retired = self._retired, []
        for engine in retired:
            engine.close()

    def close(self) -> None:
        self.let_go()
        self.engine.close()


class LadderRecogniser:
    """A recogniser on rungs; its ear changes rungs with it."""

    def __init__(self, rungs: Rungs) -> None:
        self._rungs = rungs
        self._ears = 0

    @property
    def languages(self) -> Collection[str]:
        known: Collection[str] = self._rungs.engine.languages
        return known

    @property
    def note(self) -> str:
        return str(getattr(self._rungs.engine, "note", ""))

    def recognise(self, segment: Segment) -> Transcript:
        heard: Transcript = self._rungs.ask(lambda engine: engine.recognise(segment))
        if not self._ears:
            self._rungs.let_go()
        return heard

    def ear(self) -> Ear | None:
        inner = self._rungs.engine.ear()
        if inner is None:
            return None
        self._ears += 1
        return LadderEar(self._rungs, inner)

    def close(self) -> None:
        self._rungs.close()


class LadderEar:
    """One thread. What was heard of an utterance is not heard again by the next rung."""

    def __init__(self, rungs: Rungs, inner: Ear) -> None:
        self._rungs = rungs
        self._of: Any = rungs.engine
        self._inner: Ear | None = inner

    @property
    def caught_up(self) -> bool:
        return self._inner is None or self._inner.caught_up

    def feed(self, audio: AudioChunk) -> None:
        self._guarded(lambda ear: ear.feed(audio))

    def words(self, patience: float = 0.0) -> tuple[Word, ...]:
        return self._guarded(lambda ear: ear.words(patience)) or ()

    def restart(self) -> None:
        self._guarded(lambda ear: ear.restart())

    def close(self) -> None:
        if self._inner is not None:
            self._inner.close()

    def _guarded(self, work: Callable[[Ear], _Answer]) -> _Answer | None:
        """None when the ear failed, or the present rung has none."""
        if self._of is not self._rungs.engine:
            self._follow()
        try:
            return None if self._inner is None else work(self._inner)
        except BROKEN as exc:
            self._rungs.step(self._of, exc)
            self._follow()
            return None

    def _follow(self) -> None:
        self.close()
        self._of = self._rungs.engine
        self._inner = self._of.ear()
        self._rungs.let_go()


class LadderTranslator:
    def __init__(self, rungs: Rungs) -> None:
        self._rungs = rungs
        self.source, self.target = rungs.engine.source, rungs.engine.target

    @property
    def note(self) -> str:
        return str(getattr(self._rungs.engine, "note", ""))

    def translate(self, text: str) -> str:
        translated: str = self._rungs.ask(lambda engine: engine.translate(text))
        self._rungs.let_go()
        return translated

    def close(self) -> None:
        self._rungs.close()


class LadderVoice:
    """A sentence that has begun is not begun again by another voice: what is left of it is lost
    to the failure, and the next one is spoken by the rung below."""

    def __init__(self, rungs: Rungs) -> None:
        self._rungs = rungs
        self.language = rungs.engine.language

    @property
    def rate(self) -> int:
        rate: int = self._rungs.engine.rate
        return rate

    @property
    def note(self) -> str:
        return str(getattr(self._rungs.engine, "note", ""))

    def speak(self, translation: Translation) -> Iterator[Speech]:
        first, rest, engine = self._rungs.ask(lambda engine: _begun(engine, translation))
        self._rungs.let_go()
        if first is None:
            return
        yield first
        try:
            yield from rest
        except BROKEN as exc:
            self._rungs.step(engine, exc)
            raise

    def close(self) -> None:
        self._rungs.close()


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
    tell: Tell,
) -> Choice:
    """The choice, with an engine that steps down when it fails; as it is where the user wants
    this engine and no other, or none is below it."""
    below = names(choice.kind)[-1:] != (choice.name,)
    if wanted != "auto" or choice.kind not in _LADDERS or not below:
        return choice
    rungs = Rungs(choice, options, special or {}, tell)
    return replace(choice, engine=_LADDERS[choice.kind](rungs))


def _begun(engine: Any, translation: Translation) -> tuple[Speech | None, Iterator[Speech], Any]:
    pieces = iter(engine.speak(translation))
    return next(pieces, None), pieces, engine


def _short(reason: BaseException) -> str:
    said = str(reason).strip() or type(reason).__name__
    return said if len(said) <= 160 else f"{said[:157]}..."
