"""Who is there: workers say once a second what they can do and what they have in hand, and
everybody who wants to know listens. So requests go where they can be done, and what a worker holds
that hangs is asked of another one. What one held that has ended the broker itself offers again; by
a queue that lasts as long as a worker's connection everybody can tell the two apart."""

import asyncio
import os
import platform
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import aio_pika
import msgpack
from aio_pika.abc import AbstractConnection, AbstractIncomingMessage
from aio_pika.exceptions import ChannelNotFoundEntity

from core.errors import EngineUnavailable
from engines.broker.address import explained
from engines.broker.fields import checked
from engines.broker.link import LOST, Line, Link, Opener, opened
from engines.broker.topology import WORKERS, declare_presence, declare_workers, presence
from engines.broker.wire import VERSION

BEAT_S = 1.0
SILENT_S = 3.5
"""After which a worker that said nothing hangs, or is gone."""
_LEAVING_S = 1.0
_ANSWERING_S = 2.0


Silent = Callable[["Worker", float | None], None]


@dataclass(frozen=True)
class Worker:
    """What a worker says of itself; `rate` is that of its voice, `note` its engine's, `held` the
    requests in its hands, as session/number."""

    kind: str
    languages: tuple[str, ...]
    engine: str
    note: str = ""
    rate: int = 0
    host: str = field(default_factory=platform.node)
    pid: int = field(default_factory=os.getpid)
    id: str = field(default_factory=lambda: uuid4().hex)
    held: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.kind} worker {self.pid} on {self.host}"

    def can(self, kind: str, languages: Collection[str], engine: str = "") -> bool:
        known = not self.languages or tuple(languages) == self.languages
        return self.kind == kind and known and engine in ("", self.engine)


class Announcer:
    """Says it, until closed."""

    def __init__(self, link: Link, worker: Worker, held: Callable[[], list[str]]) -> None:
        self._link = link
        self._worker = worker
        self._held = held
        _attached(link, link.outward, _declare)
        _attached(link, link.inward, self._sign_in)
        self._saying = link.start(self._say())

    def close(self) -> None:
        self._saying.cancel()
        self._link.outward.detach(_declare)
        self._link.inward.detach(self._sign_in)
        farewell = self._link.start(self._send(replace(self._worker, held=()), leaving=True))
        try:
            farewell.result(_LEAVING_S)
        except (*LOST, EngineUnavailable):
            farewell.cancel()

    async def _sign_in(self, connection: AbstractConnection) -> None:
        queue = await declare_presence(await opened(connection), self._worker.id)
        await queue.consume(_nothing, no_ack=True)

    async def _say(self) -> None:
        while True:
            await self._send(replace(self._worker, held=tuple(self._held())))
            await asyncio.sleep(BEAT_S)

    async def _send(self, worker: Worker, leaving: bool = False) -> None:
        fields = [
            VERSION, worker.kind, list(worker.languages), worker.engine, worker.note, worker.rate,
            worker.host, worker.pid, worker.id, list(worker.held), leaving,
        ]  # fmt: skip
        message = aio_pika.Message(msgpack.packb(fields), expiration=SILENT_S)
        await self._link.publish("", message, exchange=WORKERS, must=False)


class Attendance:
    """Hears it. `silent` is told, on the link's thread, each worker that has stopped without a
    farewell, with what it held when it was last heard, and when that was (time.monotonic), or None
    if it has ended."""

    def __init__(self, link: Link, silent: Silent = lambda worker, heard: None) -> None:
        self._link = link
        self._silent = silent
        self._heard: dict[str, tuple[Worker, float]] = {}
        self._since = 0.0
        self._changed = threading.Condition()
        _attached(link, link.outward, _declare)
        _attached(link, link.inward, self._open)
        self._watching = link.start(self._watch())

    @property
    def workers(self) -> list[Worker]:
        """Those heard lately."""
        with self._changed:
            return [worker for worker, _ in self._heard.values()]

    def await_one(
        self, kind: str, languages: Collection[str], engine: str, patience: float = SILENT_S
    ) -> Worker | None:
        """A worker that can do this, if one speaks up within `patience` seconds."""

        def found() -> Worker | None:
            able = (w for w, _ in self._heard.values() if w.can(kind, languages, engine))
            return next(able, None)

        with self._changed:
            return self._changed.wait_for(found, patience)

    def close(self) -> None:
        self._watching.cancel()
        self._link.inward.detach(self._open)
        self._link.outward.detach(_declare)

    async def _open(self, connection: AbstractConnection) -> None:
        channel = await opened(connection)
        exchange = await declare_workers(channel)
        queue = await channel.declare_queue(exclusive=True, auto_delete=True)
        await queue.bind(exchange)
        await queue.consume(self._arrived, no_ack=True)
        with self._changed:
            self._since = time.monotonic()

    async def _arrived(self, message: AbstractIncomingMessage) -> None:
        try:
            worker, leaving = _read(message.body)
        except (ValueError, TypeError, msgpack.UnpackException):
            return  # of another version, or not of ours
        with self._changed:
            if leaving:
                self._heard.pop(worker.id, None)
            else:
                self._heard[worker.id] = worker, time.monotonic()
            self._changed.notify_all()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S / 2)
            for worker, heard in self._fallen_silent():
                self._silent(worker, heard if await self._is_connected(worker) else None)

    async def _is_connected(self, worker: Worker) -> bool:
        """True for all that is known, where the broker does not say."""
        try:
            async with asyncio.timeout(_ANSWERING_S):
                channel = (await self._link.outward.connection()).channel()
                await channel.initialize()
                queue = await channel.declare_queue(presence(worker.id), passive=True)
                connected = bool(queue.declaration_result.consumer_count)
                await channel.close()
        except ChannelNotFoundEntity:
            return False
        except LOST:
            return True
        except asyncio.CancelledError:
            # A connection that breaks cancels those who wait on it; they are not meant.
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            return True
        return connected

    def _fallen_silent(self) -> list[tuple[Worker, float]]:
        """While the broker is away nobody can be heard, which says nothing about them."""
        now = time.monotonic()
        with self._changed:
            if not self._link.up:
                self._since = now
            gone = [
                (worker, heard)
                for worker, heard in self._heard.values()
                if now - max(heard, self._since) > SILENT_S
            ]
            for worker, _ in gone:
                del self._heard[worker.id]
        return gone


def _attached(link: Link, line: Line, opener: Opener) -> None:
    try:
        link.do(line.attach(opener))
    except LOST as error:
        raise explained(error, link.address) from error


async def _nothing(message: AbstractIncomingMessage) -> None:
    """Nobody sends anything here."""


async def _declare(connection: AbstractConnection) -> None:
    channel = connection.channel()
    await channel.initialize()
    await declare_workers(channel)
    await channel.close()


def _read(message: bytes) -> tuple[Worker, bool]:
    version, *fields = msgpack.unpackb(message)
    if version != VERSION:
        raise ValueError("another version")
    kinds: tuple[type, ...] = (str, list, str, str, int, str, int, str, list, bool)
    kind, languages, engine, note, rate, host, pid, name, held, leaving = checked(fields, *kinds)
    texts: list[Any] = checked([*languages, *held], *[str] * (len(languages) + len(held)))
    spoken, names = tuple(texts[: len(languages)]), tuple(texts[len(languages) :])
    return Worker(kind, spoken, engine, note, rate, host, pid, name, names), leaving
