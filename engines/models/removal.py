"""Letting go of a model."""

import shutil
from pathlib import Path

from core.errors import CannotWrite, UsageError
from engines.models.place import working
from engines.models.store import installed, root


def remove(name: str, *, folder: Path | None = None) -> int:
    """Delete the model of that name; the bytes that are free then. UsageError when there is none,
    CannotWrite when it cannot be deleted."""
    where = folder or root()
    with working(name, where):
        found = [one for one in installed(folder=where) if one.folder.name == name]
        if not found:
            known = ", ".join(one.folder.name for one in installed(folder=where)) or "none"
            raise UsageError(f"No model {name!r} is here; there are: {known}.")
        size = found[0].size
        try:
            shutil.rmtree(found[0].folder)
        except OSError as exc:
            raise CannotWrite(f"{exc.filename} cannot be deleted: {exc.strerror}.") from exc
    shutil.rmtree(where / ".unfinished" / name, ignore_errors=True)
    return size
