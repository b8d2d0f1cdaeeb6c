"""What a recording is: its length, its sound, its picture, its tags."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from engines.media.opening import open_recording


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """`start` is the file's own time of the moment that we call 0. `width` and `height` are
    those of the stored picture; `display_size` is what a viewer sees after `rotation`
    (degrees counter-clockwise, a multiple of 90 in practice)."""

    path: Path
    container: str
    duration: float
    start: float = 0.0
    audio_codec: str = ""
    audio_rate: int = 0
    audio_channels: int = 0
    audio_language: str = ""
    video_codec: str = ""
    width: int = 0
    height: int = 0
    fps: float = 0.0
    rotation: int = 0
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_audio(self) -> bool:
        return bool(self.audio_codec)

    @property
    def has_video(self) -> bool:
        return bool(self.video_codec)

    @property
    def display_size(self) -> tuple[int, int]:
        """Width and height as seen."""
        upright = self.rotation % 180 == 0
        return (self.width, self.height) if upright else (self.height, self.width)


def probe(path: str | Path) -> MediaInfo:
    """Reads the file's head (and all of it, undecoded, when the head does not say how long it
    is). UnreadableInput when it is no recording; a file without sound or picture is fine."""
    path = Path(path)
    with open_recording(path) as container:
        sound, picture = sound_stream(container), picture_stream(container)
        return MediaInfo(
            path=path,
            container=container.format.name,
            start=start_of(container),
            tags=_tags(container, sound),
            **_sound(sound),
            **_picture(container, picture),
            duration=_duration(path, container),
        )


def start_of(container: InputContainer) -> float:
    """The file's own time of its first sample or picture, whichever comes first."""
    return (container.start_time or 0) / av.time_base


def sound_stream(container: InputContainer) -> AudioStream | None:
    """The sound that a player would choose."""
    stream = container.streams.best("audio")
    return stream if isinstance(stream, AudioStream) and stream.codec_context else None


def picture_stream(container: InputContainer) -> VideoStream | None:
    """The moving picture that a player would choose; a cover image is none."""
    best = container.streams.best("video")
    candidates = [best, *container.streams.video]
    for stream in candidates:
        if (
            isinstance(stream, VideoStream)
            and stream.codec_context
            and not stream.disposition & (Disposition.attached_pic | Disposition.still_image)
        ):
            return stream
    return None


def _tags(container: InputContainer, sound: AudioStream | None) -> dict[str, str]:
    """Ogg files carry their tags on the stream of the sound."""
    on_stream = sound is not None and container.format.name == "ogg"
    return {**(sound.metadata if sound and on_stream else {}), **container.metadata}


def codec_name(stream: AudioStream | VideoStream) -> str:
    """The codec's own name, whichever library decodes it."""
    return stream.codec_context.codec.canonical_name


def _sound(stream: AudioStream | None) -> dict[str, Any]:
    if stream is None:
        return {}
    return {
        "audio_codec": codec_name(stream),
        "audio_rate": stream.codec_context.sample_rate,
        "audio_channels": stream.codec_context.layout.nb_channels,
        "audio_language": stream.language or "",
    }


def _picture(container: InputContainer, stream: VideoStream | None) -> dict[str, Any]:
    if stream is None:
        return {}
    return {
        "video_codec": codec_name(stream),
        "width": stream.codec_context.width,
        "height": stream.codec_context.height,
        "fps": float(stream.average_rate or stream.guessed_rate or Fraction(0)),
        "rotation": _rotation(container, stream),
    }


def _rotation(container: InputContainer, stream: VideoStream) -> int:
    """PyAV shows a stream's display matrix only on its decoded frames."""
    try:
        return next((frame.rotation for frame in container.decode(stream)), 0) % 360
    except av.error.FFmpegError:
        return 0


def _duration(path: Path, container: InputContainer) -> float:
    if container.duration:
        return container.duration / av.time_base
    ends = [0.0]
    with open_recording(path) as again:  # what browsers record says nothing about its length
        start = start_of(again)
        for packet in again.demux():
            if packet.pts is not None:
                end = float((packet.pts + (packet.duration or 0)) * packet.time_base)
                ends.append(end - start)
    return max(end for end in ends if math.isfinite(end))
