"""The program's own folders and its settings file."""

from collections.abc import Iterator
from pathlib import Path

import platformdirs

from app import settings
from app.devices.machine import Machine
from app.doctor.mending import command, mended
from core.findings import Finding, State

SETTINGS = "Settings file"
_NAME = "translated-camera"


def check(machine: Machine) -> Iterator[Finding]:
    for title, folder in folders().items():
        yield _folder(machine, title, folder)
    yield from _settings()


def folders() -> dict[str, Path]:
    return {
        "Settings folder": settings.default_path().parent,
        "Data folder": platformdirs.user_data_path(_NAME, appauthor=False),
        "Log folder": platformdirs.user_log_path(_NAME, appauthor=False),
        "Cache folder": platformdirs.user_cache_path(_NAME, appauthor=False),
    }


def _folder(machine: Machine, title: str, folder: Path) -> Finding:
    there = machine.system.nearest(folder)
    if not there.is_dir():
        says = f"{there} is in the way of the folder {folder}: it is a file."
        return Finding(title, State.TROUBLE, says)
    if machine.system.allowed(there):
        return Finding(
            title, State.OK, f"{folder}{'' if there == folder else ' (made when needed)'}"
        )
    finding = Finding(title, State.TROUBLE, f"{there} may not be written by this user.")
    user = machine.system.user
    if not user or not there.is_relative_to(Path.home()) or there == Path.home():
        return finding
    return mended(finding, command(machine, "chown", "-R", user, str(there), root=True))


def _settings() -> Iterator[Finding]:
    path = settings.default_path()
    problems = settings.load().problems
    if not problems:
        told = path if path.exists() else "there is none yet; everything is as it comes"
        yield Finding(SETTINGS, State.OK, f"{told}.")
        return
    rest = f" And {len(problems) - 1} more." if len(problems) > 1 else ""
    says = f"{problems[0].told}.{rest}"
    yield Finding(SETTINGS, State.HINT, says)
