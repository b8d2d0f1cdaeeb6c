"""What was measured of the engines, on the disk: figures, and what was chosen for them."""

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import uuid4

import platformdirs
from filelock import FileLock

from core.pace import Pace
from engines.candidates import Candidate

log = logging.getLogger(__name__)

_FILE = "measured.json"
_MOST = 200

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

    def figures(self, machine: str) -> tuple[Told, ...]:
        """Everything that was measured on a machine, oldest first."""
        found = self._read()["figures"].values()
        return tuple(one for one in found if one.get("machine") == machine)

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


def _today() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S%z")
