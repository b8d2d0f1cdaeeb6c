"""When each sound and each word is said, from the samples that Piper spent on each sign.

Its signs are letters of the phonetic alphabet with what is written around them: marks of stress
before a sound, of length behind it, blanks between words, punctuation.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from core.mouth import Phone
from core.types import Word

_BEFORE = frozenset("ˈˌ'")
_CLOSED = 0.7
"""The part of a stop in which the lips are closed; the burst is the rest."""
_STOPS = frozenset("pb")


def phones(alignments: Iterable[tuple[str, int]], rate: int, begin: float) -> list[Phone]:
    """Sounds and pauses without a gap; marks belong to the sound that they change."""
    found: list[Phone] = []
    at, waiting = begin, 0.0
    for sign, samples in alignments:
        length = samples / rate
        if sign in _BEFORE:
            waiting += length
        elif found and found[-1].name and _is_mark(sign):
            last = found.pop()
            found.append(Phone(last.name + sign, last.start, at + length))
            at += length
        else:
            name = sign if sign.isalpha() else ""
            found.append(Phone(name, at, at + waiting + length))
            at, waiting = at + waiting + length, 0.0
    return [part for phone in found for part in _closed(phone)]


def words(text: str, sounds: Sequence[Phone]) -> tuple[Word, ...]:
    """The words of the text with the times of their sounds. Where the voice runs words together,
    the time is shared out by their letters."""
    wanted = [word for word in text.split() if any(map(str.isalnum, word))]
    groups = list(_groups(sounds))
    if not wanted or not groups:
        return ()
    if len(groups) == len(wanted):
        return tuple(Word(word, *times) for word, times in zip(wanted, groups, strict=True))
    start, end = groups[0][0], groups[-1][1]
    letters = sum(map(len, wanted))
    said, done = [], 0
    for word in wanted:
        first, done = done, done + len(word)
        said.append(Word(word, *(start + (end - start) * part / letters for part in (first, done))))
    return tuple(said)


def _groups(sounds: Sequence[Phone]) -> Iterator[tuple[float, float]]:
    """From the first to the last sound between two pauses; Piper writes one between words."""
    start: float | None = None
    end = 0.0
    for sound in sounds:
        if sound.name:
            start, end = (sound.start if start is None else start), sound.end
        elif start is not None:
            yield start, end
            start = None
    if start is not None:
        yield start, end


def _is_mark(sign: str) -> bool:
    """Length, tone, and accents that stand behind their letter."""
    return all(unicodedata.category(letter) in ("Lm", "Mn", "Sk") for letter in sign)


def _closed(phone: Phone) -> Iterator[Phone]:
    if phone.name[:1] in _STOPS:
        burst = phone.start + _CLOSED * (phone.end - phone.start)
        yield Phone(phone.name, phone.start, burst)
        yield Phone("h", burst, phone.end)  # the lips go where the next sound wants them
    else:
        yield phone
