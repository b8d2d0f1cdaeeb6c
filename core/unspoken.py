"""What is left to say of a translation whose voice broke off.

It begins with a word as the voice tells them. Where a voice tells a whole sentence as one word, as
some do of Chinese and Japanese, that sentence is said again.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.errors import RestLost
from core.types import Speech, Translation, Word

_HARDLY = 0.03
"""A word that lacks fewer seconds than that was said."""
_QUIET = 0.003
"""Of full scale, -50 dB; what stays below is a pause."""
_LETTER = "A-Za-zªºÀ-ԯ"
"""Of scripts that set blanks between words: 3本 are two."""
_GOES_ON = re.compile(
    rf"\d*(?:['’‐‑-]+\w+|(?<=\d)[.,:]\d+|(?<=\d)[{_LETTER}][{_LETTER}\d]*)*"  # noqa: RUF001
)
"""The rest of a written word of which the voice tells the beginning alone: can't, e-mail, 1,000,
4th."""
_BEHIND = " ,.;:!?…)»”\"'’—–。、，！？؟،"  # noqa: RUF001


def unspoken(translation: Translation, given: Sequence[Speech]) -> Translation | None:
    """The translation with the text that these pieces of its voice have not said, from the word on
    that was broken off; None when all was said. RestLost where the voice does not tell the words
    of what it said last."""
    if given[-1].last:
        return None
    text = translation.text[_end(translation.text, *_said(given)) :].lstrip(_BEHIND)
    return replace(translation, text=text) if any(map(str.isalnum, text)) else None


def _said(given: Sequence[Speech]) -> tuple[list[Word], Word | None]:
    """The words, and the one that was broken off at last. A word that was broken off in a piece
    counts if the next goes on behind it, and not if that begins with it: another voice took over
    there, and it is told twice. RestLost where the last sound has no words, and is not the rest of
    such a word."""
    said: list[Word] = []
    broken: Word | None = None
    told = False
    for piece in given:
        if piece.words:
            told = True
        elif _sounds(piece):
            told = broken is not None
            said += [broken] if broken is not None else []
            broken = None
        for word in piece.words:
            if broken is not None and broken.text != word.text:
                said.append(broken)
            broken = None if _whole(word, piece) else word
            if broken is None:
                said.append(word)
    if not told:
        raise RestLost("A voice broke off in a sentence, and does not tell at which word.")
    return said, broken


def _sounds(piece: Speech) -> bool:
    return bool((np.abs(piece.audio.samples) > _QUIET).any())


def _whole(word: Word, piece: Speech) -> bool:
    return word.end <= piece.audio.duration + _HARDLY


def _end(text: str, said: Sequence[Word], broken: Word | None) -> int:
    """Where the last of the words ends in the text, which has them in their order."""
    at = 0
    for word in said:
        found = _find(text, word.text, at)
        if found >= 0:
            at = found + len(word.text)
    until = _find(text, broken.text, at) if broken is not None else -1
    more = _GOES_ON.match(text, at, until if until >= 0 else len(text)) if at else None
    return more.end() if more is not None else at


def _find(text: str, word: str, at: int) -> int:
    """Where the word is, rather on its own than inside another; -1 if nowhere."""
    first = found = text.find(word, at)
    while found >= 0 and (_joined(text, found) or _joined(text, found + len(word))):
        found = text.find(word, found + 1)
    return found if found >= 0 else first


def _joined(text: str, at: int) -> bool:
    """Whether letters of one word meet there. Those of a script without capitals may be two."""
    return 0 < at < len(text) and all(c.lower() != c.upper() for c in text[at - 1 : at + 1])
