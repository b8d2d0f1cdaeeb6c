"""Text as a synthesiser can be given it: plain, and in sentences."""

import re
import unicodedata
from collections.abc import Iterator

_MOST_WORDS = 40

_SENTENCE_END = re.compile(
    r"""(?<=[.!?…][\s"'”’»)])\s* | (?<=[。！？]) | (?<=[.!?…])\s+""",  # noqa: RUF001
    re.VERBOSE,
)
_ABBREVIATION = re.compile(r"(^|\s)(\w\.)+$|(^|\s)[A-Z][b-df-hj-np-tv-xz]{0,2}a?\.$")
_CLAUSE_END = tuple(",;:—،，；、")  # noqa: RUF001


def plain(text: str) -> str:
    """The text in one line without control characters, halves of surrogate pairs, or the like."""
    clean = (" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text)
    return " ".join("".join(clean).split())


def speakable(text: str) -> bool:
    """Whether there is anything in the text to say: a letter, a digit, a sign with a name."""
    return any(unicodedata.category(c)[0] in "LNS" or c in "%&@" for c in text)


def sentences(text: str) -> Iterator[str]:
    """The text's sentences in order, nothing lost but blanks; very long ones in parts.

    "Dr. Paz" and "p. m." do not end one.
    """
    held = ""
    for part in _SENTENCE_END.split(plain(text)):
        held = f"{held} {part}".strip()
        if held and not _ABBREVIATION.search(held):
            yield from _portions(held)
            held = ""
    yield from _portions(held)


def _portions(sentence: str) -> Iterator[str]:
    """At most _MOST_WORDS words at a time, split after a comma where there is one."""
    words = sentence.split()
    while len(words) > _MOST_WORDS:
        late = range(_MOST_WORDS, _MOST_WORDS // 2, -1)
        cut = next((i for i in late if words[i - 1].endswith(_CLAUSE_END)), _MOST_WORDS)
        yield " ".join(words[:cut])
        words = words[cut:]
    if words:
        yield " ".join(words)
