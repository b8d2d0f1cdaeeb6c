"""Who is next: jobs in order of arrival, but no owner's pile keeps another's first one waiting."""

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Queued(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def owner(self) -> str: ...


Q = TypeVar("Q", bound=Queued)


class Turns:
    """Whose turn it is. For one thread at a time."""

    def __init__(self) -> None:
        self._served: dict[str, int] = {}
        self._running: dict[str, int] = {}
        self._count = 0

    def begin(self, owner: str) -> None:
        self._count += 1
        self._served[owner] = self._count
        self._running[owner] = self._running.get(owner, 0) + 1

    def end(self, owner: str) -> None:
        self._running[owner] -= 1

    def choose(self, waiting: Iterable[Q]) -> Q | None:
        """Of those that wait, oldest first: the oldest one of the owner who has the fewest at
        work, and of several the one who was served longest ago."""
        first: dict[str, Q] = {}
        for one in waiting:
            first.setdefault(one.owner, one)
        return min(first.values(), key=self._rank, default=None)

    def _rank(self, one: Queued) -> tuple[int, int]:
        return self._running.get(one.owner, 0), self._served.get(one.owner, 0)
