"""Written numbers, addresses and the like: which ones are kept from a translator, and how a
number is written in the other language."""

import re
from collections.abc import Iterator

# Languages whose decimals follow a comma; the others here use a point.
_COMMA_LANGUAGES = (
    "an ast az be bg bs ca cs da de el es et eu fi fo fr gl hr hu hy id is it ka kk lb lt lv mk nb"
    " nl nn no oc pl pt ro ru sh sk sl sq sr sv tr uk uz vi"
)
_COMMA = frozenset(_COMMA_LANGUAGES.split())
_BLANK_LANGUAGES = "be bg cs et fi fr hu lt lv nb nn no pl ru sk sv uk"
_GROUPED_BY_BLANK = frozenset(_BLANK_LANGUAGES.split())

_VERBATIM = (
    r"(?:https?://|www\.)[^\s<>\"]*[^\s<>\".,;:!?)\]'}]",
    r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    r"(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:com|org|net|edu|gov|io|dev|info)\b(?:/[^\s,;]*[^\s,;.!?])?",
    r"(?<!\w)[@#]\w+",
    r"(?<![\w/.-])\d{1,4}(?P<mark>[/.-])\d{1,2}(?P=mark)\d{1,4}(?![\w/])",
    r"(?<![\w:.])\d{1,2}:\d{2}(?::\d{2})?(?!\w)",
    r"(?<![\w.,])v?\d+(?:\.\d+){2,}(?![\w,])",
)
_NUMBER = r"(?<![\w.,])\d+(?:[.,]\d+)+(?!\w|[.,]\d)"
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_PATTERN = re.compile(rf"(?P<number>{_NUMBER})|{'|'.join(_VERBATIM)}", re.IGNORECASE)


def kept(text: str, source: str, target: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and the form in `target` of everything in `text` that a translator would only
    break: addresses, dates and times as they are, numbers with a point or comma as the language
    writes them. Plain whole numbers are left to the translator: its grammar needs them."""
    for match in _PATTERN.finditer(text):
        number = match["number"]
        form = match[0] if number is None or _dated(number) else written(number, source, target)
        yield match.start(), match.end(), form


def written(number: str, source: str, target: str) -> str:
    """A number with a point or comma as the other language writes it: "1,234.5" becomes
    "1.234,5". As it was when its marks do not make sense in the source language."""
    value = _read(number, source)
    if value is None:
        return number
    whole, decimals = value
    if len(whole) > 4:
        whole = f"{int(whole):,}".replace(",", _grouping(target))
    mark = "," if target in _COMMA else "."
    return f"{whole}{mark}{decimals}" if decimals else whole


def _read(number: str, language: str) -> tuple[str, str] | None:
    mark = "," if language in _COMMA else "."
    grouping = "." if mark == "," else ","
    whole, _, decimals = number.partition(mark)
    if _GROUPED.fullmatch(whole) and mark not in whole and decimals.isdigit() | (not decimals):
        return whole.replace(grouping, ""), decimals
    if whole.isdigit() and decimals.isdigit():
        return whole, decimals
    # Not everybody keeps to the mark of their language: 3.5 cannot be anything but a decimal.
    whole, _, decimals = number.partition(grouping)
    return (whole, decimals) if whole.isdigit() and decimals.isdigit() else None


def _grouping(language: str) -> str:
    if language in _GROUPED_BY_BLANK:
        return "\N{NO-BREAK SPACE}"
    return "." if language in _COMMA else ","


def _dated(number: str) -> bool:
    """Whether it only looks like a number: 12.03.2024, 1.2.3."""
    return bool(re.fullmatch(r"\d+(?:\.\d+){2,}", number)) and not _GROUPED.fullmatch(number)
