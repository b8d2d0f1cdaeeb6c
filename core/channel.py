"""What joins two lanes: a bounded queue that says what happens when it is full.

`Channel` is the contract, `LocalChannel` the one inside this process; the one between machines is
in engines/broker. One lane puts, one gets; `cancel` and the counters may be used from any thread.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")

PAUSES_S = (0.25, 1.0)
"""Before the second and the third attempt at an item that was rejected; there is no fourth."""


class Closed(Exception):
    """The channel carries nothing any more."""


class Full(Enum):
    """What `put` does when the channel is full."""

    WAIT = "wait"  # speech: no word is lost
    DROP_NEWEST = "drop the newest and count"
    KEEP_LATEST = "drop the oldest and count"  # what only the newest of matters


class Channel(Protocol[T]):
    def put(self, item: T) -> bool:
        """Hand an item over. False when it was dropped or nobody gets any more."""
        ...

    def get(self, timeout: float | None = None) -> T:
        """The oldest item, which stays `pending` until `ack`. Raises Closed when the channel
        has ended, TimeoutError when nothing came in time."""
        ...

    def ack(self) -> None:
        """The item got last is done with."""
        ...

    def reject(self, reason: str = "") -> bool:
        """The item got last could not be done. True: it is offered again after a pause (see
        PAUSES_S). False: this was its last attempt, it has been given up."""
        ...

    def close(self) -> None:
        """Nothing more will be put; what is inside can still be got."""
        ...

    def cancel(self) -> None:
        """Drop everything, wake everybody, carry nothing any more."""
        ...

    @property
    def pending(self) -> int:
        """Items put and not yet acknowledged."""
        ...


@dataclass(frozen=True, slots=True)
class _Offer(Generic[T]):
    item: T
    rejections: int = 0
    not_before: float = 0.0


class LocalChannel(Generic[T]):
    """A bounded queue by reference between two threads.

    With `supersedes(new, old)`, a new item takes the place of waiting ones that it makes
    superfluous (a draft of a segment that has grown since); this is no loss and not counted.
    `entered` is told each item as it is put, on the thread that puts it. A rejected item keeps
    its place: what follows waits with it.
    """

    def __init__(
        self,
        name: str,
        depth: int = 16,
        full: Full = Full.WAIT,
        supersedes: Callable[[T, T], bool] = lambda new, old: False,
        entered: Callable[[T], None] = lambda item: None,
    ) -> None:
        self.name = name
        self.dropped = 0
        self._depth = depth
        self._full = full
        self._supersedes = supersedes
        self._entered = entered
        self._offers: deque[_Offer[T]] = deque()
        self._in_hand: list[_Offer[T]] = []
        self._closed = self._cancelled = False
        self._changed = threading.Condition()

    @property
    def pending(self) -> int:
        return len(self._offers) + len(self._in_hand)

    def put(self, item: T) -> bool:
        with self._changed:
            self._forget_superseded(item)
            if not self._make_room():
                return False
            self._entered(item)
            self._offers.append(_Offer(item))
            self._changed.notify_all()
            return True

    def get(self, timeout: float | None = None) -> T:
        until = None if timeout is None else time.monotonic() + timeout
        with self._changed:
            while (pause := self._not_yet()) != 0:
                left = None if until is None else until - time.monotonic()
                if left is not None and left <= 0:
                    raise TimeoutError(f"nothing came through {self.name} in {timeout} s")
                self._changed.wait(_shorter(left, pause))
            offer = self._offers.popleft()
            self._in_hand.append(offer)
            self._changed.notify_all()
            return offer.item

    def ack(self) -> None:
        with self._changed:
            self._in_hand.pop()

    def reject(self, reason: str = "") -> bool:
        with self._changed:
            offer = self._in_hand.pop()
            if offer.rejections == len(PAUSES_S) or self._cancelled:
                return False
            moment = time.monotonic() + PAUSES_S[offer.rejections]
            again = replace(offer, rejections=offer.rejections + 1, not_before=moment)
            self._offers.appendleft(again)
            self._changed.notify_all()
            return True

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def cancel(self) -> None:
        with self._changed:
            self._closed = self._cancelled = True
            self._offers.clear()
            self._changed.notify_all()

    def _not_yet(self) -> float | None:
        """Seconds until there is something to get, None when nobody knows. Raises Closed."""
        if self._offers:
            return max(0.0, self._offers[0].not_before - time.monotonic())
        if self._closed:
            raise Closed(self.name)
        return None

    def _forget_superseded(self, item: T) -> None:
        kept = [old for old in self._offers if not self._supersedes(item, old.item)]
        if len(kept) < len(self._offers):
            self._offers = deque(kept)

    def _make_room(self) -> bool:
        if len(self._offers) >= self._depth and self._full is Full.KEEP_LATEST:
            self._offers.popleft()
            self.dropped += 1
        if self._full is Full.WAIT:
            self._changed.wait_for(lambda: len(self._offers) < self._depth or self._closed)
        if self._closed or len(self._offers) >= self._depth:
            self.dropped += 1
            return False
        return True


def _shorter(one: float | None, other: float | None) -> float | None:
    known = [seconds for seconds in (one, other) if seconds is not None]
    return min(known, default=None)
