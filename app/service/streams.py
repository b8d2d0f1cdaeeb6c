"""Live streams: one WebSocket and one worker process each, and three tasks that do not wait for one
another: what comes, what is done with it, what goes."""

import asyncio
import contextlib
import json
import logging
import time

from fastapi import HTTPException, WebSocket
from pydantic import ValidationError
from starlette.websockets import WebSocketDisconnect

from app.service.answers import Answers
from app.service.card_turns import CardTurns
from app.service.hello import Hello, Told, live_config
from app.service.meters import Meters
from app.service.options import ServiceOptions
from app.service.stream_meter import StreamMeter
from core.errors import EngineUnavailable, TranslatedCameraError, UsageError
from core.process import Remote, WorkerDied
from engines.link.wire import CHUNK_S, VERSION, Chunk, Kind, LinkError, pack, unpack

log = logging.getLogger(__name__)

BAD, UNAVAILABLE, STALLED, BROKEN = 4400, 4503, 4408, 4500
"""How a stream is closed that does not end well; the reason is a sentence."""
_WAITING = 50
"""Chunks that wait to be worked on: two seconds. Then the client's sending waits."""
_LEAVING = 200
"""Messages that wait to leave; then the work waits."""
_PICTURES_LEAVE = 20
"""Of so many on, pictures are left out."""
_EXCHANGE_S = 30.0
_GOODBYE_S = 5.0
_FLUSH_S = 120.0
_REASON = 120
"""Bytes of a reason that a close frame has room for."""


class Streams:
    """Of one service. `serve` is for the event loop."""

    def __init__(self, options: ServiceOptions, meters: Meters, cards: CardTurns) -> None:
        self._options, self._meters, self._cards = options, meters, cards
        self._open: dict[int, Remote] = {}
        self._count = 0
        self._starting = 0

    @property
    def pids(self) -> dict[str, int]:
        return {f"stream-{number}": remote.pid for number, remote in self._open.items()}

    def room(self) -> None:
        """503 when there is none for another one."""
        if len(self._open) + self._starting >= self._options.streams:
            self._meters.refused.labels("busy").inc()
            raise HTTPException(
                503, "There are too many live streams already.", {"Retry-After": "10"}
            )

    async def serve(self, socket: WebSocket) -> None:
        """From the hello to the end; never raises for what the client or the worker did."""
        card = self._cards.take()
        try:
            await self._serve(socket, card)
        finally:
            self._cards.give_back(card)

    async def _serve(self, socket: WebSocket, card: str) -> None:
        self._starting += 1
        try:
            stream = await self._begun(socket, card)
        finally:
            self._starting -= 1
        if stream is None:
            return
        number, self._count = self._count, self._count + 1
        self._open[number] = stream.remote
        self._meters.streams.inc()
        try:
            await stream.run()
        finally:
            self._meters.streams.dec()
            del self._open[number]
            await asyncio.to_thread(stream.remote.close)

    def close(self) -> None:
        for remote in list(self._open.values()):
            remote.close()

    async def _begun(self, socket: WebSocket, card: str) -> "_Stream | None":
        """With its worker, which has been told the languages; None when it was refused."""
        await socket.accept()
        try:
            async with asyncio.timeout(self._options.stall):
                hello = Hello.model_validate_json(await socket.receive_text())
            config = live_config(self._options.config, hello)
            about = {"video": hello.video, "jpeg": hello.jpeg}
            remote = await asyncio.to_thread(
                Remote,
                "app.service.stream_work:StreamWork",
                {"config": config, "card": card, **about},
                timeout=_EXCHANGE_S,
                tries=1,
            )
        except WebSocketDisconnect:
            return None
        except TimeoutError:
            await _refuse(socket, STALLED, "Nothing was said.")
        except (ValidationError, KeyError) as error:
            told = error.errors() if isinstance(error, ValidationError) else []
            await _refuse(socket, BAD, told[0]["msg"] if told else "A hello was to come first.")
        except (EngineUnavailable, UsageError) as error:
            await _refuse(socket, UNAVAILABLE, str(error))
        else:
            return _Stream(socket, remote, self._options, self._meters)
        return None


