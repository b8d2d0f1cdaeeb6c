"""The form of live chunks."""

import math

import pytest

from engines.link.wire import LARGEST, Chunk, Kind, LinkError, pack, unpack


@pytest.mark.parametrize("kind", Kind)
def test_a_chunk_arrives_as_it_was_sent(kind):
    chunk = Chunk(kind, 4_000_000_000, 12.345, b"what the codec made")
    assert unpack(pack(chunk)) == chunk
    assert len(pack(chunk)) == 16 + len(chunk.content)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (b"", "no chunk"),
        (b"TC\x01\x01", "no chunk"),
        (b"TCAM" + bytes(20), "version 65"),
        (
            pack(Chunk(Kind.SOUND, 0, 0.0)).replace(b"\x01\x01", b"\x01\x00", 1),
            "no kind of chunk 0",
        ),
        (pack(Chunk(Kind.SOUND, 0, -1.0)), "no sense"),
        (pack(Chunk(Kind.SOUND, 0, math.inf)), "no sense"),
        (pack(Chunk(Kind.SOUND, 0, 1e9)), "no sense"),
        (bytes(LARGEST + 1), "too large"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(message, words):
    with pytest.raises(LinkError, match=words):
        unpack(message)
