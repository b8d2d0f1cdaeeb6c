"""Text in lines that fit a screen. East Asian characters count two columns; right-to-left text is
left in its logical order, which players expect."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import accumulate, pairwise

COLUMNS = 42
LINES = 2

# What may not begin a line (after a wide character there is a break anywhere else).
_CLOSING = "、。，．：；！？）」』】〉》’”…ー・,.:;!?)]}%"  # noqa: RUF001
_JOINER = "\u200d"
_SENTENCE = re.compile(r"[.!?…。！？।؟][\"'»”’)]*\s*$")  # noqa: RUF001
_CLAUSE = re.compile(r"[,;:、，；：،؛–—]\s*$")  # noqa: RUF001


def clean(text: str) -> str:
    """On one line, with single blanks, nothing that no player can show, and encodable."""
    kept = (
        char if unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp") else " " for char in text
    )
    return " ".join("".join(kept).split())


def columns(text: str) -> int:
    """How wide the text is, in columns of a Latin letter."""
    return len(text) if text.isascii() else sum(map(_width, text))


def lines(text: str, limit: int = COLUMNS) -> list[str]:
    """The text in as few lines as it takes, each within `limit` columns. Two lines are made
    about equally long."""
    parts = _units(clean(text), limit)
    full = _filled(parts, limit)
    if len(full) != 2:
        return full
    splits = (
        ["".join(parts[:at]).strip(), "".join(parts[at:]).strip()] for at in range(len(parts))
    )
    fitting = [split for split in splits if all(split) and max(map(columns, split)) <= limit]
    return min([full, *fitting], key=lambda split: abs(columns(split[0]) - columns(split[1])))


def fits(text: str, count: int = LINES, limit: int = COLUMNS) -> bool:
    return len(_filled(_units(clean(text), limit), limit)) <= count


def evenly(text: str, count: int) -> list[str]:
    """The text in `count` pieces of about the same length, rather cut where a sentence or clause
    ends; some are empty when there is not so much to cut."""
    parts = _units(clean(text), COLUMNS)
    ends = list(accumulate(map(columns, parts)))
    room = (ends[-1] if ends else 0) / count
    cuts = [0]
    for piece in range(1, count):
        cuts.append(max(cuts[-1], _cut(parts, ends, piece * room, room)))
    return ["".join(parts[a:b]).strip() for a, b in pairwise([*cuts, len(parts)])]


def _cut(parts: Sequence[str], ends: Sequence[int], ideal: float, room: float) -> int:
    """After how many parts to cut so that about `ideal` columns lie before it."""
    first, last = bisect_left(ends, ideal - room / 2), bisect_left(ends, ideal + room / 2)
    places = range(first + 1, min(last + 1, len(parts)) + 1)
    cost = {at: abs(ends[at - 1] - ideal) - _bonus(parts[at - 1]) * room for at in places}
    return min(cost, key=cost.__getitem__) if cost else len(parts)


def _bonus(part: str) -> float:
    if _SENTENCE.search(part):
        return 0.3
    return 0.15 if _CLAUSE.search(part) else 0.0


@cache
def _width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


@lru_cache(maxsize=4)
def _units(text: str, limit: int) -> tuple[str, ...]:
    """What must stay together on a line: words with the blank behind them, wide characters."""
    units: list[str] = []
    for word in re.findall(r"\S+\s*", text):
        units += _word(word, limit)
    return tuple(units)


def _word(word: str, limit: int) -> list[str]:
    parts = [word[0]]
    for char in word[1:]:
        last = parts[-1]
        wide = columns(char) == 2 or columns(last[-1]) == 2
        tied = char in _CLOSING or char.isspace() or columns(char) == 0 or last[-1] == _JOINER
        if (wide and not tied) or (columns(last + char) > limit and not char.isspace()):
            parts.append(char)
        else:
            parts[-1] += char
    return parts


def _filled(parts: Sequence[str], limit: int) -> list[str]:
    done: list[str] = []
    line = ""
    for part in parts:
        if line and columns((line + part).rstrip()) > limit:
            done.append(line.rstrip())
            line = ""
        line += part
    return [*done, line.rstrip()] if line.strip() else done
