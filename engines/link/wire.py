"""The form in which chunks of live sound and pictures travel over a WebSocket: a head of sixteen
bytes, then what the codec made. Text messages are JSON. docs/service.md is the reference."""

import math
import struct
from dataclasses import dataclass
from enum import IntEnum

VERSION = 1
CHUNK_S = 0.04
"""What one chunk of sound lasts."""
LARGEST = 1024 * 1024
_LONGEST_PTS = 7 * 24 * 3600.0

_MAGIC = b"TC"
_HEAD = struct.Struct("<2sBBId")  # magic, version, kind, number, pts
ROOM = LARGEST - _HEAD.size
"""Bytes of content that a chunk can have."""


class LinkError(ValueError):
    """What came is not what was agreed on; one sentence says why."""


class Kind(IntEnum):
    SOUND = 1
    """Client to service: Opus, one chunk."""
    PICTURE = 2
    """Client to service: JPEG."""
    ACK = 3
    """Service to client, at once: this sound or picture has come. No content."""
    SPEECH = 4
    """Service to client: Opus, one chunk of the translated voice."""
    MOUTH = 5
    """Service to client: its mouth shape, six bytes."""
    DRAWN = 6
    """Service to client: JPEG, a picture with its drawn lips; number and pts are the sent one's."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """`number` counts the chunks of a kind from 0; `pts` is in seconds since the client's first
    sound. Of an ACK, `content` is one byte: the kind of what has come."""

    kind: Kind
    number: int
    pts: float
    content: bytes = b""


def pack(chunk: Chunk) -> bytes:
    head = _HEAD.pack(_MAGIC, VERSION, chunk.kind, chunk.number, chunk.pts)
    return head + chunk.content


def unpack(message: bytes) -> Chunk:
    """LinkError for anything that `pack` did not make, of this version."""
    if len(message) > LARGEST:
        raise LinkError(f"A chunk of {len(message)} bytes is too large; {LARGEST} are the most.")
    if len(message) < _HEAD.size or not message.startswith(_MAGIC):
        raise LinkError("This is no chunk of a live stream.")
    _, version, kind, number, pts = _HEAD.unpack_from(message)
    if version != VERSION:
        raise LinkError(f"This chunk is of version {version}; version {VERSION} is understood.")
    if not (math.isfinite(pts) and 0 <= pts <= _LONGEST_PTS):
        raise LinkError("The time of a chunk makes no sense.")
    try:
        return Chunk(Kind(kind), number, pts, message[_HEAD.size :])
    except ValueError:
        raise LinkError(f"There is no kind of chunk {kind}.") from None
