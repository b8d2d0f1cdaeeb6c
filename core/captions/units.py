"""What of a running text appears together and stays on one line: words where they are written
apart, single characters in Chinese and Japanese, and stretches of the other writing direction."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from core.captions.graphemes import begins_grapheme, graphemes
from core.captions.wrap import clean

_RIGHT_TO_LEFT = ("ar", "arz", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "ug", "ur", "yi")

# What may not begin a line, and what may not end one.
_CLOSING = (
    "、。，．：；！？）」』】〉》〕’”…,.:;!?)]}%»،؛؟"  # noqa: RUF001
    "ー・々ゝゞぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ"
)
_OPENING = "（「『【〈《〔‘“([{«¿¡$"  # noqa: RUF001
_CONTROLS = dict.fromkeys([0x200E, 0x200F, 0x61C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


@dataclass(frozen=True, slots=True)
class Unit:
    """`spaced`: a blank stands before it, unless it begins a line. `glued`: it never begins a
    line."""

    text: str
    spaced: bool = True
    glued: bool = False

    @property
    def key(self) -> str:
        """What it is compared by: its letters and digits, whatever their case."""
        return letters(self.text) or self.text


def right_to_left(language: str) -> bool:
    return language.lower().split("-")[0].split("_")[0] in _RIGHT_TO_LEFT


def letters(text: str) -> str:
    folded = text.casefold()
    return "".join(c for c in folded if c.isalnum() or unicodedata.category(c)[0] == "M")


def units(text: str, *, rtl: bool = False, growing: bool = False) -> list[Unit]:
    """The text in order. A stretch against the language's direction is one unit: its words
    would move when another one came; while the text is growing, one at its end is held back."""
    parts = [part for word in clean(text.translate(_CONTROLS)).split() for part in _parts(word)]
    return list(_tied(parts, rtl, growing))


def unread(shown: Sequence[Unit], text: Sequence[Unit]) -> tuple[int, str]:
    """How many units of `text` those that are shown stand for, and what the last one shown
    lacks at its end. What is shown may be an earlier, partly mistaken version of the text, and
    is never taken back."""
    done = _covered([unit.key for unit in shown], [unit.key for unit in text])
    return done, _ending(shown[-1].text, text[done - 1].text) if shown and done else ""


def ending(text: str) -> Unit:
    """What is put behind a word that is shown already."""
    return Unit(text, spaced=False, glued=len(text) <= 2 and not letters(text))


def _parts(word: str) -> Iterator[Unit]:
    """A word as one unit, or cut around each wide character."""
    part, spaced = "", True
    for cluster in graphemes(word):
        if part and _may_break(part, cluster):
            yield Unit(part, spaced)
            part, spaced = "", False
        part += cluster
    yield Unit(part, spaced)


def _may_break(part: str, cluster: str) -> bool:
    if part[-1] in _OPENING or cluster[0] in _CLOSING:
        return False
    return _wide(part[-1]) or _wide(cluster[0])


def _wide(char: str) -> bool:
    """East Asian and written without blanks (Korean has them), or an emoji."""
    code = ord(char)
    korean = 0x1100 <= code <= 0x11FF or 0x3130 <= code <= 0x318F or 0xAC00 <= code <= 0xD7AF
    return not korean and unicodedata.east_asian_width(char) in "WF"


def _tied(parts: Iterable[Unit], rtl: bool, growing: bool) -> Iterator[Unit]:
    run: list[Unit] = []
    neutral: list[Unit] = []
    for part in parts:
        direction = _direction(part.text)
        if direction is not None and direction != rtl:
            run += [*neutral, part]
            neutral = []
        elif direction is None and run:
            # A number belongs to the stretch before it, a mark only if the stretch goes on.
            neutral.append(part)
            if letters(part.text):
                run, neutral = run + neutral, []
        else:
            yield from _joined(run)
            yield from neutral
            yield part
            run, neutral = [], []
    if not growing:
        yield from _joined(run)
        yield from neutral


def _joined(run: Sequence[Unit]) -> Iterator[Unit]:
    if len(run) < 2:
        yield from run
        return
    text = "".join((" " if part.spaced and at else "") + part.text for at, part in enumerate(run))
    yield Unit(text, run[0].spaced)


def _direction(text: str) -> bool | None:
    """Whether it runs from right to left, by its first letter; None without one."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("R", "AL"):
            return True
        if kind == "L":
            return False
    return None


def _covered(shown: Sequence[str], text: Sequence[str]) -> int:
    """How much of `text` the shown units stand for: the beginning that is most like them."""
    alike = sum(1 for _ in _while_equal(shown, text))
    shown, text = shown[alike:], text[alike:]
    if not shown:
        return alike
    row = list(range(len(text) + 1))
    for at, key in enumerate(shown, start=1):
        before, row = row, [at]
        for column, other in enumerate(text, start=1):
            same = before[column - 1] + (key != other)
            row.append(min(same, before[column] + 1, row[-1] + 1))
    return alike + min(range(len(row)), key=lambda at: (row[at], abs(at - len(shown)), -at))


def _while_equal(one: Sequence[str], other: Sequence[str]) -> Iterator[str]:
    pairs = zip(one, other, strict=False)
    equal, group = next(groupby(pairs, key=lambda pair: pair[0] == pair[1]), (False, iter(())))
    yield from (pair[0] for pair in group if equal)


def _ending(shown: str, text: str) -> str:
    """A mark, or letters in a script whose letters keep their shape when another one follows."""
    lacks = text[len(shown) :] if text.startswith(shown) else ""
    if not lacks or not begins_grapheme(lacks[0]):
        return ""
    steady = _direction(text) is False and ord(text[0]) < 0x530
    return lacks if steady or not letters(lacks) else ""
