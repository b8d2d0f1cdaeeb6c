"""Who has the floor: whether a translation is on its way, and for how long its voice will speak."""

import threading
from dataclasses import dataclass

REMEMBERED = 60.0
"""Seconds for which a voice that ended is kept: pictures are drawn later than voices are placed."""


@dataclass(frozen=True, slots=True)
class Floor:
    """A translation is on its way. `left`: seconds until its voice ends, None while that is not
    known; `share`: how much of it is still to come, from 1 to 0."""

    left: float | None
    share: float


@dataclass(slots=True)
class _Turn:
    since: float
    until: float | None = None


class FloorWatch:
    """Told what becomes of each segment, says at any moment who has the floor. Any thread."""

    def __init__(self) -> None:
        self._turns: dict[int, _Turn] = {}
        self._lock = threading.Lock()

    def expect(self, number: int, pts: float) -> None:
        """A translation of this segment is on its way."""
        with self._lock:
            self._turns.setdefault(number, _Turn(pts))

    def speak(self, number: int, start: float, end: float) -> None:
        """Its voice, or a further piece of it, is heard from `start` to `end`."""
        with self._lock:
            turn = self._turns.setdefault(number, _Turn(start))
            turn.until = max(end, turn.until or end)
            for known in [n for n, t in self._turns.items() if _over(t, start - REMEMBERED)]:
                del self._turns[known]

    def settle(self, number: int) -> None:
        """Its fate is known: if no voice was placed, none comes."""
        with self._lock:
            turn = self._turns.get(number)
            if turn is not None and turn.until is None:
                del self._turns[number]

    def clear(self) -> None:
        with self._lock:
            self._turns.clear()

    def at(self, pts: float) -> Floor | None:
        with self._lock:
            running = [t for t in self._turns.values() if t.since <= pts and not _over(t, pts)]
            ends = [turn.until for turn in running if turn.until is not None]
        if not running:
            return None
        if not ends:
            return Floor(None, 1.0)
        until, since = max(ends), min(turn.since for turn in running)
        return Floor(until - pts, (until - pts) / (until - since))


def _over(turn: _Turn, pts: float) -> bool:
    return turn.until is not None and turn.until <= pts
