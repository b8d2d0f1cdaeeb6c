"""On which lines of a TOML text its parts begin; tomllib does not tell."""

import re
from collections.abc import Iterator

_NAME = r"""(?:"[^"]*"|'[^']*'|[\w-]+)"""
_HEADER = re.compile(rf"\s*\[\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*\]")
_KEY = re.compile(rf"\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*=")
_TOKEN = re.compile(
    r'''"""(?:[^\\]|\\.)*?"""|"(?:[^"\\]|\\.)*"|'{3}.*?'{3}|'[^']*'|#[^\n]*|[\[\]{},]'''
    r"""|[^\s\[\]{},#"']+""",
    re.DOTALL,
)


def lines_of(text: str) -> dict[tuple[str, ...], int]:
    """The line on which each table and key begins, from 1."""
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


def entry_line(text: str, line: int, number: int) -> int:
    """The line of an entry, counted from 0, of the list whose key stands on `line`; that line
    where it is not found."""
    if not line:
        return 0
    begins = list(_entries("\n".join(text.splitlines()[line - 1 :])))
    return line + begins[number] if number < len(begins) else line


def _entries(text: str) -> Iterator[int]:
    """How many lines below its key each entry of a list begins."""
    key = _KEY.match(text)
    depth, awaited = 0, True
    for token in _TOKEN.finditer(text, key.end() if key else len(text)):
        mark = token[0]
        if mark.startswith("#"):
            continue
        if depth == 1 and mark == ",":
            awaited = True
        elif depth == 1 and awaited and mark != "]":
            awaited = False
            yield text.count("\n", 0, token.start())
        depth += (mark in ("[", "{")) - (mark in ("]", "}"))
        if not depth:
            return


def _path(dotted: str) -> tuple[str, ...]:
    return tuple(name.strip("\"'") for name in re.findall(_NAME, dotted))
