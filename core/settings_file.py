"""Reads settings from TOML. What is wrong keeps its default and is reported with its line."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from core.config import Config, Setting, declared

_NAME = r"""(?:"[^"]*"|'[^']*'|[\w-]+)"""
_HEADER = re.compile(rf"\s*\[\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*\]")
_KEY = re.compile(rf"\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*=")
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a settings file; `line` counts from 1, 0 where there is none."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}"


def read(text: str, file: str) -> tuple[Config, tuple[Problem, ...]]:
    """The settings in the text. Each wrong one has its default and a problem; all have when the
    text is no TOML. `file` is the name that problems give."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Config(), (_no_toml(error, text, file),)
    config, problems, lines = Config(), list[Problem](), _lines(text)
    for path, found in _settings(tables):
        try:
            if isinstance(found, _Unknown):
                raise ValueError(found.message)
            setting, value = found
            config = setting.into(config, value)
        except ValueError as error:
            problems.append(Problem(file, lines.get(path, 0), str(error)))
    return config, tuple(problems)


@dataclass(frozen=True)
class _Unknown:
    message: str


_Found = tuple[tuple[str, ...], tuple[Setting, Any] | _Unknown]


def _settings(tables: dict[str, Any]) -> Iterator[_Found]:
    """What stands in the file, by its path: a setting with its value, or what is unknown."""
    known = {(setting.section, setting.key): setting for setting in declared()}
    sections = {section for section, _ in known}
    for section, table in tables.items():
        if section not in sections:
            yield (section,), _Unknown(_unknown_section(section, table, sections, known))
        elif not isinstance(table, dict):
            yield (section,), _Unknown(f"{section} is a section: write [{section}]")
        else:
            for key, value in table.items():
                setting = known.get((section, key))
                found = (setting, value) if setting else _Unknown(_unknown_key(section, key, known))
                yield (section, key), found


def _unknown_section(
    name: str, table: Any, sections: Iterable[str], known: Iterable[tuple[str, str]]
) -> str:
    if not isinstance(table, dict):
        places = [f"[{section}]" for section, key in known if key == name]
        belongs = f"; it belongs under {' or '.join(places)}" if places else ""
        return f"the setting {name} stands outside of any section{belongs}"
    return f"there is no section [{name}]{_suggestion(name, sections, '[{}]')}"


def _unknown_key(section: str, name: str, known: Iterable[tuple[str, str]]) -> str:
    own = [key for place, key in known if place == section]
    elsewhere = [f"{place}.{key}" for place, key in known if key == name]
    suggestion = _suggestion(name, own, section + ".{}")
    if not suggestion and elsewhere:
        suggestion = f"; did you mean {' or '.join(elsewhere)}?"
    return f"there is no setting {section}.{name}{suggestion or '; there are: ' + ', '.join(own)}"


def _suggestion(name: str, among: Iterable[str], form: str) -> str:
    close = get_close_matches(name, list(among), n=1)
    return f"; did you mean {form.format(close[0])}?" if close else ""


def _no_toml(error: tomllib.TOMLDecodeError, text: str, file: str) -> Problem:
    message, place = str(error), _PLACE.search(str(error))
    if place is None:
        return Problem(file, 0, message)
    line = int(place[1]) if place[1] else max(1, len(text.splitlines()))
    return Problem(file, line, f"this is not TOML: {message[: place.start()]}")


def _lines(text: str) -> dict[tuple[str, ...], int]:
    """The line on which each table and key begins; tomllib does not tell."""
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = path = _path(header[1])
        elif key := _KEY.match(line):
            path = table + _path(key[1])
        else:
            continue
        for depth in range(1, len(path) + 1):
            lines.setdefault(path[:depth], number)
    return lines


def _path(dotted: str) -> tuple[str, ...]:
    return tuple(name.strip("\"'") for name in re.findall(_NAME, dotted))
