"""Which licences the user has accepted, so that each is shown once. One that forbids commercial
use is accepted for one model only, never beforehand for others."""

import json
import time
from pathlib import Path

from filelock import FileLock

from core.errors import CannotWrite, UsageError
from engines.models.catalogue import Entry

_FILE = "licences.json"


def accepted(entry: Entry, folder: Path) -> bool:
    return _mark(entry) in _read(folder)


def require(entry: Entry, accept: bool, folder: Path) -> None:
    """UsageError, which names the licence and where its text is, when it is not accepted."""
    if accepted(entry, folder):
        return
    if not accept:
        raise UsageError(_terms(entry))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".licences.lock"):
            _remember(entry, folder)
    except OSError as exc:
        raise CannotWrite(f"{folder} cannot be written to: {exc.strerror}.") from exc


def _remember(entry: Entry, folder: Path) -> None:
    """Whoever else accepts something at the same moment waits: neither loses the other's."""
    held = _read(folder) | {_mark(entry): time.strftime("%Y-%m-%d")}
    partial = folder / f".{_FILE}"
    partial.write_text(json.dumps(held, indent=1) + "\n", "utf-8")
    partial.replace(folder / _FILE)


def _terms(entry: Entry) -> str:
    use = "" if entry.commercial else " Commercial use is not allowed."
    return (
        f"{entry.title} is under the licence {entry.licence} ({entry.licence_url}).{use} Read it, "
        "and say --accept-licence if you accept it."
    )


def _mark(entry: Entry) -> str:
    return entry.licence if entry.commercial else f"{entry.licence}: {entry.name}"


def _read(folder: Path) -> dict[str, str]:
    try:
        held = json.loads((folder / _FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return held if isinstance(held, dict) else {}
