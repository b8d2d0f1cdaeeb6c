"""Capital letters of a translation, made to follow those of its source."""

import re
from collections.abc import Collection

_WORD = re.compile(r"[^\W\d_][\w'\u2019]*")
_STARTS = re.compile(r"(?:^|[.!?…]\s+)[^\w\s]*\s*([^\W\d_][\w'\u2019]*)")

# Languages in which hardly anything but names has a capital inside a sentence.
_FEW_CAPITALS = frozenset({"an", "ast", "ca", "eo", "es", "fr", "gl", "it", "oc", "pt", "ro", "sc"})

_SMALL = (
    "a an and are as at be but by do does for from had has have he her his if in is it its my no"
    " not of on or our she so that the their them there these they this to was we were what when"
    " where which who will with would you your"
)
_SMALL_WORDS = frozenset(_SMALL.split())


def capitalised(text: str) -> str:
    """The first letter, and only if the text starts with it or with marks before it, as a
    capital: "¿qué?" becomes "¿Qué?", "3 cats" stays."""
    for index, char in enumerate(text):
        if char.isalpha():
            return text[:index] + char.upper() + text[index + 1 :]
        if char.isdigit():
            break
    return text


def match_case(source: str, translated: str, language: str) -> str:
    """`translated` with a capital where a sentence starts if the source has one there, and
    without those that a translator brought inside from a word it moved or dropped."""
    first = next((char for char in source if char.isalnum()), "")
    if not _inner_capitals(source, translated):
        translated = _lowered(translated, language, set(_WORD.findall(source)), first.islower())
    return capitalised(translated) if first.isupper() else translated


def _inner_capitals(source: str, translated: str) -> bool:
    """Whether the source has capitals inside a sentence, other than of words that came through
    as they were and of the English I."""
    unchanged = set(_WORD.findall(translated))
    starts = {match.start(1) for match in _STARTS.finditer(source)}
    return any(
        word[0][0].isupper()
        and word.start() not in starts
        and word[0] not in unchanged
        and re.split(r"['\u2019]", word[0])[0] != "I"
        for word in _WORD.finditer(source)
    )


def _lowered(text: str, language: str, kept: Collection[str], from_start: bool) -> str:
    starts = {match.start(1) for match in _STARTS.finditer(text) if match.start() or not from_start}
    first, second = ([*_WORD.finditer(text, endpos=200), None, None])[:2]
    # A first word that nobody knows hands its capital on to the next.
    handed_on = second.start() if first and second and first[0] in kept else -1

    def lower(match: re.Match[str]) -> str:
        word = match[0]
        small = language in _FEW_CAPITALS or (
            language == "en" and (word.lower() in _SMALL_WORDS or match.start() == handed_on)
        )
        name = word in kept or match.start() in starts or (len(word) > 1 and word.isupper())
        return word if name or not small else word[0].lower() + word[1:]

    return _WORD.sub(lower, text)
