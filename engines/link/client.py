"""The client of a live stream: one thread sends what is heard and seen, another takes what comes
back. Neither waits for the other; between them and whoever calls are buffers that are bounded."""

import json
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from queue import Empty, Full, Queue
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI
from websockets.sync.client import ClientConnection, connect

from core.errors import EngineFailed, EngineUnavailable
from core.latest import Latest
from core.types import Frame, Samples
from engines.link import picture, wire
from engines.link.report import LinkReport, LinkTimes, ServiceTimes
from engines.link.sound import RATE, SPOKEN, SoundDecoder, SoundEncoder
from engines.link.voice import VoiceBuffer
from engines.link.wire import CHUNK_S, Chunk, Kind

log = logging.getLogger(__name__)

PATH = "/api/v1/stream"
_SOUND_WAITS = 50
"""Chunks of sound that wait to be sent: two seconds."""
_REPORT_S = 1.0
_SAMPLE = 2
"""Bytes of a sample that is not compressed."""
_OPEN_S = 60.0
_LARGEST = 4 * wire.LARGEST


@dataclass(frozen=True)
class Compression:
    """What a client makes of its sound and its pictures before they are sent."""

    jpeg: int = picture.QUALITY
    """The quality of pictures, 1 to 100."""
    opus: int = 0
    """Bits of sound a second; 0 is what speech needs."""


