"""A clause whose first sound leaves before its last is made: where it is cut, and its pieces."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.mouth import Phone, mouth_track
from core.types import MouthTrack, Samples, Word
from engines.tts.utterance import Utterance, led_in, led_out, moved, sounds, trimmed

_EARLIEST, _LATEST = 0.45, 0.9
"""Seconds of voice that leave first: enough for a busy machine to make the rest meanwhile."""
_LEFT = 0.4
"""A rest that is shorter is not worth it."""
_CLOSED = frozenset("pbtdkɡgqʔ")  # noqa: RUF001
_NOISY = frozenset("sfʃxhθçɕʂχ")
_VOICED = 3


@dataclass(frozen=True)
class Planned:
    """What will be said; its times are known before there is sound. `sound` makes the stretch from
    one sample to another, both multiples of `hop`, or to the end, `size`."""

    size: int
    rate: int
    hop: int
    phones: Sequence[Phone]
    words: Sequence[Word]
    sound: Callable[[int, int], Samples]

    def utterance(self, samples: Samples) -> Utterance:
        return Utterance(samples, self.rate, self.phones, self.words)


@dataclass(frozen=True)
class Piece:
    samples: Samples
    words: tuple[Word, ...]
    mouth: MouthTrack
    last: bool = True


def whole(planned: Planned, pause: float) -> Iterator[Piece]:
    said = trimmed(planned.utterance(planned.sound(0, planned.size)), pause)
    mouth = mouth_track(said.phones, len(said.samples) / said.rate)
    yield Piece(said.samples, tuple(said.words), mouth)


def early(planned: Planned, pause: float) -> Iterator[Piece]:
    """In two pieces, each with its mouth, where that is worth it; the sound of both is, one behind
    the other, what `trimmed` makes of all."""
    cut = place(planned)
    if not cut or not sounds(head := planned.sound(0, cut)):
        yield from whole(planned, pause)
        return
    first, by = led_in(head, planned.rate)
    rest = (planned.size - cut) / planned.rate
    yield _piece(planned, first, by, (0.0, len(first) / planned.rate), rest)
    second = led_out(planned.sound(cut, planned.size), planned.rate, pause)
    times = (len(first) / planned.rate, (len(first) + len(second)) / planned.rate)
    yield _piece(planned, second, by, times)


def place(planned: Planned) -> int:
    """Where to cut, in samples, best where nothing sounds: in a pause, where a stop closes, in a
    noise; nowhere else, since each piece may be stretched by itself. 0 to leave it whole."""
    named = [phone for phone in planned.phones if phone.name]
    if not named:
        return 0
    earliest = named[0].start + _EARLIEST
    latest = min(named[0].start + _LATEST, named[-1].end - _LEFT)
    starts = [
        (_loudness(phone.name[:1]), round(phone.start * planned.rate))
        for phone in planned.phones
        if earliest <= phone.start <= latest and _loudness(phone.name[:1]) < _VOICED
    ]
    return min((one for one in starts if one[1] % planned.hop == 0), default=(0, 0))[1]


def _loudness(sound: str) -> int:
    return (not sound, sound in _CLOSED, sound in _NOISY, True).index(True)


def _piece(
    planned: Planned, samples: Samples, by: int, times: tuple[float, float], rest: float = 0.0
) -> Piece:
    """The words and the mouth from one time to another, when all comes `by` samples earlier and
    `rest` seconds are still to follow; a word that goes on then ends there."""
    start, end = times
    length = np.zeros(round((end + rest) * planned.rate), np.float32)
    said = moved(planned.utterance(length), length, by / planned.rate)
    words = tuple(
        replace(word, start=word.start - start, end=word.end - start)
        for word in said.words
        if start <= word.start < end
    )
    mouth = mouth_track(said.phones, end + rest).between(start, end)
    return Piece(samples, words, mouth, last=not rest)
