"""The picture track of an output: packets copied as they are, or pictures encoded anew."""

from collections.abc import Iterable, Iterator
from typing import Protocol

import av
from av.container import OutputContainer
from av.video.stream import VideoStream

from core.types import Frame
from engines.media.containers import Container
from engines.media.encoders import PictureEncoder, PictureFormat
from engines.media.info import codec_name
from engines.media.opening import AnyPacket
from engines.media.pictures import PictureReader, shown_at, upright

_APPLE = ("mp4", "mov")


class PictureTrack(Protocol):
    """Gives, for whatever comes in, the packets to be written."""

    copies: bool

    def from_packet(self, packet: AnyPacket) -> Iterable[AnyPacket]: ...

    def from_frame(self, frame: Frame) -> Iterable[AnyPacket]: ...

    def flush(self) -> Iterable[AnyPacket]: ...


def picture_track(
    output: OutputContainer, container: Container, pictures: PictureReader | PictureFormat | None
) -> PictureTrack | None:
    """Copying where the container can hold what the reader gives, encoding otherwise."""
    if pictures is None:
        return None
    if isinstance(pictures, PictureFormat):
        return EncodedPictures(output, container, pictures, None)
    if pictures.timed and codec_name(pictures.stream) in container.copies:
        return CopiedPictures(output, container, pictures)
    return EncodedPictures(output, container, pictures.format, pictures.stream)


class CopiedPictures:
    """Rotation and the times of variable frame rates stay as they were."""

    copies = True

    def __init__(
        self, output: OutputContainer, container: Container, reader: PictureReader
    ) -> None:
        # opaque: the template's own codec, since there need not be an encoder for it.
        self._stream = output.add_stream_from_template(reader.stream, opaque=True)
        self._stream.metadata.update(reader.stream.metadata)
        if container.muxer in _APPLE and codec_name(reader.stream) == "hevc":
            self._stream.codec_context.codec_tag = "hvc1"  # players of Apple refuse "hev1"
        self._last: int | None = None

    def from_packet(self, packet: AnyPacket) -> list[AnyPacket]:
        """Containers refuse a decoding time that is missing or does not increase."""
        if packet.dts is None:
            packet.dts = packet.pts
        if packet.dts is None:
            return []
        if self._last is not None and packet.dts <= self._last:
            packet.dts = self._last + 1
        if packet.pts is None or packet.pts < packet.dts:
            packet.pts = packet.dts
        self._last = packet.dts
        packet.stream = self._stream
        return [packet]

    def from_frame(self, frame: Frame) -> list[AnyPacket]:
        raise TypeError("this track copies packets and was not announced any frames")

    def flush(self) -> list[AnyPacket]:
        return []


class EncodedPictures:
    """Pictures given as frames, or packets of the reader's stream, decoded and set upright."""

    copies = False

    def __init__(
        self,
        output: OutputContainer,
        container: Container,
        picture: PictureFormat,
        source: VideoStream | None,
    ) -> None:
        self._encoder = PictureEncoder(output, container, picture)
        self._source = source

    def from_packet(self, packet: "AnyPacket | None") -> Iterator[AnyPacket]:
        if self._source is None:
            raise TypeError("this track was announced frames, not packets")
        try:
            frames = self._source.decode(packet)
        except av.error.FFmpegError:
            return  # a damaged picture; the one before it stays
        for frame in frames:
            yield from self._encoder.encode(upright(frame), shown_at(frame, self._source))

    def from_frame(self, frame: Frame) -> Iterable[AnyPacket]:
        return self._encoder.encode(frame.image, frame.pts)

    def flush(self) -> Iterator[AnyPacket]:
        if self._source is not None:
            yield from self.from_packet(None)
        yield from self._encoder.flush()
