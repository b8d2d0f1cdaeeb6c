"""The model manager's store: the catalogue and the folder of models."""

from pathlib import Path

from app.commands.models import fit
from engines.models.bring import bring
from engines.models.catalogue import Entry, entries, entry
from engines.models.pull import pull
from engines.models.removal import remove
from engines.models.store import Installed, installed
from ui.services import ModelEntry, Progress


class CatalogueStore:
    """`ui.services.ModelStore`. `folder` takes the place of the user's own."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def entries(self) -> tuple[ModelEntry, ...]:
        """The catalogue, and what the user has brought along."""
        here = {one.folder.name: one for one in installed(folder=self._folder)}
        known = [_known(one, here.pop(one.name, None)) for one in entries()]
        return (*known, *(_own(name, model) for name, model in here.items()))

    def pull(self, name: str, progress: Progress) -> None:
        """The window has shown the licence and asked."""
        pull(entry(name), progress, accept=True, folder=self._folder)

    def remove(self, name: str) -> None:
        remove(name, folder=self._folder)

    def bring(self, path: Path) -> str:
        """The window has asked whether the licence is accepted."""
        return bring(path, accept=True, folder=self._folder).name


def _known(one: Entry, model: Installed | None) -> ModelEntry:
    fits = fit(one)
    notes = [one.note, "" if fits == "fits" else fits]
    return ModelEntry(
        name=one.name,
        title=one.title,
        kind=one.kind,
        size=_size(model) if model else one.size,
        licence=f"{one.licence} ({one.licence_url})" if one.licence_url else one.licence,
        installed=model is not None,
        commercial=one.commercial,
        note=" ".join(filter(None, notes)),
    )


def _own(name: str, model: Installed) -> ModelEntry:
    return ModelEntry(
        name=name,
        title=name,
        kind=model.kind,
        size=_size(model),
        licence=model.licence or "?",
        installed=True,
        commercial=model.commercial,
    )


def _size(model: Installed) -> int:
    return sum(path.stat().st_size for path in model.folder.rglob("*") if path.is_file())
