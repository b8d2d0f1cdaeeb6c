"""Opening a recording that may be anything: broken, missing, or made to lead us elsewhere.

FFmpeg recognises a file by its content. A playlist (.m3u8, .concat, .sdp, ...) named clip.mp4
would make it open other files or addresses, so only demuxers of self-contained recordings
are allowed, and only the protocol for plain files.
"""

import os
import stat
from pathlib import Path
from typing import Any, TypeAlias

import av
from av.container import InputContainer

from core.errors import UnreadableInput

AnyPacket: TypeAlias = "av.Packet[Any]"
"""PyAV's packets are generic for the type checker only."""

_DEMUXERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,flv,live_flv,mpegts,mpeg,mpegvideo,mp3,wav,w64,"
    "flac,ogg,aac,ac3,eac3,asf,aiff,caf,au,amr,mxf,gxf,nut,h264,hevc,m4v,obu,ivf,dv,rm,wtv,ape,"
    "wv,tta,dts,dtshd,truehd,mlp,voc,oma,dsf,nsv,gsm,qcp"
)
_OPTIONS = {"protocol_whitelist": "file", "format_whitelist": _DEMUXERS}


LARGEST_PICTURE = 8192 * 8192
"""Points. A few kilobytes can become a picture of any size, whatever the file says of itself at its
beginning; a larger one counts as damaged."""


def open_recording(path: Path) -> InputContainer:
    """The recording, its streams known. UnreadableInput, in one sentence, when it is none."""
    _check(path)
    try:
        # An absolute path cannot be mistaken for a protocol ("http:...", "concat:...").
        container = av.open(
            os.path.abspath(path), mode="r", container_options=_OPTIONS, metadata_errors="replace"
        )
    except (av.error.FFmpegError, OSError) as exc:
        raise UnreadableInput(f"{path} {_trouble(path)}") from exc
    for stream in container.streams.video:
        if stream.codec_context is not None:
            stream.codec_context.options = {"max_pixels": str(LARGEST_PICTURE)}
    return container


def _check(path: Path) -> None:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise UnreadableInput(f"{path} is a folder, not a recording.")
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableInput(f"{path} is not a plain file.")
        if not status.st_size:
            raise UnreadableInput(f"{path} is empty.")
        path.open("rb").close()
    except FileNotFoundError:
        raise UnreadableInput(f"{path} does not exist.") from None
    except PermissionError:
        raise UnreadableInput(f"{path} may not be read: permission denied.") from None
    except (OSError, ValueError) as exc:
        reason = getattr(exc, "strerror", None) or str(exc)
        raise UnreadableInput(f"{path} cannot be read: {reason}.") from exc


def _trouble(path: Path) -> str:
    """What is wrong with a file that FFmpeg refused, as the rest of a sentence."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head[4:8] in (b"ftyp", b"mdat", b"moov", b"wide", b"free"):
        return "is damaged or was cut off before its end: its index (moov) is missing."
    if _is_text(head):
        return "is a text file or a playlist, not a recording."
    return "is not a sound or video file that this program can read, or it is damaged."


def _is_text(head: bytes) -> bool:
    try:
        text = head.decode("utf-8", errors="strict" if len(head) < 4096 else "ignore")
    except UnicodeDecodeError:
        return False
    return all(sign.isprintable() or sign in "\r\n\t\ufeff" for sign in text)
