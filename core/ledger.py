"""Who is still on the way: every segment from its cut until it has met its fate."""

import threading
from collections import Counter
from collections.abc import Callable

from core.events import Fate
from core.types import Segment


class Ledger:
    """Any thread may write. A segment is settled once; what comes later about it is ignored."""

    def __init__(self, settled: Callable[[int, Fate, str], None] = lambda *_: None) -> None:
        self.fates: Counter[Fate] = Counter()
        self._open: dict[int, float] = {}
        self._settled = settled
        self._lock = threading.Lock()

    @property
    def open(self) -> int:
        return len(self._open)

    @property
    def oldest(self) -> float:
        """Start of the earliest segment on its way; infinity when there is none."""
        with self._lock:
            return min(self._open.values(), default=float("inf"))

    def enter(self, segment: Segment) -> None:
        with self._lock:
            self._open[segment.number] = segment.start

    def settle(self, number: int, fate: Fate, reason: str = "") -> None:
        with self._lock:
            if self._open.pop(number, None) is None:
                return
            self.fates[fate] += 1
        self._settled(number, fate, reason)

    def cancel(self) -> None:
        """Everything on its way is given up."""
        for number in list(self._open):
            self.settle(number, Fate.CANCELLED)
