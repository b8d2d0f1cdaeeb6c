"""The running text of one language: units that are only ever appended, each with the moment from
which on it is to be seen."""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from core.captions.timing import times
from core.captions.units import Unit, ending, right_to_left, units, unread
from core.types import Word

PATIENCE = 2.0
"""Seconds that a segment's text waits for the rest of the segment before it."""
KEPT = 400
"""Units that are remembered, for a picture that changes its size."""


@dataclass(frozen=True, slots=True)
class Timed:
    """A unit, from when on it is seen, and the number of its segment."""

    unit: Unit
    time: float
    number: int


@dataclass(frozen=True)
class _Held:
    text: str
    since: float
    final: bool
    words: tuple[Word, ...] = ()


class RunningText:
    """Fed by any thread; what was appended is never taken back, except by `clear`.

    Segments come in the order of their numbers: the text of a later one is held until the one
    before is finished, for PATIENCE seconds at most. A segment that is late all the same is
    shown if nothing of it was.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.rtl = right_to_left(language)
        self._lock = threading.RLock()
        self._timed: deque[Timed] = deque(maxlen=KEPT)
        self._count = 0
        self._cleared = 0
        self._seen = float("-inf")
        self._shown: dict[int, list[Unit]] = {}
        self._finished: set[int] = set()
        self._open: int | None = None
        self._held: dict[int, _Held] = {}

    def hear(self, number: int, text: str, pts: float) -> None:
        """The transcript of a growing segment, in whole words."""
        self._take(number, _Held(text, pts, final=False))

    def finish(self, number: int, text: str, pts: float, words: Sequence[Word] = ()) -> None:
        """The segment's final text. `words` are those of the speaker on the session clock: what
        was not shown while it grew appears when it was said, but not before `pts`."""
        self._take(number, _Held(text, pts, True, tuple(words)))

    def say(
        self, number: int, text: str, words: Sequence[Word], start: float, *, last: bool = True
    ) -> None:
        """A voice says this text, or a further piece of it, from `start` on; the times of
        `words` are on the session clock. Each word appears as it is said."""
        with self._lock:
            if number not in self._finished:
                shown = self._shown.setdefault(number, [])
                rest = units(text, rtl=self.rtl)[len(shown) :]
                fresh = _spread(rest, words, start, last)
                self._append(number, fresh, start)
                shown += [unit for unit, _ in fresh]
            if last:
                self._finish(number)

    def close(self, number: int, pts: float) -> None:
        """Nothing more is to come of this segment."""
        with self._lock:
            held = self._held.get(number)
            if held is None or not held.final:
                self._held.pop(number, None)
                self._finish(number)
            self._release(pts)

    def clear(self) -> None:
        """Everything goes from the screen at once, and what was to come does not come."""
        with self._lock:
            self._finished.update(self._held, self._shown)
            self._timed.clear()
            self._held.clear()
            self._shown.clear()
            self._open = None
            self._cleared = self._count

    def since(self, count: int, pts: float) -> tuple[int, list[Timed]]:
        """How many units there have been, and those after the first `count`, as far as they are
        remembered. `pts` is the moment that is drawn: what comes later is never seen earlier.
        A caller whose `count` is below `cleared` must forget what it has."""
        with self._lock:
            self._seen = max(self._seen, pts)
            if self._held and pts > min(held.since for held in self._held.values()) + PATIENCE:
                self._finish(self._open)
                self._release(pts)
            wanted = min(self._count - count, len(self._timed))
            fresh = [self._timed[at] for at in range(len(self._timed) - wanted, len(self._timed))]
            return self._count, fresh

    @property
    def cleared(self) -> int:
        """How many units there had been when it was last cleared."""
        return self._cleared

    def _take(self, number: int, held: _Held) -> None:
        with self._lock:
            if number in self._finished:
                return
            if self._open is not None and number > self._open:
                before = self._held.get(number)
                since = before.since if before else held.since
                self._held[number] = _Held(held.text, since, held.final, held.words)
            elif held.final or self._open in (None, number):
                self._show(number, held, held.since)
                self._release(held.since)

    def _show(self, number: int, held: _Held, pts: float) -> None:
        text = units(held.text, rtl=self.rtl, growing=not held.final)
        shown = self._shown.setdefault(number, [])
        done, lacks = unread(shown, text)
        if lacks:
            self._append(number, [(ending(lacks), pts)], pts)
            shown[-1] = text[done - 1]
        when = times(text, held.words) if held.words else [None] * len(text)
        fresh = zip(text[done:], when[done:], strict=True)
        self._append(number, [(unit, pts if at is None else at) for unit, at in fresh], pts)
        shown += text[done:]
        if held.final:
            self._finish(number)
        else:
            self._open = number

    def _release(self, pts: float) -> None:
        """Shows what was held back, up to a segment that is still growing."""
        while self._held and self._open is None:
            number = min(self._held)
            self._show(number, self._held.pop(number), pts)

    def _finish(self, number: int | None) -> None:
        if number is None:
            return
        self._finished.add(number)
        self._shown.pop(number, None)
        if self._open == number:
            self._open = None

    def _append(self, number: int, fresh: Sequence[tuple[Unit, float]], pts: float) -> None:
        latest = max(pts, self._seen, self._timed[-1].time if self._timed else pts)
        for unit, moment in fresh:
            latest = max(latest, moment)
            self._timed.append(Timed(unit, latest, number))
        self._count += len(fresh)


def _spread(
    rest: Sequence[Unit], words: Sequence[Word], start: float, last: bool
) -> list[tuple[Unit, float]]:
    """The units with their times, up to where this piece of the voice ends."""
    found = times(rest, words) if words else [None] * len(rest)
    latest, done = start, []
    for unit, moment in zip(rest, found, strict=True):
        if moment is None and not last:
            break
        latest = max(latest, moment if moment is not None else start)
        done.append((unit, latest))
    return done
