"""A one-slot mailbox: only the newest matters, as with pictures for a person."""

from typing import Generic, TypeVar

T = TypeVar("T")


class Latest(Generic[T]):
    """Holds what was put last. One thread puts, one takes; any number may look.

    Value and version are one tuple in one attribute, replaced in one step: nobody ever waits,
    and nobody sees a value with the version of another.
    """

    def __init__(self) -> None:
        self._slot: tuple[int, T | None] = (0, None)
        self._taken = 0
        self.skipped = 0
        """Values that were replaced before `take` came for them."""

    @property
    def version(self) -> int:
        """How many values were put so far."""
        return self._slot[0]

    def put(self, value: T) -> int:
        """Replace what is there; the version of the new value (1 for the first)."""
        version = self._slot[0] + 1
        self._slot = (version, value)
        return version

    def get(self, after: int = 0) -> tuple[int, T] | None:
        """The newest value with its version; None when it is not newer than version `after`."""
        version, value = self._slot
        if version <= after:
            return None
        return version, value  # type: ignore[return-value] # from version 1 on it is a T

    def peek(self) -> T | None:
        """The newest value, taken or not; None before the first."""
        return self._slot[1]

    def take(self) -> T | None:
        """The newest value, once; None until there is a newer one. For one thread."""
        version, value = self._slot
        if version == self._taken:
            return None
        self.skipped += version - self._taken - 1
        self._taken = version
        return value
