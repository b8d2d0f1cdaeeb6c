"""Whether an upload is a video that can be worked on. Runs in a worker process: what a stranger
sent is never decoded in the service itself.

The kind of file is told by its first bytes, and FFmpeg is made to read it as that: left to itself
it takes a playlist named .mp4 for one, and opens the files and addresses that stand in it.
"""

import math
import sys
from dataclasses import dataclass
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from core.errors import NothingToTranslate, UnreadableInput, UsageError
from engines.media.info import codec_name, picture_stream, sound_stream
from engines.media.pictures import LARGEST_SIDE

SMALLEST_SIDE = 32
FASTEST = 120
"""Pictures a second."""
_CODECS = ("h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mjpeg", "mpeg2video")
_MEMORY = 4 << 30


@dataclass(frozen=True)
class Facts:
    """What the service tells about a video."""

    width: int
    height: int
    fps: float
    duration: float
    codec: str
    sound: bool


class Checker:
    """The object in the worker process."""

    def __init__(self) -> None:
        if sys.platform == "linux":
            import resource

            resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def check(self, path: Path, longest: float, sound: bool) -> tuple[str, Facts]:
        """The ending that belongs to the file, and what is in it. UnreadableInput for what is no
        video, UsageError for one that is too long or too large, NothingToTranslate for one
        without the `sound` that is needed."""
        ending, demuxer = kind_of(path)
        options = {"protocol_whitelist": "file"}
        try:
            with av.open(str(path), format=demuxer, container_options=options) as container:
                facts = _facts(container, longest)
        except (av.error.FFmpegError, MemoryError) as error:
            raise UnreadableInput("The video is damaged, or was cut off.") from error
        if sound and not facts.sound:
            raise NothingToTranslate("The video has no sound, so there is nothing to translate.")
        return ending, facts


def kind_of(path: Path) -> tuple[str, str]:
    """The file's ending and FFmpeg's reader for it, by its first bytes."""
    with open(path, "rb") as file:
        head = file.read(16)
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free"):
        return ".mp4", "mov"
    if head[:4] == b"\x1aE\xdf\xa3":
        return ".mkv", "matroska"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return ".avi", "avi"
    raise UnreadableInput("This is not a video that the service takes: MP4, MOV, MKV, WebM or AVI.")


def _facts(container: InputContainer, longest: float) -> Facts:
    stream = picture_stream(container)
    if stream is None:
        raise UnreadableInput("There is no moving picture in it.")
    context, codec = stream.codec_context, codec_name(stream)
    if codec not in _CODECS:
        raise UnreadableInput(f"Its pictures are in {codec}, which the service does not take.")
    if not all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in (context.width, context.height)):
        raise UsageError(
            f"Its pictures are {context.width} x {context.height}; each side may have "
            f"{SMALLEST_SIDE} to {LARGEST_SIDE} points."
        )
    fps = float(stream.average_rate or stream.guessed_rate or 0)
    facts = Facts(
        context.width,
        context.height,
        round(fps, 3),
        round(_seconds(container, stream, longest), 3),
        codec,
        sound_stream(container) is not None,
    )
    container.seek(0)
    if next(iter(container.decode(stream)), None) is None:
        raise UnreadableInput("None of its pictures can be decoded.")
    return facts


def _seconds(container: InputContainer, stream: VideoStream, longest: float) -> float:
    """How long it really is, by its packets: what a file says of itself may be anything."""
    told = (container.duration or 0) / av.time_base
    start = (container.start_time or 0) / av.time_base
    pictures, end = 0, 0.0
    for packet in container.demux():
        if packet.pts is not None and packet.time_base:
            end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base) - start)
        pictures += packet.stream_index == stream.index and packet.size > 0
        if max(told, end) > longest or pictures > longest * FASTEST:
            raise UsageError(f"The video may last {longest:g} s at most.")
    if not pictures or not math.isfinite(end):
        raise UnreadableInput("There are no pictures in it.")
    return end
