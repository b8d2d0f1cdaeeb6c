"""The way to the broker: an asyncio loop in a thread of its own, and two connections that are made
again whenever they are lost, one to send by and one to receive by (a broker that is short of memory
stops listening to those who send, who must still be able to receive)."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.exceptions import CONNECTION_EXCEPTIONS, DeliveryError
from pamqp.common import FieldValue

from engines.broker.address import Address, address, explained

log = logging.getLogger(__name__)
# They write tracebacks of what is expected here, and the address with its password.
for _library in ("aiormq", "aio_pika"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)

T = TypeVar("T")
Opener = Callable[[AbstractConnection], Awaitable[None]]

LOST = (*CONNECTION_EXCEPTIONS, TimeoutError)
"""What a broken connection, or one that breaks, may raise."""

_CONNECT_S, _PUBLISH_S = 5.0, 10.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 2.0
_FAREWELL_S = 2.0


class _Connection(aio_pika.Connection):
    """Closed by us on its own thread; the inherited end would try it on any."""

    def __del__(self) -> None:
        pass


class Line:
    """One connection, kept. All of it on the loop's thread."""

    def __init__(self, at: Address, name: str) -> None:
        self._at = at
        self._name = name
        self._openers: list[Opener] = []
        self._connection: AbstractConnection | None = None
        self._up = asyncio.Event()
        self.losses = 0

    @property
    def up(self) -> bool:
        return self._up.is_set()

    async def connect(self) -> AbstractConnection:
        """Connects and opens all that is attached; raises what the broker, or the way, raised."""
        properties: dict[str, FieldValue] = {"connection_name": f"Translated Camera, {self._name}"}
        connection = await aio_pika.connect(
            self._at.url,
            timeout=_CONNECT_S,
            client_properties=properties,
            connection_class=_Connection,
        )
        try:
            for opener in list(self._openers):
                await opener(connection)
        except BaseException:
            await connection.close()
            raise
        self._connection = connection
        self._up.set()
        return connection

    async def attach(self, opener: Opener) -> None:
        """`opener` is called on this connection and on each that replaces it."""
        self._openers.append(opener)
        if self._connection is not None and self.up:
            try:
                await opener(self._connection)
            except BaseException:
                self._openers.remove(opener)
                raise

    def detach(self, opener: Opener) -> None:
        with contextlib.suppress(ValueError):
            self._openers.remove(opener)

    async def ready(self) -> None:
        await self._up.wait()

    async def connection(self) -> AbstractConnection:
        """The present one; waits until there is one."""
        await self._up.wait()
        assert self._connection is not None
        return self._connection

    async def keep(self, connection: AbstractConnection) -> None:
        """Watches over the connection and its successors, for ever."""
        while True:
            await _over(connection)
            self._up.clear()
            self.losses += 1
            with contextlib.suppress(*LOST):
                await connection.close()
            log.warning("The connection to %s is lost (%s)", self._at.shown, self._name)
            connection = await self._again()
            log.warning("Connected to %s again (%s)", self._at.shown, self._name)

    async def _again(self) -> AbstractConnection:
        pause, said = _FIRST_PAUSE_S, ""
        while True:
            try:
                return await self.connect()
            except LOST as error:
                reason = str(explained(error, self._at))
                if reason != said:
                    log.warning("%s It is tried again.", reason)
                    said = reason
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_S)

    async def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(*LOST):
                await self._connection.close()


async def _over(connection: AbstractConnection) -> None:
    """Returns when the connection has ended, by whichever side."""
    over = asyncio.Event()
    connection.close_callbacks.add(lambda *_: over.set())
    closed = asyncio.ensure_future(connection.closed())
    ended = asyncio.ensure_future(over.wait())
    try:
        await asyncio.wait((closed, ended), return_when=asyncio.FIRST_COMPLETED)
    finally:
        ended.cancel()
        closed.cancel()


