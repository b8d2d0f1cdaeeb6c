"""Text as what a reader takes for single characters, never to be cut inside.

The extended grapheme clusters of Unicode (UAX 29), by what the standard library knows about
characters: marks and modifiers, joined emoji, flags, Korean syllables, Indic conjuncts.
"""

import unicodedata

_ZWJ = "\u200d"
_ZWNJ = "\u200c"
_INDIC = range(0x0900, 0x0E00)
_THAI_AM = "\u0e33\u0eb3"


def graphemes(text: str) -> list[str]:
    """The text in pieces that give the text when joined."""
    done: list[str] = []
    for char in text:
        if done and _joins(done[-1], char):
            done[-1] += char
        else:
            done.append(char)
    return done


def begins_grapheme(char: str) -> bool:
    """Whether the character can stand by itself behind other text."""
    return not _extends(char) and not 0x1160 <= ord(char) <= 0x11FF


def _joins(cluster: str, char: str) -> bool:
    last = cluster[-1]
    if _extends(char):
        return unicodedata.category(last) != "Cc"
    if last == _ZWJ:
        return _pictures(char) or _conjunct(cluster, char)
    if _flag(char):
        return len(cluster) == 1 and _flag(last)
    return _korean(last, char) or _conjunct(cluster, char)


def _extends(char: str) -> bool:
    """Marks, joiners, variation selectors, skin tones, and the tags of regional flags."""
    code = ord(char)
    if code < 0x300:
        return False
    return (
        char in (_ZWJ, _ZWNJ)
        or char in _THAI_AM
        or unicodedata.category(char) in ("Mn", "Me", "Mc")
        or 0x1F3FB <= code <= 0x1F3FF
        or 0xE0020 <= code <= 0xE007F
        or 0xFF9E <= code <= 0xFF9F
    )


def _pictures(char: str) -> bool:
    return unicodedata.category(char) in ("So", "Sm", "Sk", "Cn") and ord(char) > 0x2000


def _flag(char: str) -> bool:
    return 0x1F1E6 <= ord(char) <= 0x1F1FF


def _conjunct(cluster: str, char: str) -> bool:
    """A consonant behind a virama, in the scripts of India."""
    if ord(char) not in _INDIC or not char.isalpha():
        return False
    tail = cluster.rstrip(_ZWJ)
    return bool(tail) and ord(tail[-1]) in _INDIC and unicodedata.combining(tail[-1]) == 9


def _korean(last: str, char: str) -> bool:
    """Letters that make a syllable: leading ones, vowels, trailing ones."""
    before, after = ord(last), ord(char)
    leads = 0x1100 <= before <= 0x115F
    syllable = 0xAC00 <= before <= 0xD7A3
    vowel = 0x1160 <= before <= 0x11A7
    open_syllable = syllable and (before - 0xAC00) % 28 == 0
    if 0x1100 <= after <= 0x115F or 0xAC00 <= after <= 0xD7A3:
        return leads
    if 0x1160 <= after <= 0x11A7:
        return leads or vowel or open_syllable
    return 0x11A8 <= after <= 0x11FF and (vowel or syllable or 0x11A8 <= before <= 0x11FF)
