"""Which characters a font file has, read from its `cmap` table."""

import struct
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

_CODES = 0x30000
"""Planes 0 to 2: everything that people write."""


def coverage(path: Path, index: int = 0) -> NDArray[np.bool_]:
    """For each code point whether the font (number `index` of a collection) has a glyph.
    ValueError or OSError for a file that is no font."""
    with path.open("rb") as file:
        try:
            return _codes(_cmap(file, index))
        except (struct.error, IndexError) as error:
            raise ValueError(f"{path} is not a font: {error}") from error


def _cmap(file: BinaryIO, index: int) -> bytes:
    start = 0
    if file.read(4) == b"ttcf":
        file.seek(12 + 4 * index)
        (start,) = struct.unpack(">I", file.read(4))
    file.seek(start + 4)
    (count,) = struct.unpack(">H6x", file.read(8))
    for _ in range(count):
        tag, _, offset, length = struct.unpack(">4sIII", file.read(16))
        if tag == b"cmap":
            file.seek(offset)
            return file.read(length)
    raise IndexError("no cmap")


def _codes(table: bytes) -> NDArray[np.bool_]:
    has = np.zeros(_CODES, bool)
    (count,) = struct.unpack_from(">2xH", table)
    for at in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", table, 4 + 8 * at)
        (form,) = struct.unpack_from(">H", table, offset)
        if platform == 0 or (platform, encoding) in ((3, 1), (3, 10)):
            if form == 4:
                _pairs(table, offset, has)
            elif form == 12:
                _groups(table, offset, has)
    return has


def _groups(table: bytes, offset: int, has: NDArray[np.bool_]) -> None:
    """Format 12: ranges over all planes."""
    (count,) = struct.unpack_from(">I", table, offset + 12)
    for first, last, glyph in np.frombuffer(table, ">u4", 3 * count, offset + 16).reshape(-1, 3):
        has[first + (glyph == 0) : last + 1] = True


def _pairs(table: bytes, offset: int, has: NDArray[np.bool_]) -> None:
    """Format 4: ranges of the first plane, some with a glyph number for each character."""
    (double,) = struct.unpack_from(">H", table, offset + 6)
    count = double // 2
    ends, starts, deltas, places = (
        np.frombuffer(table, ">u2", count, offset + 14 + at * double + 2 * (at > 0)).astype(int)
        for at in range(4)
    )
    glyphs_from = offset + 16 + 3 * double
    for at in range(count):
        codes = np.arange(starts[at], ends[at] + 1)
        glyphs = codes
        if places[at]:
            where = glyphs_from + 2 * at + places[at]
            room = max(0, min(len(codes), (len(table) - where) // 2))
            codes, glyphs = codes[:room], np.frombuffer(table, ">u2", room, where).astype(int)
            glyphs = np.where(glyphs == 0, -deltas[at], glyphs)
        has[codes[(glyphs + deltas[at]) % 0x10000 != 0]] = True
    has[0xFFFF] = False
