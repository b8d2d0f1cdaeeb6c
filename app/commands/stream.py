"""`stream IN OUT`: a recording through a service as if it happened now, and what comes back."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from app.service.tokens import VARIABLE
from core.errors import UsageError
from core.text.languages import language_code
from core.types import Frame, Samples
from engines.link.client import Compression, StreamClient
from engines.link.sound import RATE, SPOKEN
from engines.link.wire import CHUNK_S
from engines.media.pictures import PictureReader
from engines.media.reader import probe, read_audio
from engines.media.writer import MediaWriter

_DELAY = 12
"""Chunks that the written file stays behind what is sent: half a second."""


@dataclass(frozen=True)
class Request:
    """The command line as it was given; empty means: as the service has it."""

    source: Path
    target: Path
    service: str
    from_: str = ""
    to: str = ""
    token_file: Path | None = None
    force: bool = False
    quiet: bool = False
    enhance: str = ""
    compression: Compression = field(default_factory=Compression)


def run(request: Request) -> None:
    """Takes as long as the recording lasts, and says how the link did."""
    console = Console(stderr=True, soft_wrap=True, highlight=False, quiet=request.quiet)
    info = probe(request.source)
    wishes = {
        "source_language": language_code(request.from_) if request.from_ else "",
        "target_language": language_code(request.to) if request.to else "",
        "video": info.has_video,
        "enhance": request.enhance,
        "jpeg": request.compression.jpeg,
    }

    def told(message: dict[str, Any]) -> None:
        if message["type"] in ("caption", "notice"):
            console.print(message["text"], markup=False)

    with ExitStack() as undo:
        sounds = _chunks(request.source)
        reader = PictureReader(request.source) if info.has_video else None
        undo.callback(reader.close if reader else lambda: None)
        token, compression = _token(request.token_file), request.compression
        client = StreamClient(request.service, token, wishes, told, compression=compression)
        undo.callback(client.close)
        form = reader.format if reader else None
        language = client.welcome["languages"][1]
        writer = undo.enter_context(
            MediaWriter(request.target, info, form, language=language, overwrite=request.force)
        )
        _Relay(client, writer, reader.frames() if reader else iter(())).run(sounds)
        writer.finish()
        console.print(str(client.report), markup=False)


class _Relay:
    """At the pace of a camera and a microphone."""

    def __init__(self, client: StreamClient, writer: MediaWriter, frames: Iterator[Frame]) -> None:
        self._client, self._writer, self._frames = client, writer, frames
        self._next: Frame | None = next(frames, None)
        self._version = 0
        self._written = 0

    def run(self, sounds: Iterator[Samples]) -> None:
        begun = time.monotonic()
        for number, sound in enumerate(sounds):
            self._client.hear(sound)
            self._see()
            if number >= _DELAY:
                self._write()
            time.sleep(max(0.0, begun + (number + 1) * CHUNK_S - time.monotonic()))
        self._client.finish()
        end = max(self._client.voice.end, self._client.position)
        while self._written * CHUNK_S < end:
            self._write()

    def _see(self) -> None:
        """The newest picture that is due."""
        due: Frame | None = None
        while self._next is not None and self._next.pts < self._client.position:
            due, self._next = self._next, next(self._frames, None)
        if due is not None:
            self._client.see(due.image, due.pts)

    def _write(self) -> None:
        if (shown := self._client.shown.get(self._version)) is not None:
            self._version = shown[0]
            self._writer.write_frame(shown[1])
        voice = self._client.voice.take(round(RATE * CHUNK_S))
        self._writer.write_sound(np.repeat(voice[:, None], 2, axis=1))
        self._written += 1


def _chunks(source: Path) -> Iterator[Samples]:
    """The sound in pieces of one chunk; the last one is filled up."""
    size = round(SPOKEN * CHUNK_S)
    chunks = read_audio(source, SPOKEN)  # opens the file at once

    def cut() -> Iterator[Samples]:
        held = np.zeros(0, np.float32)
        for chunk in chunks:
            held = np.concatenate([held, chunk.samples])
            while len(held) >= size:
                yield held[:size]
                held = held[size:]
        if len(held):
            yield np.pad(held, (0, size - len(held)))

    return cut()


def _token(file: Path | None) -> str:
    """Of the file, else of the environment; none for a service that wants none."""
    if file is None:
        return os.environ.get(VARIABLE, "")
    try:
        words = file.read_text("utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The token cannot be read from {file}: {error}.") from error
    return words[-1] if words else ""