class _Stream:
    """One that has begun."""

    def __init__(
        self, socket: WebSocket, remote: Remote, options: ServiceOptions, meters: Meters
    ) -> None:
        self.remote = remote
        self._socket, self._meters, self._stall = socket, meters, options.stall
        self._coming: asyncio.Queue[Chunk] = asyncio.Queue(_WAITING)
        self._leaving: asyncio.Queue[bytes | str | None] = asyncio.Queue(_LEAVING)
        self._ending = False
        self._missing = self._skipped = self._lost = 0
        self._meter = StreamMeter(meters)

    async def run(self) -> None:
        """Until the client is gone or all has been said."""
        try:
            about = await asyncio.to_thread(self.remote.call, "about")
            welcome = {"type": "welcome", "version": VERSION, "chunk_ms": CHUNK_S * 1e3, **about}
            await self._socket.send_text(json.dumps(welcome))
            await self._together()
            await self._socket.close(1000)
        except (WebSocketDisconnect, RuntimeError) as error:
            log.info("A client of a live stream is gone: %s", type(error).__name__)
        except LinkError as error:
            await _refuse(self._socket, BAD, str(error))
        except TimeoutError:
            await _refuse(self._socket, STALLED, "Nothing came, or nothing was taken.")
        except WorkerDied:
            self._meters.restarts.inc()
            await _refuse(self._socket, BROKEN, "The process of this stream crashed.")
        except TranslatedCameraError as error:
            await _refuse(self._socket, BROKEN, str(error))

    async def _together(self) -> None:
        """The three tasks, until all has been worked on and sent, or one of them fails."""
        receive, work, send = (
            asyncio.create_task(one()) for one in (self._receive, self._work, self._send)
        )
        unfinished = {receive, work, send}
        try:
            while unfinished & {work, send}:
                done, unfinished = await asyncio.wait(
                    unfinished, return_when=asyncio.FIRST_COMPLETED
                )
                for task in done:
                    task.result()
        finally:
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)

    async def _receive(self) -> None:
        """Ends only with the client. What it says of the link is no sign of life."""
        loop = asyncio.get_running_loop()
        due = loop.time() + self._stall
        while True:
            async with asyncio.timeout_at(None if self._ending else due):
                message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message.get("code") or 1006)
            if (content := message.get("bytes")) is not None:
                await self._take(unpack(content))
                due = loop.time() + self._stall
            else:
                self._told(message.get("text") or "")

    async def _take(self, chunk: Chunk) -> None:
        if self._ending:
            raise LinkError("Nothing comes after the end.")
        self._meters.chunks.labels(chunk.kind.name.lower()).inc()
        if chunk.kind is Kind.SOUND:
            self._meter.heard()
        ack = Chunk(Kind.ACK, chunk.number, chunk.pts, bytes((chunk.kind,)))
        await self._leave(pack(ack))
        await self._coming.put(chunk)

    def _told(self, text: str) -> None:
        """What the client says of the link, or that it ends."""
        try:
            told = Told.model_validate_json(text)
        except ValidationError:
            raise LinkError("This is no message of a live stream.") from None
        self._ending = self._ending or told.type == "end"
        for seconds in told.t_comm:
            self._meters.t_comm.observe(seconds)
        if told.dropped + told.late > self._lost:
            self._meters.dropped.labels("client").inc(told.dropped + told.late - self._lost)
            self._lost = told.dropped + told.late

    async def _work(self) -> None:
        over, since = False, 0.0
        while not over:
            batch = await self._batch()
            end = self._ending and self._coming.empty()
            begun = time.monotonic()
            since = since if end and since else begun
            if end and begun - since > _FLUSH_S:
                raise TimeoutError
            answers: Answers = await asyncio.to_thread(self.remote.call, "exchange", batch, end)
            self._meters.exchange.observe(time.monotonic() - begun)
            await self._answer(answers)
            over = answers.over
            if over or self._meter.due:
                self._meter.take(await asyncio.to_thread(self.remote.call, "timings"))
        times = self._meter.times()
        about = {"t_delta": times.interval, "t_a": times.computing}
        await self._leave(json.dumps({"type": "bye", "missing": self._missing, **about}))
        await self._leaving.put(None)

    async def _batch(self) -> list[Chunk]:
        """What has come; nothing when nothing comes for as long as a chunk lasts."""
        batch: list[Chunk] = []
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CHUNK_S):
                batch.append(await self._coming.get())
        while not self._coming.empty():
            batch.append(self._coming.get_nowait())
        return batch

    async def _answer(self, answers: Answers) -> None:
        for message in answers.messages:
            await self._leave(json.dumps(message, ensure_ascii=False))
        for chunk in answers.chunks:
            if chunk.kind is Kind.DRAWN and self._leaving.qsize() > _PICTURES_LEAVE:
                answers.skipped += 1
                continue
            await self._leave(pack(chunk))
            if chunk.kind is Kind.DRAWN:
                self._meter.drew()
            self._meters.chunks.labels(chunk.kind.name.lower()).inc()
        for kind, now, before in (
            ("sound", answers.missing, self._missing),
            ("picture", answers.skipped, self._skipped),
        ):
            self._meters.dropped.labels(kind).inc(max(0, now - before))
        self._missing, self._skipped = answers.missing, max(self._skipped, answers.skipped)

    async def _leave(self, message: bytes | str) -> None:
        """TimeoutError when the client takes nothing any more."""
        async with asyncio.timeout(self._stall):
            await self._leaving.put(message)

    async def _send(self) -> None:
        while (message := await self._leaving.get()) is not None:
            async with asyncio.timeout(self._stall):
                if isinstance(message, str):
                    await self._socket.send_text(message)
                else:
                    await self._socket.send_bytes(message)


async def _refuse(socket: WebSocket, code: int, reason: str) -> None:
    """The sentence whole in a message, and what there is room for in the close itself."""
    short = reason.encode()[:_REASON].decode("utf-8", "ignore")
    with contextlib.suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
        async with asyncio.timeout(_GOODBYE_S):
            await socket.send_text(json.dumps({"type": "failed", "code": code, "text": reason}))
            await socket.close(code, short)
