"""The channel between machines: what is put at one end is got at another, through RabbitMQ."""

import logging
import threading
import time
from asyncio import wrap_future
from collections import deque
from collections.abc import Callable, Collection
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage

from core.channel import PAUSES_S, Closed
from engines.broker import suspects
from engines.broker.address import explained
from engines.broker.envelope import attempts, copied, sealed
from engines.broker.link import LOST, Link, opened
from engines.broker.parcel import Parcel, WireError
from engines.broker.suspects import Suspects
from engines.broker.topology import PREFETCH, Box, declare
from engines.broker.wire import unpack

log = logging.getLogger(__name__)

_COUNT_S = 2.0


@dataclass(frozen=True)
class _Delivery:
    message: AbstractIncomingMessage
    box: Box


class RabbitChannel:
    """A `core.channel.Channel` of parcels. Puts go to the first box, gets come from all of them,
    two in advance. What was got and never acknowledged, whatever became of its receiver, comes
    again, alone: to this one or to another (engines/broker/suspects.py). Order is not kept over
    that; parcels are numbered.

    `put` returns when the broker has the parcel on its disk. It waits while the queue is full or
    the broker away. EngineUnavailable when the boxes cannot be declared. A message that cannot be
    read goes to the dead letters at once, and so does one that three receivers ended over;
    `refused` hears of it.
    """

    def __init__(
        self,
        link: Link,
        *boxes: Box,
        sound: bool = True,
        refused: Callable[[AbstractIncomingMessage, str], None] = lambda message, reason: None,
    ) -> None:
        self.name = boxes[0].name
        self._link = link
        self._boxes = boxes
        self._sound = sound
        self._refused = refused
        self._suspects = Suspects(boxes)
        self._waiting: deque[_Delivery] = deque()
        self._in_hand: list[_Delivery] = []
        self._moving: set[Future[None]] = set()
        self._inward: AbstractChannel | None = None
        self._listening = self._closed = self._cancelled = False
        self._changed = threading.Condition()
        self._attach(link.outward.attach(self._declare))

    @property
    def pending(self) -> int:
        """Those in the hands of other receivers are not known here. What is known here when the
        broker cannot be asked."""
        with suppress(*LOST):
            return self._link.do(self._count(), _COUNT_S)
        return self._here()

    @property
    def held(self) -> list[str]:
        """The names of the messages that this end has and others wait for."""
        with self._changed:
            held = [*self._in_hand, *self._waiting]
        return [delivery.message.message_id or "" for delivery in held]

    def put(self, item: Parcel) -> bool:
        with suppress(CancelledError):
            sent = self.send(item)
            if sent is not None:
                sent.result()
                return True
        return False

    def send(self, item: Parcel, *, again: bool = False) -> "Future[None] | None":
        """Puts without waiting; the future is done when the broker has it. None when closed. What
        is sent `again` comes alone, to a receiver that asks for it: to none that hangs."""
        to = self._boxes[0].suspects if again else self.name
        message = sealed(item, sound=self._sound, attempt=int(again))
        with self._changed:
            if self._closed:
                return None
            return self._move(self._link.publish(to, message))

    def listen(self) -> None:
        """Begins to receive; the first `get` does so otherwise."""
        if not self._listening:
            self._listening = True
            self._attach(self._link.inward.attach(self._open))

    def get(self, timeout: float | None = None) -> Parcel:
        self.listen()
        until = None if timeout is None else time.monotonic() + timeout
        while True:
            delivery = self._next(until)
            try:
                item = unpack(delivery.message.body)
            except WireError as error:
                self._refuse(delivery, str(error))
                continue
            with self._changed:
                self._in_hand.append(delivery)
            return item

    def ack(self, after: Collection["Future[None]"] = ()) -> None:
        """With `after`, as soon as these are done: what it became is safe then."""
        with self._changed:
            delivery = self._in_hand.pop()
            self._move(self._acknowledge(delivery, after))

    def reject(self, reason: str = "") -> bool:
        with self._changed:
            delivery = self._in_hand.pop()
            attempt = attempts(delivery.message) + 1
            again = attempt <= len(PAUSES_S)
            if delivery.box.private or self._cancelled:
                again = False
            to = delivery.box.retry(attempt) if again else delivery.box.dead
            self._move(self._hand_over(delivery, to, attempt, reason))
        return again

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def cancel(self) -> None:
        """What this end has goes back to the broker; a private box goes altogether."""
        with self._changed:
            self._closed = self._cancelled = True
            self._waiting.clear()
            moving = list(self._moving)
            self._changed.notify_all()
        for future in moving:
            future.cancel()
        with suppress(*LOST, RuntimeError):
            self._link.do(self._leave(), _COUNT_S)

    def _attach(self, work: Any) -> None:
        try:
            self._link.do(work)
        except LOST as error:
            raise explained(error, self._link.address) from error

    def _next(self, until: float | None) -> _Delivery:
        while True:
            if (suspect := self._suspect()) is not None:
                return suspect
            with self._changed:
                if self._waiting:
                    return self._waiting.popleft()
                if self._cancelled:
                    raise Closed(self.name)
                left = float("inf") if until is None else until - time.monotonic()
                if left <= 0:
                    raise TimeoutError(f"nothing came through {self.name} in time")
                if not self._closed:
                    left = min(left, self._suspects.due)
                    self._changed.wait(None if left == float("inf") else left)
                elif not self._still_coming():
                    raise Closed(self.name)

    def _suspect(self) -> _Delivery | None:
        """One that came again, to be at alone. It is asked for between two others, before what
        came in advance, so that whoever ends with it in hand has ended over it."""
        if self._suspects.due:
            return None
        self._suspects.put_off()
        if (channel := self._inward) is None:
            return None
        looking = self._link.start(self._suspects.take(channel))
        try:
            found = looking.result(_COUNT_S)
        except (*LOST, CancelledError):
            # What the broker hands out after all is set aside again.
            looking.add_done_callback(self._too_late)
            return None
        if found is None:
            return None
        delivery = _Delivery(*found)
        if not delivery.message.redelivered:
            return delivery
        self._blame(delivery)
        return None

    def _still_coming(self) -> bool:
        """After `close`: whether there is more at the broker."""
        self._changed.release()
        try:
            return self.pending > 0 or bool(self._waiting)
        finally:
            self._changed.acquire()

    def _move(self, work: Any) -> "Future[None]":
        """Runs it, counted as pending until it is done."""
        future: Future[None] = self._link.start(work)
        self._moving.add(future)
        future.add_done_callback(self._moved)
        return future

    def _moved(self, future: "Future[None]") -> None:
        with self._changed:
            self._moving.discard(future)
            self._changed.notify_all()

    def _here(self) -> int:
        return len(self._waiting) + len(self._in_hand) + len(self._moving)

    def _blame(self, delivery: _Delivery) -> None:
        """Somebody ended over it."""
        attempt = suspects.blamed(delivery.message)
        if suspects.too_often(attempt):
            self._refuse(delivery, suspects.REASON, attempt)
            return
        with self._changed:
            self._set_aside(delivery, attempt)

    def _set_aside(self, delivery: _Delivery, attempt: int) -> None:
        """With the lock held."""
        self._suspects.leaving()
        self._move(self._make_suspect(delivery, attempt))

    def _refuse(self, delivery: _Delivery, reason: str, attempt: int = 0) -> None:
        log.error("A message in %s is given up: %s", delivery.box.name, reason)
        self._refused(delivery.message, reason)
        with self._changed:
            self._move(self._hand_over(delivery, delivery.box.dead, attempt, reason))

    def _too_late(self, looked: "Future[tuple[AbstractIncomingMessage, Box] | None]") -> None:
        if looked.cancelled() or looked.exception() or (found := looked.result()) is None:
            return
        delivery = _Delivery(*found)
        if delivery.message.redelivered:
            self._blame(delivery)
            return
        # As a copy: what is given back comes again as if somebody had ended over it.
        with self._changed:
            self._set_aside(delivery, attempts(delivery.message))

    # What follows runs on the link's thread.

    async def _declare(self, connection: AbstractConnection) -> None:
        channel = connection.channel()
        await channel.initialize()
        for box in self._boxes:
            await declare(channel, box)
        await channel.close()

    async def _open(self, connection: AbstractConnection) -> None:
        """Begins to receive. What was received before and not yet got comes again."""
        channel = await opened(connection)
        await channel.set_qos(prefetch_count=PREFETCH)
        with self._changed:
            self._waiting.clear()
        for box in self._boxes:
            await declare(channel, box)
            queue = await channel.declare_queue(box.name, passive=True)
            await queue.consume(partial(self._arrived, box))
        self._inward = channel

    async def _arrived(self, box: Box, message: AbstractIncomingMessage) -> None:
        delivery = _Delivery(message, box)
        with self._changed:
            if self._cancelled:
                return
            if message.redelivered and not box.private:
                self._set_aside(delivery, suspects.suspected(message))
            else:
                self._waiting.append(delivery)
                self._changed.notify_all()

    async def _make_suspect(self, delivery: _Delivery, attempt: int) -> None:
        try:
            await self._hand_over(delivery, delivery.box.suspects, attempt, suspects.UNFINISHED)
        finally:
            with self._changed:
                self._suspects.arrived()
                self._changed.notify_all()

    async def _count(self) -> int:
        """By the channel that receives, if there is one: what is on its way comes before the
        answer. A message that moves while we count is counted twice rather than not at all."""
        channel = self._inward or self._link.channel
        if channel is None or channel.is_closed:
            raise ConnectionError("the broker is away")
        count = 0
        for box in self._boxes:
            names = [name for name in box.declarations() if name != box.dead]
            for name in reversed(names):
                queue = await channel.declare_queue(name, passive=True)
                count += queue.declaration_result.message_count or 0
        return count + self._here()

    async def _acknowledge(
        self, delivery: _Delivery, after: Collection["Future[None]"] = ()
    ) -> None:
        for future in after:
            await wrap_future(future)
        # One that came by a connection since lost will come again.
        with suppress(*LOST):
            await delivery.message.ack()

    async def _hand_over(self, delivery: _Delivery, to: str, attempt: int, reason: str) -> None:
        if not delivery.box.private:
            copy = copied(delivery.message, attempt, reason)
            await self._link.publish(to, copy)
        await self._acknowledge(delivery)

    async def _leave(self) -> None:
        self._link.outward.detach(self._declare)
        self._link.inward.detach(self._open)
        channel, self._inward = self._inward, None
        if channel is not None and not channel.is_closed:
            channel.close_callbacks.clear()
            await channel.close()
        away = self._link.channel
        if away is not None and not away.is_closed:
            for box in self._boxes:
                if box.private:
                    await away.queue_delete(box.name)
