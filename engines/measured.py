"""What was measured of the engines on this machine, kept for the next start, and the judgement
that `auto` goes by: whether an engine holds the lag budget here.

A figure is kept under all that it depends on (machine, model, settings, versions): when one of
these changes, it is measured again.
"""

import hashlib
import json
import logging
import os
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from uuid import uuid4

import platformdirs
from filelock import FileLock

from core.pace import Pace
from engines.candidates import Candidate
from engines.models.store import installed
from engines.trials import can_try, try_out

log = logging.getLogger(__name__)

_FILE = "measured.json"
_MOST = 200
_LIBRARIES = (
    "translated-camera",
    "ctranslate2",
    "faster-whisper",
    "onnxruntime",
    "openvino",
    "piper-tts",
    "coqui-tts",
    "torch",
    "transformers",
)

Told = dict[str, Any]


def folder() -> Path:
    return platformdirs.user_state_path("translated-camera", appauthor=False)


class Book:
    """The figures on the disk. Any number of processes may write; a disk that cannot be written
    to costs a measurement at each start, nothing more."""

    def __init__(self, where: Path | None = None) -> None:
        self._path = (where or folder()) / _FILE

    def figure(self, key: str) -> Pace | None:
        held = self._read()["figures"].get(key)
        try:
            return Pace(held["speech"], held["first"], held["whole"]) if held else None
        except (KeyError, TypeError):
            return None

    def keep(self, key: str, about: Mapping[str, Any], pace: Pace) -> None:
        def change(held: Told) -> None:
            held["figures"].pop(key, None)
            held["figures"][key] = {**about, **asdict(pace), "when": _today()}
            for old in list(held["figures"])[:-_MOST]:
                del held["figures"][old]

        self._change(change)

    def choose(self, kind: str, what: str, chosen: Candidate, reason: str) -> None:
        """Remember what was chosen, for whoever asks."""

        about = {"kind": kind, "what": what, "engine": str(chosen), "reason": reason}
        key = f"{kind} {what}"
        held = self._read()["chosen"].get(key, {})
        if about.items() <= held.items():
            return

        def change(held: Told) -> None:
            held["chosen"][key] = about | {"when": _today()}

        self._change(change)

    def figures(self) -> tuple[Told, ...]:
        """Everything that was measured on this machine, oldest first."""
        here = machine()
        return tuple(one for one in self._read()["figures"].values() if one.get("machine") == here)

    def chosen(self) -> tuple[Told, ...]:
        """What was chosen the last time, for each kind and language."""
        return tuple(self._read()["chosen"].values())

    def forget(self) -> None:
        """Measure everything again."""
        self._change(lambda held: held["figures"].clear())

    def _change(self, change: Callable[[Told], None]) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self._path.with_name(f".{_FILE}.lock"), timeout=5):
                held = self._read()
                change(held)
                partial = self._path.with_name(f".{_FILE}.{uuid4().hex}")
                partial.write_text(json.dumps(held, indent=1) + "\n", "utf-8")
                partial.replace(self._path)
        except OSError as exc:  # a lock that is not had in time is one, too
            log.info("%s cannot be kept: %s", self._path, exc)

    def _read(self) -> Told:
        try:
            held = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            held = {}
        held = held if isinstance(held, dict) else {}
        for part in ("figures", "chosen"):
            found = held.get(part)
            held[part] = found if isinstance(found, dict) else {}
        return held


class Measured:
    """A judge for `engines.registry.auto`, of one choice. Engines that keep up are taken, those
    that do not are refused with the figures; `least_slow` is the best of those."""

    def __init__(
        self,
        kind: str,
        options: Mapping[str, Any],
        special: Mapping[str, Mapping[str, Any]],
        budget: float,
        book: Book | None = None,
        try_engine: Callable[..., Pace] = try_out,
    ) -> None:
        """`budget` as in core.config.Lag."""
        self._kind, self._options, self._special = kind, options, special
        self._budget = budget
        self._book = book or Book()
        self._try = try_engine
        self._slow: dict[Candidate, float] = {}
        self.remark = ""
        """Of the engine that was judged last: its figures."""

    @property
    def least_slow(self) -> Candidate | None:
        return min(self._slow, key=lambda one: self._slow[one], default=None)

    def foreseen(self, candidate: Candidate) -> str:
        """Why an engine need not even be built: it was too slow before. Empty when it may do."""
        pace = self._book.figure(self._key(candidate)) if can_try(self._kind) else None
        return self._verdict(candidate, pace) if pace else ""

    def judged(self, candidate: Candidate, engine: Any) -> str:
        """Why the engine cannot be taken; empty when it can. EngineFailed when it breaks."""
        self.remark = ""
        if not can_try(self._kind):
            return ""
        key = self._key(candidate)
        pace = self._book.figure(key)
        if pace is None:
            pace = self._try(self._kind, engine, self._options, self._quick)
            if self._quick(pace) or not _busy():
                self._book.keep(key, self._about(candidate), pace)
        return self._verdict(candidate, pace)

    def settle(self, candidate: Candidate, reason: str) -> None:
        """It is taken."""
        self._book.choose(self._kind, _what(self._options), candidate, reason)

    def _quick(self, pace: Pace) -> bool:
        return pace.strain(self._kind, self._budget) <= 1.0

    def _verdict(self, candidate: Candidate, pace: Pace) -> str:
        self.remark = told(self._kind, pace, self._budget)
        if self._quick(pace):
            return ""
        self._slow[candidate] = pace.strain(self._kind, self._budget)
        return f"too slow here, {self.remark}"

    def _about(self, candidate: Candidate) -> Told:
        about = {"kind": self._kind, "engine": candidate.name, "model": candidate.model}
        return about | {"what": _what(self._options), "machine": machine()}

    def _key(self, candidate: Candidate) -> str:
        given = (
            self._about(candidate),
            sorted((name, repr(one)) for name, one in self._options.items()),
            sorted(
                (name, repr(one)) for name, one in self._special.get(candidate.name, {}).items()
            ),
            [_state(one.folder) for one in installed(self._kind) if _runs(one.name, candidate)],
            _versions(),
        )
        return hashlib.sha256(repr(given).encode()).hexdigest()[:24]


def told(kind: str, pace: Pace, budget: float) -> str:
    """The figures, for the user."""
    late = f", first sound after {pace.first:.2f} s" if pace.first < pace.whole else ""
    return (
        f"{pace.whole:.2f} s for {pace.speech:.1f} s of speech{late} "
        f"({pace.allowed(kind, budget):.2f} s would do)"
    )


@cache
def machine() -> str:
    """This machine, in so far as it says how quick it is."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    name = models[0] if models else platform.processor() or platform.machine()
    return f"{name}, {cores} cores, {_cards()} graphics cards"


def _cards() -> int:
    try:
        from engines.device import cards
    except (ImportError, OSError):
        return 0
    return cards()


@cache
def _versions() -> tuple[str, ...]:
    return tuple(map(_version, _LIBRARIES))


def _version(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"no {name}"


def _runs(model: str, candidate: Candidate) -> bool:
    """Of an engine whose models are no candidates, any of them may be asked."""
    return candidate.model in ("", model)


def _state(model: Path) -> tuple[str, int]:
    return model.name, model.stat().st_mtime_ns


def _what(options: Mapping[str, Any]) -> str:
    languages = (options.get(key, "") for key in ("language", "source", "target"))
    return "-".join(filter(None, map(str, languages)))


def _busy() -> bool:
    """Others keep this machine so busy that what is slow here may be quick another time."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return hasattr(os, "getloadavg") and os.getloadavg()[0] > (cores or 1)


def _today() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S%z")