class StreamClient:
    """Opened by its constructor, which returns when the service is ready. EngineUnavailable says
    why it is not: no such service, no such token, no such language.

    `hear` and `see` come from any one thread each and return at once. `voice` is asked for what
    is to be heard, `shown` holds the newest drawn picture; both are on the clock of what was sent.
    `told` hears the service's messages (captions, notices) on the receiving thread.
    """

    def __init__(
        self,
        url: str,
        token: str = "",
        wishes: Mapping[str, Any] | None = None,
        told: Callable[[dict[str, Any]], None] = lambda message: None,
        *,
        compression: Compression = Compression(),
    ) -> None:
        self.voice = VoiceBuffer()
        self.shown: Latest[Frame] = Latest()
        self.mouths: deque[tuple[float, bytes]] = deque(maxlen=250)
        """Newest shapes of the translated voice's mouth: when, and MOUTH_PARAMETERS in 0 to 255."""
        self.failure = ""
        """Why the stream ended, when it was not finished."""
        self._told = told
        self._times = LinkTimes()
        self._sounds: Queue[bytes | None] = Queue(_SOUND_WAITS)
        self._picture: Latest[tuple[bytes, float]] = Latest()
        self._wake = threading.Event()
        self._over = threading.Event()
        self._compression = compression
        self._encoder, self._decoder = SoundEncoder(SPOKEN, compression.opus), SoundDecoder(RATE)
        self._heard = 0
        with ExitStack() as undo:
            self._connection = undo.enter_context(_connected(url, token))
            self.welcome = self._greet(dict(wishes or {}))
            self._open = undo.pop_all()
        self._threads = [
            threading.Thread(target=work, name=f"link-{name}", daemon=True)
            for name, work in (("send", self._send), ("receive", self._receive))
        ]
        for thread in self._threads:
            thread.start()

    @property
    def position(self) -> float:
        """Seconds of sound that were heard so far: the clock of the stream."""
        return self._heard * CHUNK_S

    @property
    def report(self) -> LinkReport:
        self._times.late = self.voice.late
        return self._times.report()

    def hear(self, samples: Samples) -> None:
        """The next chunk: 640 samples at 16 kHz. When the link does not carry them any more, the
        newest is left out, counted, and heard as silence there."""
        packet = self._encoder.encode(samples)
        self._times.compressed(_SAMPLE * self._encoder.size, len(packet))
        number, self._heard = self._heard, self._heard + 1
        chunk = Chunk(Kind.SOUND, number, number * CHUNK_S, packet)
        try:
            self._sounds.put_nowait(wire.pack(chunk))
        except Full:
            self._times.dropped += 1
        self._wake.set()

    def see(self, image: picture.Picture, pts: float) -> None:
        """The camera's picture of this moment. Only the newest is sent."""
        packed = picture.encode(image, self._compression.jpeg)
        self._times.compressed(image.size, len(packed))
        self._picture.put((packed, pts))
        self._wake.set()

    def finish(self, timeout: float = 60.0) -> None:
        """No more sound. Returns when all that was said has come back; EngineFailed when the
        stream broke instead, or it takes too long."""
        self._sounds.put(None)
        self._wake.set()
        if not self._over.wait(timeout):
            self.failure = self.failure or "The service does not come to an end."
        self.close()
        if self.failure:
            raise EngineFailed(self.failure)

    def close(self) -> None:
        """The end at once, whatever is on its way."""
        self._over.set()
        self._wake.set()
        self._open.close()
        for thread in self._threads:
            thread.join(5.0)

    def _greet(self, wishes: dict[str, Any]) -> dict[str, Any]:
        hello = {"type": "hello", "version": wire.VERSION, **wishes}
        try:
            self._connection.send(json.dumps(hello))
            answer = json.loads(self._connection.recv(_OPEN_S))
        except (ConnectionClosed, TimeoutError, ValueError) as error:
            raise EngineUnavailable(f"The service does not take the stream: {error}") from error
        if answer.get("type") != "welcome":
            raise EngineUnavailable(f"The service does not take the stream: {answer.get('text')}")
        return dict(answer)

    def _send(self) -> None:
        """Sound first; a picture when no sound waits."""
        number, due = 0, time.monotonic() + _REPORT_S
        try:
            while not self._over.is_set():
                self._wake.wait(_REPORT_S)
                self._wake.clear()
                if not self._send_sounds():
                    return
                if (taken := self._picture.take()) is not None:
                    chunk = Chunk(Kind.PICTURE, number, taken[1], taken[0])
                    self._send_chunk(wire.pack(chunk), Kind.PICTURE, number)
                    number += 1
                if time.monotonic() > due:
                    self._send_report()
                    due = time.monotonic() + _REPORT_S
        except (ConnectionClosed, OSError) as error:
            self._broken(error)

    def _send_sounds(self) -> bool:
        """All that wait; False when that was the last."""
        while True:
            try:
                packet = self._sounds.get_nowait()
            except Empty:
                return True
            if packet is None:
                self._send_report()
                self._connection.send(json.dumps({"type": "end"}))
                return False
            self._send_chunk(packet, Kind.SOUND, wire.unpack(packet).number)

    def _send_chunk(self, packed: bytes, kind: Kind, number: int) -> None:
        self._times.sent(kind, number, time.perf_counter())
        self._connection.send(packed)

    def _send_report(self) -> None:
        took = self._times.unreported()
        stats: dict[str, Any] = {"type": "link", "t_comm": [round(one, 5) for one in took[:200]]}
        stats |= {"dropped": self._times.dropped, "late": self.voice.late}
        self._connection.send(json.dumps(stats))

    def _receive(self) -> None:
        try:
            for message in self._connection:
                if isinstance(message, str):
                    self._take_text(json.loads(message))
                else:
                    self._take(wire.unpack(message))
        except (ConnectionClosed, OSError, ValueError) as error:
            self._broken(error)
        finally:
            self._over.set()
            self._wake.set()

    def _take(self, chunk: Chunk) -> None:
        match chunk.kind:
            case Kind.ACK:
                self._times.answered(chunk.content[0], chunk.number, time.perf_counter())
            case Kind.SPEECH:
                self.voice.put(chunk.pts, self._decoder.decode(chunk.content))
            case Kind.MOUTH:
                self.mouths.append((chunk.pts, chunk.content))
            case Kind.DRAWN:
                self.shown.put(Frame(picture.decode(chunk.content), chunk.pts, chunk.number))

    def _take_text(self, message: dict[str, Any]) -> None:
        if message.get("type") == "failed":
            self.failure = str(message.get("text"))
        if message.get("type") == "bye":
            self._times.service = ServiceTimes(
                float(message.get("t_delta", 0.0)), float(message.get("t_a", 0.0))
            )
        self._told(message)

    def _broken(self, error: Exception) -> None:
        if not self._over.is_set() and not self.failure:
            self.failure = f"The link to the service broke: {error}"
        self._over.set()


@contextmanager
def _connected(url: str, token: str) -> Iterator[ClientConnection]:
    address = url.rstrip("/").replace("http", "ws", 1) if url.startswith("http") else url
    with ExitStack() as undo:
        try:
            opening = connect(
                address + PATH,
                additional_headers={"Authorization": f"Bearer {token}"} if token else None,
                compression=None,  # it is compressed already
                max_size=_LARGEST,
                open_timeout=_OPEN_S,
            )
            connection = undo.enter_context(opening)
        except InvalidStatus as error:
            body = bytes(error.response.body or b"").decode("utf-8", "replace")
            raise EngineUnavailable(
                f"The service at {url} refuses ({error.response.status_code}): {body[:200]}"
            ) from error
        except (OSError, InvalidURI, InvalidHandshake, TimeoutError) as error:
            raise EngineUnavailable(f"There is no service at {url}: {error}.") from error
        yield connection
