"""One request under way: its pieces, as they come back in whatever order and however often."""

import threading
import time
from collections.abc import Iterator
from typing import Any

from core.errors import EngineFailed
from engines.broker.parcel import Failure, Parcel


class Answer:
    """Filled on one thread, iterated on another."""

    def __init__(self, item: Any, request: Parcel, refusal: Exception | None = None) -> None:
        self.item = item
        self.request = request
        self.asked = time.monotonic()
        self.sendings = 1
        self._pieces: dict[int, Any] = {}
        self._count: int | None = None
        self._error = refusal
        self._changed = threading.Condition()

    @property
    def complete(self) -> bool:
        return self._error is not None or len(self._pieces) == self._count

    def take(self, parcel: Parcel) -> bool:
        """False when it is known already."""
        with self._changed:
            if self.complete or parcel.piece in self._pieces:
                return False
            self._count = parcel.pieces
            if isinstance(parcel.item, Failure):
                self._error = EngineFailed(parcel.item.reason)
            elif parcel.pieces:
                self._pieces[parcel.piece] = parcel.item
            self._changed.notify_all()
            return True

    def fail(self, error: Exception) -> None:
        with self._changed:
            self._error = self._error or error
            self._changed.notify_all()

    def __iter__(self) -> Iterator[Any]:
        """The pieces in order, each as soon as it is here. Raises what the worker reported."""
        number = 0
        while self._comes(number):
            yield self._pieces[number]
            number += 1
        if self._error is not None:
            raise self._error

    def _comes(self, number: int) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: number in self._pieces or self.complete)
            return number in self._pieces
