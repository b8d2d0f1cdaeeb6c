"""The picture of a recording: as packets to be copied, or as upright frames."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.stream import Discard
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from core.errors import UnreadableInput
from core.types import Frame
from engines.media.encoders import EXACT, PictureFormat
from engines.media.info import picture_stream, probe, start_of
from engines.media.opening import AnyPacket, open_recording

_TIMED = ("mov,mp4", "matroska", "mpegts", "flv", "mpeg")
"""Containers whose packets all carry the time at which they are shown."""

LARGEST_SIDE = 3840
"""Points that a picture may have beyond what its file says of all of them."""

_UNDATED = 32
"""Packets without a decoding time that are held back at most; codecs reorder 16 pictures."""


class PictureReader:
    """Pulls the packets of the moving picture, in decoding order, times counted from 0.

    `stream` is the template for copying. `timed` is false where the container does not say
    when a packet is shown: such pictures have to be decoded.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._container = open_recording(self.path)
        stream = picture_stream(self._container)
        if stream is None:
            self._container.close()
            raise UnreadableInput(f"{path} has no moving picture.")
        self.stream: VideoStream = stream
        context = stream.codec_context
        self._said = context.width, context.height  # what the decoder has seen follows it
        self.timed = self._container.format.name.startswith(_TIMED)
        self._start = Fraction(start_of(self._container)).limit_denominator(av.time_base)
        for other in self._container.streams:
            if other.index != stream.index:
                other.discard = Discard.all
        self._source = self._demuxed()
        self._next: AnyPacket | None = None

    @property
    def format(self) -> PictureFormat:
        """Size and rate of the upright pictures."""
        info = probe(self.path)
        return PictureFormat(*info.display_size, fps=info.fps or 30.0)

    def packets(self, until: float = float("inf")) -> Iterator[AnyPacket]:
        """Those that are due before `until` seconds and were not given yet."""
        while (packet := self._next or next(self._source, None)) is not None:
            self._next = packet
            due = packet.dts if packet.dts is not None else packet.pts
            if due is not None and due * packet.time_base >= until:
                return
            self._next = None
            yield packet

    def frames(self) -> Iterator[Frame]:
        """All of them, decoded and upright. UnreadableInput at one that is far larger than the file
        says: it may be there to take all memory."""
        for number, frame in enumerate(self._decoded()):
            self._check(frame)
            yield Frame(upright(frame), shown_at(frame, self.stream), number)

    def close(self) -> None:
        self._container.close()

    def _demuxed(self) -> "Iterator[AnyPacket]":
        first: list[AnyPacket] = []
        try:
            for packet in self._container.demux(self.stream):
                if not packet.size:
                    continue
                first.append(self._shifted(packet))
                if packet.dts is not None or len(first) > _UNDATED:
                    yield from _dated(first)
                    first = []
        except av.error.FFmpegError:
            pass  # the reader of the sound tells the user that the file is cut off
        yield from first

    def _shifted(self, packet: AnyPacket) -> AnyPacket:
        shift = round(self._start / packet.time_base)
        if packet.pts is not None:
            packet.pts -= shift
        if packet.dts is not None:
            packet.dts -= shift
        return packet

    def _check(self, frame: VideoFrame) -> None:
        size = frame.width, frame.height
        if any(side > max(said, LARGEST_SIDE) for side, said in zip(size, self._said, strict=True)):
            raise UnreadableInput(
                "One of its pictures is {} x {} points, though it says to have {} x {}.".format(
                    *size, *self._said
                )
            )

    def _decoded(self) -> Iterator[VideoFrame]:
        for packet in self.packets():
            try:
                yield from self.stream.decode(packet)
            except av.error.FFmpegError:
                continue
        yield from self.stream.decode(None)


def _dated(packets: "list[AnyPacket]") -> "list[AnyPacket]":
    """Matroska stores no decoding times; FFmpeg reckons them, but not for the first packets of
    a stream with reordered pictures. They lie one picture apart before the first known one."""
    known = packets[-1].dts
    if known is not None:
        step = max(1, packets[-1].duration or 1)
        for back, packet in enumerate(reversed(packets[:-1]), start=1):
            packet.dts = known - back * step
    return packets


def read_frames(path: str | Path) -> Iterator[Frame]:
    """The upright pictures of a recording, each with its own time. Opens the file at once."""
    return PictureReader(path).frames()


def shown_at(frame: VideoFrame, stream: VideoStream) -> float:
    """Seconds; what a decoder held back to the end carries no time base of its own."""
    base = frame.time_base or stream.time_base
    return float(frame.pts * base) if frame.pts is not None and base else 0.0


def upright(frame: VideoFrame) -> NDArray[np.uint8]:
    """RGB, turned as a viewer is meant to see it."""
    image = frame.to_ndarray(format="rgb24", interpolation=EXACT)
    return np.ascontiguousarray(np.rot90(image, frame.rotation // 90))
