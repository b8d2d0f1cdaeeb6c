"""Engines by kind and name. An engine's module is imported only when the engine is built."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from core.errors import EngineUnavailable, UsageError

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
    """An engine that was built, and why the ones before it were not."""

    kind: str
    name: str
    engine: Any
    refusals: tuple[str, ...] = ()

    @property
    def basic(self) -> bool:
        return self.name in BASIC.get(self.kind, ())

    @property
    def detects(self) -> bool:
        """Whether it is a recogniser that finds out which language is spoken."""
        return self.kind == "stt" and self.name in DETECTING

    @property
    def reason(self) -> str:
        """For the user. An engine may add something about itself in `note`."""
        label = f"{self.kind}: {self.name}" + (" (basic)" if self.basic else "")
        label += f", {note}" if (note := getattr(self.engine, "note", "")) else ""
        return label + "".join(f"; not {refusal}" for refusal in self.refusals)


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
    below: str = "",
) -> Choice:
    """The first engine that can be built, with every refusal kept; they are all reported when
    none can. `wanted` other than "auto" is the only candidate. `options` go to whichever is
    built, `special` holds those that one engine alone understands. `below` names a rung that has
    failed: only those after it are tried."""
    refusals: list[str] = []
    rungs = names(kind)
    if below:
        rungs = rungs[rungs.index(below) + 1 :]
    for name in rungs if wanted == "auto" else (wanted,):
        try:
            engine = build(kind, name, **(options or {}), **(special or {}).get(name, {}))
            return Choice(kind, name, engine, tuple(refusals))
        except EngineUnavailable as exc:
            log.info("%s engine %s refused: %s", kind, name, exc)
            refusals.append(f"{name}: {exc}")
    raise EngineUnavailable(" ".join(refusals) or f"No {kind} engine is left.")
