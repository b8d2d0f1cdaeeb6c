"""Putting a model in place at once, so that a broken one never takes a good one's."""

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock

from core.errors import CannotWrite, UsageError
from engines.models.catalogue import Entry
from engines.models.check import check
from engines.models.store import RECORD, File, Installed, write
from engines.models.transfer import hash_of

log = logging.getLogger(__name__)

_UNFINISHED = ".unfinished"


@dataclass(frozen=True)
class Place:
    """Where one model is worked on: `fetched` stays when the work is interrupted, `made` is what
    becomes the model."""

    root: Path
    name: str

    @property
    def fetched(self) -> Path:
        return self.root / _UNFINISHED / self.name / "fetched"

    @property
    def made(self) -> Path:
        return self.root / _UNFINISHED / self.name / "made"

    @property
    def old(self) -> Path:
        return self.root / _UNFINISHED / self.name / "old"


@contextmanager
def working(name: str, root: Path) -> Iterator[Place]:
    """Only one process at a time works on a model of a name; the others wait here. CannotWrite
    when the folder of models cannot be written to."""
    if Path(name).name != name or name.startswith("."):
        raise UsageError(f"{name!r} cannot be the name of a model.")
    place = Place(root, name)
    try:
        place.fetched.mkdir(parents=True, exist_ok=True)
        with FileLock(root / _UNFINISHED / f"{name}.lock"):
            _tidy(place)
            yield place
    except OSError as exc:
        raise CannotWrite(f"{root} cannot be written to: {exc.strerror or exc}.") from exc


def placed(entry: Entry, place: Place, held: tuple[File, ...]) -> Installed:
    """What was fetched, converted where need be and tried out, as the model of its name."""
    if entry.convert:
        from engines.mt.opus_convert import convert

        convert(place.fetched, place.made)
        held = contents(place.made)
        shutil.rmtree(place.fetched)
    else:
        place.fetched.rename(place.made)
    return settle(entry.installed(place.made, held), place)


def settle(made: Installed, place: Place) -> Installed:
    """Try the model in `place.made` out and put it in place of whatever has its name.
    EngineUnavailable when it does not work; nothing changes then."""
    write(made)
    check(made)
    target = place.root / place.name
    if target.exists():
        target.rename(place.old)
    place.made.rename(target)
    shutil.rmtree(place.root / _UNFINISHED / place.name)
    return replace(made, folder=target)


def contents(folder: Path) -> tuple[File, ...]:
    """Every file of a model with its size and hash."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != RECORD)
    return tuple(
        File(path.relative_to(folder).as_posix(), path.stat().st_size, hash_of(path))
        for path in paths
    )


def _tidy(place: Place) -> None:
    """After a process that died in mid-work: the good model back in place, nothing half made."""
    target = place.root / place.name
    if place.old.exists():
        if target.exists():
            shutil.rmtree(place.old)
        else:
            place.old.rename(target)
    if place.made.exists():
        shutil.rmtree(place.made)
    place.fetched.mkdir(parents=True, exist_ok=True)
