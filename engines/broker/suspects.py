"""Messages whose receiver ended with them in hand. One of them may be what it died of.

The broker offers them again and says no more than that. A receiver has several, and is at one: who
counted what comes again would give up the neighbours too, which come again together with what
kills. So they wait in a queue of their own, from which nobody is given any in advance: a receiver
takes one between two others, before what it has in advance. Whoever ends with that one in hand has
died of it.
"""

import time
from collections.abc import Sequence

from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from core.channel import PAUSES_S
from engines.broker.envelope import attempts
from engines.broker.topology import Box

LOOK_S = 0.5
_PATIENCE_S = 5.0
REASON = "Three workers have ended over it; it is not tried again."
UNFINISHED = "A worker had it and did not finish it."
_FIRST = 1
"""What the first end counts for: it may have been a neighbour's."""


class Suspects:
    """Of these boxes. `take` on the link's thread, the rest on any."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._boxes = [box for box in boxes if not box.private]
        self._look_at = self._patient_until = 0.0
        self._on_their_way = 0

    @property
    def due(self) -> float:
        """Seconds until somebody else may have left one; to be looked for then."""
        now = time.monotonic()
        if self._on_their_way and now < self._patient_until:
            return self._patient_until - now
        return max(0.0, self._look_at - now) if self._boxes else float("inf")

    def put_off(self) -> None:
        self._look_at = time.monotonic() + LOOK_S

    def leaving(self) -> None:
        """One is being set aside here. None is looked for until all that are have arrived: who
        took the copy, and ended before the original is acknowledged, would leave two of it. Not
        for ever: when their queue is full, somebody must take from it."""
        self._on_their_way += 1
        self._patient_until = time.monotonic() + _PATIENCE_S

    def arrived(self) -> None:
        """It is there: `due` at once."""
        self._on_their_way -= 1
        self._look_at = 0.0

    async def take(self, channel: AbstractChannel) -> tuple[AbstractIncomingMessage, Box] | None:
        """One, if there is any. Where one was, there may be more."""
        for box in self._boxes:
            queue = await channel.get_queue(box.suspects, ensure=False)
            if (message := await queue.get(fail=False)) is not None:
                self._look_at = 0.0
                return message, box
        return None


def suspected(message: AbstractIncomingMessage) -> int:
    """As how often it counts as failed when it comes again out of the common queue."""
    return max(attempts(message), _FIRST)


def blamed(message: AbstractIncomingMessage) -> int:
    """The same for one that comes again out of the suspects' queue."""
    return attempts(message) + 1


def too_often(attempt: int) -> bool:
    return attempt > len(PAUSES_S)
