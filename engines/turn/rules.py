"""The turn judge that is always there: whether the words can be a whole sentence, corrected by how
their end sounds."""

import math

from core.types import AudioChunk, Word
from engines.turn.prosody import prosody
from engines.turn.syntax import completeness, plain

_UNKNOWN = 0.5


class RulesTurn:
    """A sentence whose words are complete and which ends on a falling voice gets 0.85 and more,
    one that stops after "because" hardly anything, whatever its melody. Of a language without a
    table, and before there are words, the voice alone decides, and more cautiously."""

    def complete(self, audio: AudioChunk, words: tuple[Word, ...], language: str) -> float:
        by_words = completeness(plain(words), language)
        sound = prosody(audio)
        belief = _UNKNOWN if by_words is None else by_words
        patience = 2.5 * min(0.6, max(0.0, sound.pause - 0.15))
        return _chance(_odds(belief) + sound.closing + patience)

    def close(self) -> None:
        """Holds nothing."""


def _odds(chance: float) -> float:
    return math.log(chance / (1.0 - chance))


def _chance(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-odds))