async def opened(connection: AbstractConnection, **options: bool) -> AbstractChannel:
    """A channel whose end, or that of a consumer (its queue was deleted), ends its connection, so
    that all are made again."""
    channel = connection.channel(**options)
    await channel.initialize()

    def end(*_: object) -> None:
        if not connection.is_closed:
            _endings.add(ending := asyncio.ensure_future(connection.close()))
            ending.add_done_callback(_endings.discard)

    channel.close_callbacks.add(end)
    (await channel.get_underlay_channel()).on_consumer_cancel_callbacks.add(end)
    return channel


_endings: set[asyncio.Future[None]] = set()


class Link:
    """Made with the first connections up: EngineUnavailable says why they are not. From then on a
    broker that is gone is waited for, however long. Any thread may use it."""

    def __init__(self, url: str, name: str) -> None:
        """`name` is what the broker's administrator sees."""
        self.address = address(url)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="broker", daemon=True)
        self._thread.start()
        self.outward, self.inward = self.do(self._lines(name))
        self._channel: AbstractChannel | None = None
        self._keepers: list[asyncio.Task[None]] = []
        try:
            self.do(self._start())
        except LOST as error:
            self.close()
            raise explained(error, self.address) from error

    @property
    def up(self) -> bool:
        return self.outward.up and self.inward.up

    @property
    def losses(self) -> int:
        """How often a connection was lost."""
        return self.outward.losses + self.inward.losses

    @property
    def channel(self) -> AbstractChannel | None:
        """What is published by. For the loop's thread."""
        return self._channel

    def start(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """Runs it on the loop's thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def do(self, work: Coroutine[Any, Any, T], timeout: float | None = None) -> T:
        """The same, waiting for its result."""
        future = self.start(work)
        try:
            return future.result(timeout)
        except TimeoutError:
            future.cancel()
            raise

    async def publish(
        self, key: str, message: aio_pika.Message, *, exchange: str = "", must: bool = True
    ) -> None:
        """Returns when the broker has taken the message, however long that takes: it waits for a
        broker that is gone, and for a queue that is full. What has no queue is waited for if it
        `must` have one, else it is dropped."""
        pause = 0.02
        while True:
            await self.outward.ready()
            try:
                return await self._publish_once(key, message, exchange, must)
            except DeliveryError:
                log.info("%s is full or missing; the message waits", key)
            except LOST as error:
                log.info("A message is sent again: %s", type(error).__name__)
            except asyncio.CancelledError:
                # A connection that breaks cancels those who wait on it; they are not meant.
                task = asyncio.current_task()
                if task is None or task.cancelling():
                    raise
            await asyncio.sleep(pause)
            pause = min(2 * pause, 0.5)

    def close(self) -> None:
        """What is still being sent or received is given up."""
        if self._thread.is_alive():
            with contextlib.suppress(TimeoutError):
                self.start(self._end()).result(_FAREWELL_S)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(_FAREWELL_S)

    async def _lines(self, name: str) -> tuple[Line, Line]:
        return Line(self.address, f"{name}, sending"), Line(self.address, f"{name}, receiving")

    async def _start(self) -> None:
        await self.outward.attach(self._open_channel)
        for line in (self.outward, self.inward):
            connection = await line.connect()
            self._keepers.append(asyncio.create_task(line.keep(connection)))

    async def _open_channel(self, connection: AbstractConnection) -> None:
        self._channel = await opened(connection, publisher_confirms=True, on_return_raises=True)

    async def _publish_once(
        self, key: str, message: aio_pika.Message, exchange: str, must: bool
    ) -> None:
        channel = self._channel
        if channel is None or channel.is_closed:
            raise ConnectionError("the channel is closed")
        to = await channel.get_exchange(exchange, ensure=False) if exchange else None
        await (to or channel.default_exchange).publish(
            message, key, mandatory=must, timeout=_PUBLISH_S
        )

    async def _end(self) -> None:
        for keeper in self._keepers:
            keeper.cancel()
        for line in (self.outward, self.inward):
            await line.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.wait(others, timeout=_FAREWELL_S / 2) if others else None

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            self._loop.close()
