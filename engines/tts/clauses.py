"""A sentence in parts that can be spoken one after the other, so that the first sound need not
wait for the last word."""

import re
from collections.abc import Iterator

from engines.tts.text import sentences, speakable

_CLAUSE_END = re.compile(r"(?<=[,;:—،；、，])\s+")  # noqa: RUF001
_FEWEST, _FIRST, _MOST = 3, 8, 16
"""Words of a part: at least; where no comma ends it, at most: of the first one, of another."""

_PAUSES = (0.12, 0.28)
"""Seconds after a part and after a sentence."""


def parts(text: str) -> Iterator[tuple[str, float]]:
    """What to say, and how long to pause after it. Nothing is lost but what cannot be said."""
    within, between = _PAUSES
    for sentence in sentences(text):
        spoken = [part for part in _parts(sentence) if speakable(part)]
        for number, part in enumerate(spoken, 1):
            ends = number == len(spoken)
            pause = between if ends else within if part.endswith(tuple(",;:—")) else 0.0
            yield part, pause


def _parts(sentence: str) -> Iterator[str]:
    held = ""
    first = True
    for clause in _CLAUSE_END.split(sentence):
        held = f"{held} {clause}".strip()
        if len(held.split()) >= _FEWEST:
            yield from _portions(held, _FIRST if first else _MOST)
            held, first = "", False
    if held:
        yield held


def _portions(clause: str, most: int) -> Iterator[str]:
    """A clause that is too long is cut where it hurts least: a cut in mid-phrase is heard, so
    one that is only a little too long is left alone."""
    words = clause.split()
    while len(words) > most + _FEWEST:
        yield " ".join(words[:most])
        words, most = words[most:], _MOST
    if words:
        yield " ".join(words)
