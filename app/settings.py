"""The user's settings file: where it is, what it says, and writing to it.

It belongs to the user: writing changes the settings that differ and leaves comments, order and
whatever is not understood as they are.
"""

import logging
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs
import tomlkit
from tomlkit.exceptions import TOMLKitError

from core.config import Config, Setting, declared
from core.errors import CannotWrite
from core.settings_file import Problem, read

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Loaded:
    """Settings that can be used, and what was wrong with the file that they come from."""

    config: Config
    problems: tuple[Problem, ...] = ()


def default_path() -> Path:
    return platformdirs.user_config_path("translated-camera", appauthor=False) / "settings.toml"


def load(path: Path | None = None) -> Loaded:
    """What the file says, defaults for the rest; all defaults when there is no file. Never
    raises for what is in the file or for not being let in: that is a problem, logged once."""
    path = path or default_path()
    try:
        config, problems = read(path.read_text("utf-8-sig"), str(path))
    except FileNotFoundError:
        return Loaded(Config())
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        config, problems = Config(), (Problem(str(path), line, "this is not UTF-8 text"),)
    except OSError as error:
        config, problems = Config(), (Problem(str(path), 0, f"cannot be read: {error.strerror}"),)
    for problem in problems:
        log.warning("%s (the default is used)", problem)
    return Loaded(config, problems)


def save(config: Config, path: Path | None = None) -> None:
    """Write what differs from the file; a wrong value in it stays until its setting is changed.
    A file that is no TOML is kept beside, under another name. CannotWrite when that fails."""
    path = (path or default_path()).resolve()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        document = _open(path)
        for setting in declared():
            _put(document, setting, setting.of(config))
        _replace(path, tomlkit.dumps(document))
    except OSError as error:
        raise CannotWrite(f"The settings cannot be written to {path}: {error.strerror}.") from error


def _open(path: Path) -> tomlkit.TOMLDocument:
    try:
        text = path.read_text("utf-8-sig")
        tomllib.loads(text)
        return tomlkit.parse(text)
    except FileNotFoundError:
        return tomlkit.document()
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, TOMLKitError):
        kept = _free_name(path)
        path.rename(kept)
        log.warning("%s cannot be understood; it is kept as %s", path, kept)
        return tomlkit.document()


def _free_name(path: Path) -> Path:
    number = 1
    while (kept := path.with_name(f"{path.stem}.broken-{number}{path.suffix}")).exists():
        number += 1
    return kept


def _put(document: tomlkit.TOMLDocument, setting: Setting, value: Any) -> None:
    section: Any = document.get(setting.section)
    if _held(section, setting) == value:
        return
    if not isinstance(section, Mapping):
        section = document[setting.section] = tomlkit.table()
    if isinstance(value, dict) and isinstance(section.get(setting.key), Mapping):
        _update(section[setting.key], value)
    else:
        section[setting.key] = list(value) if isinstance(value, tuple) else value


def _held(section: Any, setting: Setting) -> Any:
    """What reading the file makes of this setting."""
    try:
        return setting.checked(section[setting.key].unwrap())
    except (LookupError, TypeError, AttributeError, ValueError):
        return setting.default


def _update(table: Any, value: Mapping[str, str]) -> None:
    for name in [name for name in table if name not in value]:
        del table[name]
    for name, text in value.items():
        if table.get(name) != text:
            table[name] = text


def _replace(path: Path, text: str) -> None:
    """In one step, so that a crash or a full disk leaves the old file."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
