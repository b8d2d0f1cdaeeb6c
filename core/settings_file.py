"""Reads settings from TOML. What is wrong keeps its default and is reported with its line."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from core.config import CARDLESS, Config, declared
from core.setting import Setting
from core.toml_lines import entry_line, lines_of

_PEOPLE = ("guests",)
"""Sections in which what is unknown may be somebody's name, which is nothing for a log."""
_NAMED = re.compile(r" \(.*\)|(?<= key) ['\"].*")
"""What is repeated of a file's words; the sentence goes into logs."""
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a settings file; `line` counts from 1, 0 where there is none."""

    file: str
    line: int
    message: str
    instead: str = "(the default is used)"

    @property
    def told(self) -> str:
        """With what comes of it."""
        return f"{self} {self.instead}"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}"


def read(text: str, file: str) -> tuple[Config, tuple[Problem, ...]]:
    """The settings in the text. Each wrong one has its default and a problem, as has each wrong
    entry of a list whose others count; all have when the text is no TOML. `file` is the name that
    problems give."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Config(), (_no_toml(error, text, file),)
    config, problems, lines = Config(), list[Problem](), lines_of(text)
    for path, found in _settings(tables):
        try:
            if isinstance(found, _Unknown):
                raise ValueError(found.message)
            setting, value = found
            config = setting.into(config, value)
            for at, why in setting.left_out(value).items():
                line = entry_line(text, lines.get(path, 0), at)
                message = f"{setting.name}, entry {at + 1}: {why}"
                problems.append(Problem(file, line, message, "(it is left out)"))
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
    if section in _PEOPLE:
        return f"there is no such setting in [{section}]; there are: {', '.join(own)}"
    if section == "cards" and name in CARDLESS:
        return f"there is no setting cards.{name}: the processor computes it, no card is needed"
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
    line = 0
    if place is not None:
        message = message[: place.start()]
        line = int(place[1]) if place[1] else max(1, len(text.splitlines()))
    return Problem(file, line, f"this is not TOML: {_NAMED.sub('', message)}")
