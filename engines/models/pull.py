"""A model of the catalogue, from the hub into the folder of models."""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

from core.errors import CannotWrite
from engines.models import licences
from engines.models.catalogue import Entry
from engines.models.place import Place, placed, working
from engines.models.store import File, Installed, read, root
from engines.models.transfer import Offered, Progress, fetch, offered

log = logging.getLogger(__name__)

_SPARE = 1.15
"""Of what is fetched, so much must be free; twice when it is converted."""


def pull(
    entry: Entry,
    progress: Progress = lambda done, whole: True,
    *,
    accept: bool = False,
    folder: Path | None = None,
) -> Installed:
    """Fetch, verify and put in place; a model that is here already is taken as it is.

    `accept`: the user has seen the licence and accepts it. UsageError when that is missing,
    EngineUnavailable when something cannot be had, CannotWrite when there is no room, Interrupted
    when `progress` says so. Whatever happens, a good model of that name stays; what was fetched is
    used the next time. Any number of processes may try at once: one works, the others wait.
    """
    where = folder or root()
    licences.require(entry, accept, where)
    with working(entry.name, where) as place:
        here = read(where / entry.name) if (where / entry.name).is_dir() else None
        if here is not None and here.revision == entry.revision:
            return here
        held = _fetched(entry, place, progress)
        return placed(entry, place, held)


def _fetched(entry: Entry, place: Place, progress: Progress) -> tuple[File, ...]:
    offers = [offered(entry.source, entry.revision, file.path) for file in entry.files]
    whole = sum(offer.size for offer in offers)
    _make_room(entry, place, whole)
    held: list[File] = []
    done = 0
    for file, offer in zip(entry.files, offers, strict=True):
        to = place.fetched / Path(file.path).name
        held.append(_one(file, offer, to, _after(done, whole, progress)))
        done += offer.size
    return tuple(held)


def _after(before: int, whole: int, progress: Progress) -> Callable[[int], bool]:
    """Progress of one file as progress of all."""
    return lambda moved: progress(before + moved, whole)


def _one(file: File, offer: Offered, to: Path, moved: Callable[[int], bool]) -> File:
    if to.exists():  # fetched and verified before an interruption
        moved(to.stat().st_size)
        return File(to.name, to.stat().st_size, file.sha256 or offer.sha256)
    return fetch(offer, File(to.name, file.size, file.sha256), to, moved)


def _make_room(entry: Entry, place: Place, whole: int) -> None:
    there = sum(path.stat().st_size for path in place.fetched.rglob("*") if path.is_file())
    needed = int((whole - there) * _SPARE * (2 if entry.convert else 1))
    free = shutil.disk_usage(place.fetched).free
    if needed > free:
        raise CannotWrite(
            f"{entry.title} needs {needed / 1e6:,.0f} MB in {place.root}, and {free / 1e6:,.0f} MB "
            "are free. Make room, or remove a model with `translated-camera models remove`."
        )
