"""Engines by kind and name. An engine's module is imported only when the engine is built."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import takewhile
from typing import Any, Protocol

from core.errors import EngineFailed, EngineUnavailable, UsageError
from engines.candidates import Candidate, candidates, with_model
from engines.candidates import below as those_below

log = logging.getLogger(__name__)

_ENGINES = {
    ("enhance", "rnnoise"): "engines.enhance.rnnoise:RnnoiseEnhancer",
    ("enhance", "av"): "engines.enhance.av:AvEnhancer",
    ("enhance", "off"): "engines.enhance.off:OffEnhancer",
    ("enhance", "fake"): "engines.enhance.fake:FakeEnhancer",
    ("vad", "silero"): "engines.vad.silero:SileroVad",
    ("vad", "energy"): "engines.vad.energy:EnergyVad",
    ("vad", "fake"): "engines.vad.fake:FakeVad",
    ("turn", "smart_turn"): "engines.turn.smart_turn:SmartTurn",
    ("turn", "rules"): "engines.turn.rules:RulesTurn",
    ("turn", "fake"): "engines.turn.fake:FakeTurn",
    ("stt", "whisper"): "engines.stt.whisper:WhisperRecogniser",
    ("stt", "sphinx"): "engines.stt.sphinx:SphinxRecogniser",
    ("stt", "fake"): "engines.stt.fake:FakeRecogniser",
    ("mt", "opus"): "engines.mt.opus:OpusTranslator",
    ("mt", "apertium"): "engines.mt.apertium:ApertiumTranslator",
    ("mt", "fake"): "engines.mt.fake:FakeTranslator",
    ("tts", "xtts"): "engines.tts.xtts:XttsVoice",
    ("tts", "piper"): "engines.tts.piper:PiperVoice",
    ("tts", "espeak"): "engines.tts.espeak:EspeakVoice",
    ("tts", "flite"): "engines.tts.flite:FliteVoice",
    ("tts", "fake"): "engines.tts.fake:FakeVoice",
    ("face", "mesh"): "engines.face.mesh:MeshTracker",
    ("face", "fake"): "engines.face.fake:FakeTracker",
    ("lips", "wav2lip"): "engines.lips.wav2lip:Wav2LipLips",
    ("lips", "own_mouth"): "engines.lips.own_mouth_lips:OwnMouthLips",
}

BASIC = {"stt": ("sphinx",), "mt": ("apertium",), "tts": ("espeak", "flite")}
"""The rungs that run anywhere; their words are clumsy, and the user is told so."""

DETECTING = ("whisper", "fake")
"""Recognisers that find out which language is spoken, when the one that they are given is empty, or
when they are told `theirs` beside it."""


@dataclass(frozen=True)
class Choice:
    """An engine that was built, and why the ones before it were not. `model` is named where the
    engine could have taken several; `remark` is what was measured of it. Those that are `doubtful`
    were too slow on a machine that others kept busy, and may do another time."""

    kind: str
    name: str
    engine: Any
    refusals: tuple[str, ...] = ()
    model: str = ""
    remark: str = ""
    doubtful: tuple[Candidate, ...] = ()

    @property
    def basic(self) -> bool:
        return self.name in BASIC.get(self.kind, ())

    @property
    def candidate(self) -> Candidate:
        return Candidate(self.name, self.model)

    @property
    def detects(self) -> bool:
        """Whether it is a recogniser that finds out which language is spoken."""
        return self.kind == "stt" and self.name in DETECTING

    @property
    def reason(self) -> str:
        """For the user. An engine may add something about itself in `note`."""
        label = f"{self.kind}: {self.name}" + (" (basic)" if self.basic else "")
        label += f", {note}" if (note := getattr(self.engine, "note", "")) else ""
        label += f", {self.remark}" if self.remark else ""
        return label + "".join(f"; not {refusal}" for refusal in self.refusals)


class Judge(Protocol):
    """Whether an engine keeps up on this machine. Why not, in words; empty when it does."""

    remark: str
    """What is known of the one that was judged last."""
    doubtful: tuple[Candidate, ...]
    """Those that were refused, best first, and might not have been at another time."""

    @property
    def least_slow(self) -> Candidate | None:
        """Of those that were refused."""
        ...

    def foreseen(self, candidate: Candidate) -> str:
        """Without building it."""
        ...

    def judged(self, candidate: Candidate, engine: Any) -> str:
        """EngineFailed when it breaks."""
        ...

    def settle(self, candidate: Candidate, reason: str) -> None:
        """It was chosen, whether it was judged or not."""
        ...


def names(kind: str) -> tuple[str, ...]:
    """The engines of a kind, best first; fakes are for tests and not among them."""
    return tuple(name for known, name in _ENGINES if known == kind and name != "fake")


def build(kind: str, name: str, **options: Any) -> Any:
    """One engine by name. EngineUnavailable when something it needs is not here."""
    try:
        module, attribute = _ENGINES[kind, name].split(":")
    except KeyError:
        known = ", ".join(names(kind))
        raise UsageError(f"There is no {kind} engine named {name!r}; there are: {known}.") from None
    try:
        return getattr(import_module(module), attribute)(**options)
    except ImportError as exc:
        raise EngineUnavailable(f"The {kind} engine {name} needs {exc.name or exc}.") from exc


def auto(
    kind: str,
    wanted: str = "auto",
    options: Mapping[str, Any] | None = None,
    special: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    below: Candidate | None = None,
    judge: Judge | None = None,
) -> Choice:
    """The first engine that can be built and, if there is a `judge`, keeps up; every refusal is
    kept, and they are all reported when none can be built. `wanted` other than "auto" is the only
    candidate, and is not judged. `options` go to whichever is built, `special` holds those that
    one engine alone understands. Only those `below` a candidate are tried."""
    search = _Search(kind, options or {}, special or {}, judge if wanted == "auto" else None)
    rungs = tuple(search.candidates(names(kind) if wanted == "auto" else (wanted,)))
    if below is not None:
        rungs = those_below(rungs, below)
    for candidate in rungs:
        last = candidate == rungs[-1]
        if (choice := search.take(candidate, judged=not last)) is not None:
            return search.settled(choice)
    return search.settled(search.least_slow())


class _Search:
    """What `auto` goes through, and the refusals so far."""

    def __init__(
        self,
        kind: str,
        options: Mapping[str, Any],
        special: Mapping[str, Mapping[str, Any]],
        judge: Judge | None,
    ) -> None:
        self._kind, self._options, self._special, self._judge = kind, options, special, judge
        self._refusals: list[str] = []

    def candidates(self, names: tuple[str, ...]) -> tuple[Candidate, ...]:
        return candidates(self._kind, names, self._options, self._special)

    def take(self, candidate: Candidate, *, judged: bool) -> Choice | None:
        """None when it cannot be built or does not keep up."""
        judge = self._judge
        if judge is None or not judged or candidate.name in BASIC.get(self._kind, ()):
            return self._built(candidate, None)
        if slow := judge.foreseen(candidate):
            self._refuse(candidate, slow)
            return None
        return self._built(candidate, judge)

    def least_slow(self) -> Choice:
        """When nothing keeps up: slow is better than nothing."""
        judge = self._judge
        slow = judge.least_slow if judge is not None else None
        choice = self._built(slow, None) if slow is not None else None
        if choice is None:
            raise EngineUnavailable(" ".join(self._refusals) or f"No {self._kind} engine is left.")
        return choice

    def settled(self, choice: Choice) -> Choice:
        if self._judge is None:
            return choice
        self._judge.settle(choice.candidate, choice.reason)
        better = takewhile(lambda one: one != choice.candidate, self._judge.doubtful)
        return replace(choice, doubtful=tuple(better))

    def _built(self, candidate: Candidate, judge: Judge | None) -> Choice | None:
        special = with_model(self._special.get(candidate.name, {}), candidate)
        try:
            engine = build(self._kind, candidate.name, **self._options, **special)
        except EngineUnavailable as exc:
            self._refuse(candidate, str(exc))
            return None
        if judge is not None and (slow := _judgement(judge, candidate, engine)):
            engine.close()
            self._refuse(candidate, slow)
            return None
        remark = judge.remark if judge is not None else ""
        refusals = tuple(self._refusals)
        return Choice(self._kind, candidate.name, engine, refusals, candidate.model, remark)

    def _refuse(self, candidate: Candidate, reason: str) -> None:
        log.info("%s engine %s refused: %s", self._kind, candidate, reason)
        self._refusals.append(f"{candidate}: {reason}")


def _judgement(judge: Judge, candidate: Candidate, engine: Any) -> str:
    try:
        return judge.judged(candidate, engine)
    except (EngineFailed, MemoryError) as exc:
        return str(exc) or "there is not enough memory for it"
