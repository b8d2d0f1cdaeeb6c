"""The models that can be had, as resources/models.toml lists them."""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from core.errors import UsageError
from engines.models.store import File, Installed


@dataclass(frozen=True)
class Entry:
    """A model that can be had. `source` and `revision` are a repository of the hub and a state of
    it; `convert`: what is fetched is turned into another form here. For the rest see `Installed`.
    """

    name: str
    title: str
    kind: str
    form: str
    languages: tuple[str, ...]
    licence: str
    licence_url: str
    commercial: bool
    rank: int
    source: str
    revision: str
    files: tuple[File, ...]
    needs_mb: int = 0
    card: bool = False
    convert: bool = False
    note: str = ""

    @property
    def size(self) -> int:
        """Bytes to fetch, as far as they are known beforehand."""
        return sum(file.size for file in self.files)

    def installed(self, folder: Any, held: tuple[File, ...]) -> Installed:
        """The record of this model in a folder."""
        return Installed(
            self.name,
            self.kind,
            folder,
            form=self.form,
            languages=self.languages,
            licence=self.licence,
            commercial=self.commercial,
            rank=self.rank,
            card=self.card,
            source=self.source,
            revision=self.revision,
            files=held,
        )


@cache
def entries() -> tuple[Entry, ...]:
    """All of them, those for any use before those that are not."""
    text = files("resources").joinpath("models.toml").read_text("utf-8")
    found = [_entry(one) for one in tomllib.loads(text)["model"]]
    return tuple(sorted(found, key=lambda one: not one.commercial))


def entry(name: str) -> Entry:
    """UsageError for a name that is not there, with what was meant."""
    for one in entries():
        if one.name == name:
            return one
    names = [one.name for one in entries()]
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.4)
    meant = f" Did you mean {' or '.join(close)}?" if close else ""
    raise UsageError(
        f"There is no model {name!r} in the catalogue.{meant} `translated-camera models list` "
        "names them all."
    )


def _entry(given: Mapping[str, Any]) -> Entry:
    held = tuple(File(path, size, digest) for path, size, digest in given["files"])
    return Entry(**{**given, "languages": tuple(given["languages"]), "files": held})
