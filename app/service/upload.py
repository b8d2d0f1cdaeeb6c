"""A form with a video in it, written to the disk as it comes: never in memory, never larger than
allowed, under a name of ours."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from fastapi import HTTPException, Request
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from app.service.room import Claim, Room, disk_full, is_full

log = logging.getLogger(__name__)

VIDEO = "video"
LARGEST_FIELD = 64 * 1024
OVERHEAD = 256 * 1024
"""What a form may weigh besides its video."""
SLOWEST = 512
"""Bytes a second that come at least: who sends one now and then holds a place for ever."""


@dataclass(frozen=True)
class Upload:
    size: int
    fields: dict[str, str]


@dataclass(frozen=True)
class Allowed:
    """Bytes of the video, room on the disk, seconds without SLOWEST."""

    largest: int
    room: Room
    stall: float


async def receive(request: Request, path: Path, allowed: Allowed) -> Upload:
    """The form; its part "video" lies at `path` then. HTTPException says what is wrong with it;
    whoever called removes what has come so far."""
    announced = int(request.headers.get("content-length") or 0)
    if announced > allowed.largest + OVERHEAD:
        raise too_large(allowed.largest)
    with allowed.room.claim(announced) as claim:
        return await _received(request, path, allowed, claim)


async def _received(request: Request, path: Path, allowed: Allowed, claim: Claim) -> Upload:
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise HTTPException(415, "Send a form: multipart/form-data with a part named video.")
    try:
        with open(path, "xb") as file:
            form = _Form(file, allowed.largest, options[b"boundary"])
            async for piece in _pieces(request, allowed, claim):
                await asyncio.to_thread(form.write, piece)
            return await asyncio.to_thread(form.finish)
    except ClientDisconnect:
        log.info("An upload was broken off")
        raise HTTPException(400, "The upload was broken off.") from None
    except MultipartParseError as error:
        raise HTTPException(400, "The form is damaged, or was cut off.") from error
    except OSError as error:
        if is_full(error):
            raise disk_full() from error
        raise


async def _pieces(request: Request, allowed: Allowed, claim: Claim) -> AsyncIterator[bytes]:
    """Of what comes; nothing that is said of its length is believed."""
    stream, clock = aiter(request.stream()), asyncio.get_running_loop().time
    total, lately, due = 0, 0, clock() + allowed.stall
    while True:
        try:
            async with asyncio.timeout_at(due):
                piece = await anext(stream)
        except TimeoutError:
            told = "Too little" if lately else "Nothing"
            raise HTTPException(408, f"{told} came for {allowed.stall:g} s.") from None
        except StopAsyncIteration:
            return
        total, lately = total + len(piece), lately + len(piece)
        if total > allowed.largest + OVERHEAD:
            raise too_large(allowed.largest)
        if lately >= SLOWEST * allowed.stall:
            lately = 0
            due = clock() + allowed.stall
        if piece:
            claim.coming(len(piece))
            written = clock()
            yield piece
            due += clock() - written
            claim.written(len(piece))


def too_large(largest: int) -> HTTPException:
    return HTTPException(413, f"The video may have {largest / 1e6:.0f} MB at most.")


@dataclass
class _Part:
    name: str = ""
    header: bytes = b""
    value: bytes = b""
    headers: dict[bytes, bytes] = field(default_factory=dict)


class _Form:
    """For one thread at a time."""

    def __init__(self, video: IO[bytes], largest: int, boundary: bytes) -> None:
        self._video, self._largest = video, largest
        self._size = -1
        self._fields: dict[str, bytearray] = {}
        self._part = _Part()
        self._ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header,
                "on_header_value": self._value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._named,
                "on_part_data": self._data,
                "on_end": self._end,
            },
        )

    def write(self, piece: bytes) -> None:
        """On the disk when it returns: the room there is counted by that."""
        self._parser.write(piece)
        self._video.flush()

    def finish(self) -> Upload:
        self._parser.finalize()
        if not self._ended:
            raise HTTPException(400, "The form was cut off before its end.")
        if self._size < 0:
            raise HTTPException(422, "There is no part named video in the form.")
        if not self._size:
            raise HTTPException(415, "The video is empty.")
        try:
            fields = {name: bytes(value).decode() for name, value in self._fields.items()}
        except UnicodeDecodeError:
            raise HTTPException(422, "The fields of the form are to be UTF-8.") from None
        return Upload(self._size, fields)

    def _begin(self) -> None:
        self._part = _Part()

    def _header(self, data: bytes, start: int, end: int) -> None:
        self._part.header += data[start:end]

    def _value(self, data: bytes, start: int, end: int) -> None:
        self._part.value += data[start:end]

    def _header_end(self) -> None:
        part = self._part
        part.headers[part.header.lower()] = part.value
        part.header = part.value = b""

    def _named(self) -> None:
        _, options = parse_options_header(self._part.headers.get(b"content-disposition"))
        self._part.name = options.get(b"name", b"").decode("utf-8", "replace")
        if self._part.name == VIDEO:
            if self._size >= 0:
                raise HTTPException(422, "There is more than one video in the form.")
            self._size = 0
        elif len(self._fields) >= 16:
            raise HTTPException(422, "There are too many fields in the form.")
        else:
            self._fields[self._part.name] = bytearray()

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._part.name == VIDEO:
            self._size += end - start
            if self._size > self._largest:
                raise too_large(self._largest)
            self._video.write(data[start:end])
            return
        value = self._fields[self._part.name]
        value += data[start:end]
        if len(value) > LARGEST_FIELD:
            raise HTTPException(413, f"The field {self._part.name[:40]!r} is too long.")

    def _end(self) -> None:
        self._ended = True
