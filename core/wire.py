"""The wire between a worker process and its parent.

A message is the number of a request, what it is to that request, and a pickle (protocol 5) with its
large arrays behind it, uncopied. A request holds (method, arguments). Its answers, under the same
number, hold (result, error): one END, and before it a PIECE each for what a streamed method gives.
MORE and STOP hold nothing. Both ends are this program, one the parent of the other, so unpickling
trusts nobody else.
"""

import pickle
import struct
from enum import IntEnum
from typing import Any, BinaryIO

AHEAD = 4
"""Pieces that a worker makes before anybody has taken the first of them."""

Packed = list[bytearray]


class Kind(IntEnum):
    """The first four are a request's way, the last two the way back."""

    ASK = 0
    """To be answered as a whole."""
    STREAM = 1
    """To be answered piece by piece."""
    MORE = 2
    """A piece was taken: there is room for another."""
    STOP = 3
    """Nobody wants the rest."""
    PIECE = 4
    END = 5


_HEAD = struct.Struct("<QBI")
_LENGTH = struct.Struct("<Q")


def send(stream: BinaryIO, number: int, kind: Kind, message: object) -> None:
    """OSError when nobody reads any more; whatever `pickle` raises before a byte is sent."""
    buffers: list[pickle.PickleBuffer] = []
    text = pickle.dumps(message, 5, buffer_callback=buffers.append)
    views = [memoryview(text), *(buffer.raw() for buffer in buffers)]
    stream.write(_HEAD.pack(number, kind, len(views)))
    stream.write(b"".join(_LENGTH.pack(view.nbytes) for view in views))
    for view in views:
        stream.write(view)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[int, Kind, Packed]:
    """The number, the kind, and what `unpack` wants. EOFError when the other side is gone."""
    number, kind, count = _HEAD.unpack(_exactly(stream, _HEAD.size))
    lengths = _exactly(stream, count * _LENGTH.size)
    packed = [_exactly(stream, length) for (length,) in _LENGTH.iter_unpack(lengths)]
    return number, Kind(kind), packed


def unpack(packed: Packed) -> Any:
    """Imports whatever the message is made of, and may raise anything doing so."""
    return pickle.loads(packed[0], buffers=packed[1:])


def _exactly(stream: BinaryIO, length: int) -> bytearray:
    """Writable, so that the arrays made from it are, too."""
    room = bytearray(length)
    if stream.readinto(room) != length:  # type: ignore[attr-defined]
        raise EOFError
    return room
