"""The models that are here: one folder each, with a record of what it holds.

A folder counts once it has its own name; what is still being written has another.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import platformdirs

from core.errors import EngineUnavailable
from core.text.languages import language_name

log = logging.getLogger(__name__)

RECORD = "model.json"
ANY_LANGUAGE = "*"


@dataclass(frozen=True)
class File:
    """A file of a model; `sha256` is empty where nobody knows it."""

    path: str
    size: int = 0
    sha256: str = ""


@dataclass(frozen=True)
class Installed:
    """A model that is here. `form` says which engine runs it. `languages` are what it takes (a
    pair of them as "en-es" for a translator; "*" for all); the higher the `rank`, the better it is
    of its kind, and the more it asks of a machine; `card`: too slow without a graphics card."""

    name: str
    kind: str
    folder: Path
    form: str = ""
    languages: tuple[str, ...] = (ANY_LANGUAGE,)
    licence: str = ""
    commercial: bool = True
    rank: int = 0
    card: bool = False
    source: str = ""
    revision: str = ""
    files: tuple[File, ...] = field(default=(), repr=False)

    @property
    def size(self) -> int:
        """Bytes on the disk."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())

    def knows(self, language: str) -> bool:
        return not language or ANY_LANGUAGE in self.languages or language in self.languages


def root() -> Path:
    """Where models lie; the user may look into it, and put own ones there."""
    return platformdirs.user_data_path("translated-camera", appauthor=False) / "models"


def installed(kind: str = "", *, folder: Path | None = None) -> tuple[Installed, ...]:
    """The models that are here, of one kind or all, by name."""
    found = (read(path.parent) for path in sorted((folder or root()).glob(f"*/{RECORD}")))
    return tuple(one for one in found if one is not None and kind in ("", one.kind))


def read(folder: Path) -> Installed | None:
    """What the record in a folder says; None (and a word in the log) where it says nothing."""
    try:
        given = json.loads((folder / RECORD).read_text("utf-8"))
        files = tuple(File(**one) for one in given.pop("files", ()))
        given["languages"] = tuple(given.get("languages", (ANY_LANGUAGE,)))
        return Installed(folder=folder, files=files, **given)
    except (OSError, ValueError, TypeError, AttributeError) as exc:
        log.warning("%s is not the record of a model: %s", folder / RECORD, exc)
        return None


def write(model: Installed) -> None:
    """The record, into the model's folder. OSError when that fails."""
    given: dict[str, Any] = asdict(model)
    del given["folder"]
    text = json.dumps(given, indent=1, ensure_ascii=False)
    (model.folder / RECORD).write_text(text + "\n", "utf-8")


def chosen(
    kind: str, model: str | Path, language: str, *, card: bool = False, form: str = ""
) -> Installed:
    """The model that is named, or in the folder that is given; without either the best one for
    the language, of the `form` that an engine runs, that this machine is fit for. EngineUnavailable
    says how to get one."""
    if model and Path(model).is_dir():
        folder = Path(model)
        record = read(folder) if (folder / RECORD).is_file() else None
        return record or Installed(folder.name, kind, folder)
    here = [one for one in installed(kind) if one.knows(language) and form in ("", one.form)]
    if model:
        here = [one for one in here if one.name == str(model)]
    fit = [one for one in here if card or model or not one.card]
    if not fit:
        raise EngineUnavailable(_none(kind, str(model), language, bool(here)))
    return max(fit, key=lambda one: (one.commercial, one.rank))


def _none(kind: str, model: str, language: str, slow: bool) -> str:
    if slow:
        return f"The {kind} models that are here need a graphics card, and there is none."
    what = f"No model {model!r}" if model else f"No {_KINDS.get(kind, kind)} model"
    whom = " for many languages" if language == ANY_LANGUAGE else ""
    if language and "-" not in language and not whom:
        whom = f" for {language_name(language)}"
    return (
        f"{what}{whom} is here. See what there is with `translated-camera models list --kind "
        f"{kind}`, and get one with `translated-camera models pull NAME`."
    )


_KINDS: Mapping[str, str] = {"stt": "recognition", "mt": "translation", "tts": "voice"}
