"""What joins two lanes: a bounded queue that says what happens when it is full.

`Channel` is the contract, `LocalChannel` the one inside this process. One lane puts, one gets;
`cancel` and the counters may be used from any thread.
"""

import threading
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")


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


class LocalChannel(Generic[T]):
    """A bounded queue by reference between two threads.

    With `supersedes(new, old)`, a new item takes the place of waiting ones that it makes
    superfluous (a draft of a segment that has grown since); this is no loss and not counted.
    """

    def __init__(
        self,
        name: str,
        depth: int = 16,
        full: Full = Full.WAIT,
        supersedes: Callable[[T, T], bool] = lambda new, old: False,
    ) -> None:
        self.name = name
        self.dropped = 0
        self._depth = depth
        self._full = full
        self._supersedes = supersedes
        self._items: deque[T] = deque()
        self._in_hand = 0
        self._closed = False
        self._changed = threading.Condition()

    @property
    def pending(self) -> int:
        return len(self._items) + self._in_hand

    def put(self, item: T) -> bool:
        with self._changed:
            self._forget_superseded(item)
            if not self._make_room():
                return False
            self._items.append(item)
            self._changed.notify_all()
            return True

    def get(self, timeout: float | None = None) -> T:
        with self._changed:
            if not self._changed.wait_for(lambda: self._items or self._closed, timeout):
                raise TimeoutError(f"nothing came through {self.name} in {timeout} s")
            if not self._items:
                raise Closed(self.name)
            self._in_hand += 1
            item = self._items.popleft()
            self._changed.notify_all()
            return item

    def ack(self) -> None:
        with self._changed:
            self._in_hand -= 1

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def cancel(self) -> None:
        with self._changed:
            self._closed = True
            self._items.clear()
            self._changed.notify_all()

    def _forget_superseded(self, item: T) -> None:
        kept = [old for old in self._items if not self._supersedes(item, old)]
        if len(kept) < len(self._items):
            self._items = deque(kept)

    def _make_room(self) -> bool:
        if len(self._items) >= self._depth and self._full is Full.KEEP_LATEST:
            self._items.popleft()
            self.dropped += 1
        if self._full is Full.WAIT:
            self._changed.wait_for(lambda: len(self._items) < self._depth or self._closed)
        if self._closed or len(self._items) >= self._depth:
            self.dropped += 1
            return False
        return True
