"""What is left to say of a translation whose voice broke off."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from core.errors import EngineFailed
from core.types import Speech, Translation, Word

_HARDLY = 0.03
"""A word that lacks fewer seconds than that was said."""
_BEHIND = " ,.;:!?…)»”\"'’—–。、，！？؟،"  # noqa: RUF001


def unspoken(translation: Translation, given: Sequence[Speech]) -> Translation | None:
    """The translation with the text that these pieces of its voice have not said, from the word on
    that was broken off; None when all was said. EngineFailed where the voice tells no words."""
    if given[-1].last:
        return None
    *before, last = given
    if not any(piece.words for piece in given):
        raise EngineFailed("A voice broke off in a sentence, and does not tell at which word.")
    said = (*chain.from_iterable(piece.words for piece in before), *_whole(last))
    text = translation.text[_end(translation.text, said) :].lstrip(_BEHIND)
    return replace(translation, text=text) if any(map(str.isalnum, text)) else None


def _whole(piece: Speech) -> tuple[Word, ...]:
    """The words of a piece but one that goes on in the next."""
    until = piece.audio.duration + _HARDLY
    return tuple(word for word in piece.words if word.end <= until)


def _end(text: str, said: Sequence[Word]) -> int:
    """Where the last of the words ends in the text, which has them in their order."""
    at = 0
    for word in said:
        found = text.find(word.text, at)
        if found >= 0:
            at = found + len(word.text)
    return at
