"""Text in the stream format that Apertium's programs speak among themselves."""

import re
import unicodedata
from collections.abc import Iterator

from engines.mt.chain import LONGEST

_ESCAPED = str.maketrans({c: "\\" + c for c in "\\[]{}^$@<>/"} | {"~": "[~]"})
_PLAIN = re.compile(r"\\(.)|[\[\]]", re.DOTALL)
_SENTENCE_END = re.compile(r"(?<=[.!?…;:])\s+")

# Unknown words, words without a translation and words without a form, where a pair marks them
# although it was told not to: *word, @word, #word, word#.
_MARKS = re.compile(r"(?<!\S)[*@#](?=\w)|(?<=\w)#(?!\S)")
_LOOSE = re.compile(r" ([.,;:!?])(?= |$)")

_PIECE = LONGEST // 8
"""Characters of a piece: each takes up to four bytes, or two when it has to be escaped."""


def encode(text: str) -> bytes:
    """What Apertium must see as plain text; "~" would be swallowed, so it travels as format."""
    return text.translate(_ESCAPED).encode("utf-8", "ignore")


def decode(stream: bytes) -> str:
    """Plain text again; the brackets that are not escaped belong to the format."""
    text = _PLAIN.sub(lambda match: match[1] or "", stream.decode("utf-8", "replace"))
    return " ".join(text.split())


def tidy(line: str) -> str:
    """Single spaces, and none of the control characters that mean something to the programs."""
    kept = (" " if unicodedata.category(c) == "Cc" else c for c in line)
    return " ".join("".join(kept).split())


def cleaned(text: str, source: str) -> str:
    """A translation without the marks and the blanks before punctuation that `source` lacks."""
    if not _MARKS.search(source):
        text = _MARKS.sub("", text)
    return text if _LOOSE.search(source) else _LOOSE.sub(r"\1", text)


def pieces(line: str) -> Iterator[str]:
    """A tidy line cut at sentence ends into what a pipe can hold; at a space or anywhere when a
    sentence is longer than that."""
    if len(line) <= _PIECE:
        yield line
        return
    piece = ""
    for part in _SENTENCE_END.split(line):
        joined = f"{piece} {part}".strip()
        if len(joined) <= _PIECE:
            piece = joined
            continue
        if piece:
            yield piece
        *full, piece = _cut(part)
        yield from full
    if piece:
        yield piece


def _cut(sentence: str) -> list[str]:
    parts = []
    while len(sentence) > _PIECE:
        at = sentence.rfind(" ", 1, _PIECE)
        at = at if at > 0 else _PIECE
        parts.append(sentence[:at])
        sentence = sentence[at:].lstrip()
    return [*parts, sentence]
