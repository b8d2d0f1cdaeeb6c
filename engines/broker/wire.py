"""The one form in which parcels travel: a short head, fields in msgpack, then the arrays as they
are. docs/wire.md is the reference. Nothing in it is ever executed."""

import math
import struct
from collections.abc import Iterator
from typing import Any

import msgpack
import numpy as np

from engines.broker.fields import Array, Fields, checked, described, read, typed, write
from engines.broker.parcel import Parcel, WireError

VERSION = 1
LARGEST = 32 * 1024 * 1024
"""Bytes of a message: a voice of ten minutes at 24 kHz, and room."""

_MAGIC = b"TCAM"
_HEAD = struct.Struct("<4sBBHI")  # magic, version, kind, nothing yet, bytes of the fields
_MOST_FIELDS = 1024 * 1024
_MOST_ARRAYS = 8


def pack(parcel: Parcel, *, sound: bool = True) -> bytes:
    """The parcel as bytes. Without `sound` the segment's samples stay behind; the receiver has
    them already, or has no use for them. WireError when it is larger than a message may be."""
    arrays: list[Array] = []
    kind, item = write(parcel.item, arrays, sound=sound)
    label = [parcel.session, parcel.number, parcel.piece, parcel.pieces, parcel.reply]
    fields = msgpack.packb([label, item, [described(array) for array in arrays]])
    size = _HEAD.size + len(fields) + sum(array.nbytes for array in arrays)
    if size > LARGEST or len(fields) > _MOST_FIELDS:
        raise WireError(f"A message of {size / 1e6:.0f} MB is too large to be sent.")
    head = _HEAD.pack(_MAGIC, VERSION, kind, 0, len(fields))
    return b"".join((head, fields, *(array.data for array in arrays)))


def unpack(message: bytes) -> Parcel:
    """The parcel in these bytes, wherever they come from. WireError says what is wrong."""
    if len(message) > LARGEST:
        raise WireError(f"A message of {len(message) / 1e6:.0f} MB is larger than any of ours.")
    if len(message) < _HEAD.size or not message.startswith(_MAGIC):
        raise WireError("This message was not made by Translated Camera.")
    _, version, kind, _, length = _HEAD.unpack_from(message)
    if version != VERSION:
        raise WireError(
            f"This message is of wire version {version}; this program understands version "
            f"{VERSION}. Let the same release run at both ends."
        )
    try:
        return _parcel(kind, memoryview(message)[_HEAD.size :], length)
    except (ValueError, TypeError, OverflowError, msgpack.UnpackException) as error:
        raise WireError(f"A message is damaged: {error}.") from error


def _parcel(kind: int, rest: memoryview, length: int) -> Parcel:
    if length > min(_MOST_FIELDS, len(rest)):
        raise ValueError("it is cut short")
    label, item, descriptions = checked(msgpack.unpackb(rest[:length]), list, list, list)
    session, number, piece, pieces, reply = checked(label, str, int, int, int, str)
    arrays = list(_arrays(rest[length:], descriptions))
    return Parcel(read(kind, item, arrays), session, number, piece, pieces, reply)


def _arrays(data: memoryview, descriptions: Fields) -> Iterator[Array]:
    if len(descriptions) > _MOST_ARRAYS:
        raise ValueError("it has too many arrays")
    at = 0
    for description in descriptions:
        dtype, shape = typed(description)
        count = math.prod(shape)
        if at + count * dtype.itemsize > len(data):
            raise ValueError("it is cut short")
        array: np.ndarray[Any, Any] = np.frombuffer(data, dtype, count, at)
        yield array.reshape(shape)
        at += count * dtype.itemsize
    if at != len(data):
        raise ValueError("something follows its end")
