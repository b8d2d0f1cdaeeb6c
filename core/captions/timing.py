"""When each unit of a text is said, from the words of the voice: they need not be written alike."""

from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np

from core.captions.units import Unit, letters
from core.types import Word

_CHANCE = 3
"""Fewer letters than this at the very end may be alike by chance."""


def times(units: Sequence[Unit], words: Sequence[Word]) -> list[float | None]:
    """When each unit begins; None for those behind the last word that was found in the text."""
    spoken = [(letters(word.text), word) for word in words]
    keys = [letters(unit.text) for unit in units]
    if keys == [key for key, _ in spoken]:
        return [word.start for word in words]
    return _by_letters(keys, spoken)


def evenly(count: int, start: float, end: float) -> list[float]:
    """The times of `count` units of which nothing else is known."""
    return [start + (end - start) * at / max(1, count) for at in range(count)]


def _by_letters(keys: Sequence[str], spoken: Sequence[tuple[str, Word]]) -> list[float | None]:
    """Each unit at the time of its first letter, between those that the voice has too."""
    clock = [
        word.start + (word.end - word.start) * at / len(key)
        for key, word in spoken
        for at in range(len(key))
    ]
    text, said = "".join(keys), "".join(key for key, _ in spoken)
    matcher = SequenceMatcher(None, text, said, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    while len(blocks) > 1 and blocks[-1].size < _CHANCE:
        blocks.pop()
    pairs = [(one.a + at, clock[one.b + at]) for one in blocks for at in range(one.size)]
    if not pairs:
        return [None] * len(keys)
    found, when = np.array(pairs).T
    firsts = np.cumsum([0, *map(len, keys)])[:-1]
    moments = np.interp(firsts, found, np.maximum.accumulate(when))
    return [
        float(moment) if first <= found[-1] else None
        for first, moment in zip(firsts, moments, strict=True)
    ]
