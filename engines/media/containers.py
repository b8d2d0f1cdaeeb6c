"""What each kind of output file can hold, and how we fill it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import CannotWrite, UsageError
from engines.media.languages import Form

_MODERN = ("h264", "hevc", "av1", "vp8", "vp9")
_OLDER = ("mpeg4", "mpeg2video", "mpeg1video", "mjpeg", "prores", "dnxhd", "theora", "ffv1")


@dataclass(frozen=True, slots=True)
class Container:
    """`copies` are the picture codecs that are taken over as they are; others are encoded anew
    with `video`. Without `video` it holds sound only, without `captions` no subtitles."""

    muxer: str
    audio: str
    audio_bit_rate: int = 0
    video: str = ""
    copies: frozenset[str] = frozenset()
    captions: str = ""
    language: Form = "terminology"
    options: Mapping[str, str] = field(default_factory=dict)
    lasting: Mapping[str, str] = field(default_factory=dict)
    """More options, with which at most the last second is lost when the writer is killed."""


_LASTING = {"flush_packets": "1"}
# Complete pieces while it is written; an MP4 like any other once it is finished.
_PIECES = {**_LASTING, "movflags": "+hybrid_fragmented+default_base_moof"}
_PIECES |= {"frag_duration": "1000000"}
_CLUSTERS = {**_LASTING, "cluster_time_limit": "1000"}
_MP4 = Container(
    "mp4",
    "aac",
    160_000,
    video="libx264",
    copies=frozenset(("h264", "hevc", "av1", "vp9", "mpeg4")),
    captions="mov_text",
    lasting=_PIECES,
)
CONTAINERS: Mapping[str, Container] = {
    ".mp4": _MP4,
    ".mov": Container(
        "mov",
        "aac",
        160_000,
        video="libx264",
        copies=frozenset(("h264", "hevc", "mpeg4", "mjpeg", "prores", "dnxhd")),
        captions="mov_text",
        language="quicktime",
        lasting=_PIECES,
    ),
    ".m4v": _MP4,
    ".mkv": Container(
        "matroska",
        "aac",
        160_000,
        video="libx264",
        copies=frozenset(_MODERN + _OLDER),
        captions="subrip",
        language="bibliographic",
        lasting=_CLUSTERS,
    ),
    ".webm": Container(
        "webm",
        "libopus",
        128_000,
        video="libvpx-vp9",
        copies=frozenset(("vp8", "vp9", "av1")),
        captions="webvtt",
        language="bibliographic",
        lasting=_CLUSTERS,
    ),
    ".m4a": Container("ipod", "aac", 160_000, lasting=_PIECES),
    ".mp3": Container("mp3", "libmp3lame", 192_000, lasting=_LASTING),
    ".wav": Container("wav", "pcm_s16le", options={"rf64": "auto"}, lasting=_LASTING),
    ".ogg": Container("ogg", "libopus", 128_000, lasting=_LASTING),
    ".opus": Container("opus", "libopus", 128_000, lasting=_LASTING),
    ".flac": Container("flac", "flac", lasting=_LASTING),
}

ENCODER_OPTIONS: Mapping[str, Mapping[str, str]] = {
    "libx264": {"preset": "veryfast", "crf": "20"},
    "libvpx-vp9": {
        "deadline": "realtime",
        "cpu-used": "8",
        "row-mt": "1",
        "crf": "32",
        "lag-in-frames": "0",
    },
}


def container_of(path: Path) -> Container:
    """By the name's ending. UsageError, naming those that there are, for any other; CannotWrite
    for a folder without one."""
    try:
        return CONTAINERS[path.suffix.lower()]
    except KeyError:
        if path.is_dir():
            shown = path if path.name else path.absolute()
            raise CannotWrite(f"{shown} is a folder; name a file in it.") from None
        known = " ".join(CONTAINERS)
        ending = f"ends in {path.suffix}" if path.suffix else "has no ending"
        raise UsageError(f"{path} {ending}; the output can be one of: {known}.") from None
