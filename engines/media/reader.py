"""The sound of a recording, streaming: mono for recognition, stereo for the mixer."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import cast

import av
import numpy as np
import soxr
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.packet import Packet
from av.stream import Discard

from core.errors import NothingToTranslate, UnreadableInput
from core.types import AudioChunk, Samples
from engines.media.info import MediaInfo, probe, sound_stream, start_of
from engines.media.opening import open_recording
from engines.media.timeline import Timeline

__all__ = ["MediaInfo", "OriginalSound", "probe", "read_audio"]

_CHUNK = 0.1
_MISSING = 1.0
"""Seconds that may be missing at the end before the user is told."""


def read_audio(
    path: str | Path, rate: int = 16000, *, warnings: list[str] | None = None
) -> Iterator[AudioChunk]:
    """Mono chunks of 0.1 s from time 0 to the end of the sound (the last one is shorter), where
    position is time: silence stands for what is missing at the start or in between.

    Opens the file at once: UnreadableInput, or NothingToTranslate without sound. What is
    damaged on the way is left out, and said in `warnings` when the last chunk has been given.
    """
    return _chunks(_Sound(Path(path), rate, 1, warnings), rate)


def _chunks(sound: "_Sound", rate: int) -> Iterator[AudioChunk]:
    size = round(rate * _CHUNK)
    held: list[Samples] = []
    waiting = position = 0
    for block in chain(sound, [np.zeros((0, 1), np.float32)]):
        held.append(block[:, 0])
        waiting += len(block)
        if waiting < size and len(block):
            continue
        samples = np.concatenate(held)
        whole = waiting if not len(block) else waiting // size * size
        for at in range(0, whole, size):
            piece = samples[at : min(at + size, whole)]
            yield AudioChunk(piece, rate, position / rate)
            position += len(piece)
        held, waiting = [samples[whole:]], waiting - whole


class OriginalSound:
    """The sound at the output's rate, stereo, drawn from by the mixer."""

    def __init__(
        self, path: str | Path, rate: int = 48000, *, warnings: list[str] | None = None
    ) -> None:
        sound = _Sound(Path(path), rate, 2, warnings)
        self._blocks = iter(sound)
        self._sound = sound
        self._rate = rate
        self._held = np.zeros((0, 2), np.float32)
        self._position = 0

    def read(self, until: float) -> Samples:
        """Everything from where the last call ended up to `until` seconds, samples x 2; silence
        after the end of the sound."""
        count = max(0, round(until * self._rate) - self._position)
        parts, have = [self._held], len(self._held)
        while have < count and (block := next(self._blocks, None)) is not None:
            parts.append(block)
            have += len(block)
        if have < count:
            parts.append(np.zeros((count - have, 2), np.float32))
        samples = np.concatenate(parts)
        self._held = samples[count:].copy()
        self._position += count
        return samples[:count]

    def close(self) -> None:
        self._sound.close()


class _Sound:
    """Blocks of samples x channels at the wanted rate, decoded when asked for."""

    def __init__(self, path: Path, rate: int, channels: int, warnings: list[str] | None) -> None:
        self._path = path
        self._rate = rate
        self._channels = channels
        self._warnings = [] if warnings is None else warnings
        self._container = open_recording(path)
        stream = sound_stream(self._container)
        if stream is None:
            self._container.close()
            raise NothingToTranslate(f"{path} has no sound, so there is nothing to translate.")
        self._stream = stream
        self._start = start_of(self._container)
        self._end = 0.0
        self._damaged = 0

    def close(self) -> None:
        self._container.close()

    def __iter__(self) -> Iterator[Samples]:
        native = self._stream.codec_context.sample_rate
        whole = (self._container.duration or 0) / av.time_base
        line = Timeline(native, self._channels, self._start, whole)
        resampler = soxr.ResampleStream(native, self._rate, self._channels, dtype="float32")
        with self._container:
            for frame in self._frames():
                for block in line.push(frame):
                    yield self._resampled(resampler, block.T)
            yield self._resampled(resampler, np.zeros((0, self._channels), np.float32), last=True)
            self._say(line, self._declared(whole))

    def _resampled(
        self, resampler: soxr.ResampleStream, block: Samples, *, last: bool = False
    ) -> Samples:
        shape = -1 if self._channels == 1 else (-1, self._channels)
        flat = np.ascontiguousarray(block).reshape(shape)
        done: Samples = resampler.resample_chunk(flat, last=last)
        # The filter rings a little past full level.
        return done.clip(-1.0, 1.0).reshape(-1, self._channels)

    def _frames(self) -> Iterator[AudioFrame]:
        good = False
        for packet in self._packets():
            try:
                for frame in packet.decode():
                    good = True
                    yield frame
            except av.error.FFmpegError:
                self._damaged += 1
        if not good:
            codec = self._stream.codec_context.name
            raise UnreadableInput(f"The sound of {self._path} ({codec}) cannot be decoded.")

    def _packets(self) -> "Iterator[Packet[AudioStream]]":
        alone = self._stream.duration is not None
        for stream in self._container.streams:
            if alone and stream.index != self._stream.index:
                stream.discard = Discard.all
        try:
            for packet in self._container.demux():
                if packet.pts is not None:
                    self._end = max(self._end, float(packet.pts * packet.time_base) - self._start)
                if packet.stream_index == self._stream.index:
                    yield cast("Packet[AudioStream]", packet)
        except av.error.FFmpegError:
            self._damaged += 1

    def _declared(self, whole: float) -> float:
        """Where the file says that it ends: its sound, or all of it where only that is told."""
        stream = self._stream
        if stream.duration is None or stream.time_base is None:
            return whole
        end = (stream.start_time or 0) + stream.duration
        return float(end * stream.time_base) - self._start

    def _say(self, line: Timeline, declared: float) -> None:
        end = max(line.seconds, self._end)
        if declared - end > _MISSING:
            self._damaged -= 1  # the piece in which it was cut
            self._warnings.append(
                f"{self._path.name} ends at {end:.1f} s although it says that it lasts "
                f"{declared:.1f} s: it is incomplete, and what is there was used."
            )
        if self._damaged > 0:
            self._warnings.append(
                f"{self._path.name} is damaged: {self._damaged} pieces of sound were left out."
            )
        if line.jumps:
            self._warnings.append(
                f"The time stamps of {self._path.name} jump; its sound was read as it comes."
            )
