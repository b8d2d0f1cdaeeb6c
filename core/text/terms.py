"""Terms that a translator must not touch: hidden from it behind words that nobody knows, and put
back afterwards.

A hidden term looks like "QXB": a stem and consonants that count. Apertium passes it as an unknown
name through all stages of all its pairs, in the place where it belongs (figures are torn off by
some pairs, a leading X is eaten by others); neural translators copy it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Found = tuple[int, int, str]
"""Start and end in the text, and what shall stand there in the translation."""

_STEMS = ("QX", "QZX", "QXQ", "QZQX")
_LETTERS = "BCDFGHJKLMNPRSTVWZ"


@dataclass(frozen=True)
class Hidden:
    """A text with its terms hidden behind `stem` and their index in `terms`."""

    text: str
    stem: str
    terms: tuple[str, ...]


def find(text: str, terms: Mapping[str, str]) -> Iterable[Found]:
    """Where the terms (whole words, any case, the longest first) occur in the text."""
    meanings = {_plain(term): meaning for term, meaning in terms.items() if _plain(term)}
    if not meanings:
        return
    longest_first = sorted(meanings, key=len, reverse=True)
    pattern = "|".join(_pattern(term) for term in longest_first)
    for match in re.finditer(pattern, text, re.IGNORECASE):
        meaning = meanings.get(_plain(match[0]))
        if meaning is not None:
            yield match.start(), match.end(), meaning


def hide(text: str, found: Iterable[Found]) -> Hidden:
    """Of terms that overlap, the one that begins first is hidden, of those the longest."""
    stem = next((stem for stem in _STEMS if stem.casefold() not in text.casefold()), _STEMS[-1])
    done: list[str] = []
    terms: list[str] = []
    at = 0
    for start, end, term in sorted(found, key=lambda one: (one[0], -one[1])):
        if start < at:
            continue
        done.append(f"{text[at:start]}{stem}{_label(len(terms))}")
        terms.append(term)
        at = end
    return Hidden("".join(done) + text[at:], stem, tuple(terms))


def show(hidden: Hidden, translated: str) -> str:
    """The translation with its terms. A term whose place was lost stands at the end, and nothing
    that hid one is left."""
    if not hidden.terms:
        return translated
    shown: set[int] = set()

    def term(match: re.Match[str]) -> str:
        index = _index(match[1])
        shown.add(index)
        return hidden.terms[index] if index < len(hidden.terms) else ""

    label = rf"([{_LETTERS}]{{1,4}})"
    text = re.sub(rf"{hidden.stem}{label}(?![A-Z])", term, translated)
    text = re.sub(rf"\b{hidden.stem}[\s_-]?{label}\b", term, text, flags=re.IGNORECASE)
    text = re.sub(rf"\b{hidden.stem}\w{{0,4}}\b\s*", "", text, flags=re.IGNORECASE)
    lost = [term for index, term in enumerate(hidden.terms) if index not in shown]
    return _with(lost, text)


def labels(text: str) -> list[str]:
    """The hidden terms of a text, as they stand there, in order."""
    stems = "|".join(sorted(_STEMS, key=len, reverse=True))
    return [match[0] for match in re.finditer(rf"(?:{stems})[{_LETTERS}]{{1,4}}(?![A-Z])", text)]


def _label(index: int) -> str:
    """0 is B, the last letter is followed by BB, as the columns of a spreadsheet are."""
    label = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, len(_LETTERS))
        label = _LETTERS[letter] + label
    return label


def _index(label: str) -> int:
    index = 0
    for letter in label.upper():
        index = index * len(_LETTERS) + _LETTERS.index(letter) + 1
    return index - 1


def _with(lost: list[str], text: str) -> str:
    if not lost:
        return text
    body = text.rstrip(".!?…。 ")
    return f"{body}{', ' if body else ''}{', '.join(lost)}{text[len(body) :].strip()}"


def _plain(term: str) -> str:
    return " ".join(term.split()).casefold()


def _pattern(term: str) -> str:
    """Whole words, except in scripts that do not part words by blanks."""
    body = r"\s+".join(re.escape(part) for part in term.split())
    first = r"(?<!\w)" if _spaced(term[0]) else ""
    last = r"(?!\w)" if _spaced(term[-1]) else ""
    return f"{first}{body}{last}"


def _spaced(char: str) -> bool:
    return not ("\u0e00" <= char <= "\u0eff" or "\u2e80" <= char <= "\u9fff")
