"""What was measured of the engines on this machine, kept for the next start, and the judgement
that `auto` goes by: whether an engine holds the lag budget here.

A figure is kept under all that it depends on (machine, model, settings, versions): when one of
these changes, it is measured again.
"""

import hashlib
import os
import platform
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from core.pace import LIPS_S, Pace
from engines.book import Book, Told
from engines.candidates import Candidate
from engines.models.store import installed
from engines.trials import can_try, try_out

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
        self.doubtful: tuple[Candidate, ...] = ()
        """Those that were too slow while others kept the machine busy, best first."""
        self._weighed = False
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
            else:
                self.doubtful = (*self.doubtful, candidate)
        return self._verdict(candidate, pace)

    def settle(self, candidate: Candidate, reason: str) -> None:
        """It is taken; remembered if figures had a part in that."""
        if self._weighed:
            self._book.choose(self._kind, _what(self._options), candidate, reason)

    def _quick(self, pace: Pace) -> bool:
        return pace.strain(self._kind, self._budget) <= 1.0

    def _verdict(self, candidate: Candidate, pace: Pace) -> str:
        self._weighed = True
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
            _states(self._kind, candidate),
            _versions(),
        )
        return hashlib.sha256(repr(given).encode()).hexdigest()[:24]


def lips_judge(special: Mapping[str, Mapping[str, Any]] | None = None) -> Measured:
    """Of lips, which a lag budget does not concern: a camera's pictures do not wait. `special`
    holds what one engine alone understands."""
    return Measured("lips", {}, special or {}, 1.0)


def told(kind: str, pace: Pace, budget: float) -> str:
    """The figures, for the user."""
    if kind == "lips":
        return f"{1000 * pace.whole:.0f} ms a picture ({1000 * LIPS_S:.0f} ms would do)"
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


def _states(kind: str, candidate: Candidate) -> list[tuple[str, int]]:
    """What it runs; of an engine whose models are no candidates, any of them may be asked."""
    folders = [one.folder for one in installed(kind) if candidate.model in ("", one.name)]
    if kind == "lips":
        from engines.lips.wav2lip_files import supplied

        folders = list(filter(None, [supplied()]))
    return [(one.name, one.stat().st_mtime_ns) for one in folders]


def _what(options: Mapping[str, Any]) -> str:
    languages = (options.get(key, "") for key in ("language", "source", "target"))
    return "-".join(filter(None, map(str, languages)))


def _busy() -> bool:
    """Others keep this machine so busy that what is slow here may be quick another time."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return hasattr(os, "getloadavg") and os.getloadavg()[0] > (cores or 1)
