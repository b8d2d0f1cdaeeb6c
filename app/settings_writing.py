"""Writes settings into a file that belongs to the user: comments, order and whatever is not
understood stay as they are."""

import logging
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import tomlkit
from tomlkit.exceptions import TOMLKitError

from core.config import Config, declared
from core.setting import Setting, Value

log = logging.getLogger(__name__)


def write(config: Config, path: Path, before: Config | None = None) -> None:
    """What differs from the file. With what the file said `before`, only what has changed since
    then, entry by entry: the rest may have been changed there meanwhile. OSError."""
    document = _open(path)
    if document is None:
        document, before = tomlkit.document(), None
    for setting in declared():
        value = setting.of(config)
        if before is None:
            _put(document, setting, value)
        elif value != (known := setting.of(before)):
            held = _held(document.get(setting.section), setting)
            _put(document, setting, value if held is None else _merged(held, known, value))
    _replace(path, tomlkit.dumps(document))


def _open(path: Path) -> tomlkit.TOMLDocument | None:
    """None where there is none, or none that can be understood."""
    try:
        text = path.read_text("utf-8-sig")
        tomllib.loads(text)
        return tomlkit.parse(text)
    except FileNotFoundError:
        return None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, TOMLKitError):
        kept = _free_name(path)
        path.rename(kept)
        log.warning("%s cannot be understood; it is kept as %s", path, kept)
        return None


def _free_name(path: Path) -> Path:
    number = 1
    while (kept := path.with_name(f"{path.stem}.broken-{number}{path.suffix}")).exists():
        number += 1
    return kept


def _put(document: tomlkit.TOMLDocument, setting: Setting, value: Any) -> None:
    section: Any = document.get(setting.section)
    held = _held(section, setting)
    if (setting.default if held is None else held) == value:
        return
    if not isinstance(section, Mapping):
        section = document[setting.section] = tomlkit.table()
    if isinstance(value, dict) and isinstance(section.get(setting.key), Mapping):
        _update(section[setting.key], value)
    else:
        lists = isinstance(value, tuple)
        section[setting.key] = [*value, *_no_texts(section, setting)] if lists else value


def _no_texts(section: Any, setting: Setting) -> list[Any]:
    """What stands in a list whose texts count all the same."""
    held = section.get(setting.key) if setting.wrong is not None else None
    return [one for one in held if not isinstance(one, str)] if isinstance(held, list) else []


def _held(section: Any, setting: Setting) -> Value | None:
    """What the file says of this setting; None when that is wrong."""
    if not isinstance(section, Mapping) or setting.key not in section:
        return setting.default
    value = section[setting.key]
    try:  # true and false come as they are
        return setting.checked(value.unwrap() if hasattr(value, "unwrap") else value)
    except ValueError:
        return None


def _merged(held: Value, before: Value, after: Value) -> Value:
    """What the file holds, with the entries of a table or list changed that differ between
    `before` and `after`; a list has those that only the file knows at its end."""
    match held, before, after:
        case Mapping(), Mapping(), Mapping():
            gone = before.keys() - after.keys()
            changed = {name: text for name, text in after.items() if before.get(name) != text}
            return {name: text for name, text in held.items() if name not in gone} | changed
        case tuple(), tuple(), tuple():
            ours = [one for one in after if one in held or one not in before]
            return (*ours, *(one for one in held if one not in before and one not in after))
    return after


def _update(table: Any, value: Mapping[str, str]) -> None:
    for name in [name for name in table if name not in value]:
        del table[name]
    for name, text in value.items():
        if table.get(name) != text:
            table[name] = text


def _replace(path: Path, text: str) -> None:
    """In one step, so that a crash or a full disk leaves the old file."""
    partial = path.with_name(f"{path.name}.{uuid4().hex[:8]}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
