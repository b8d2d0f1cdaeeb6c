"""Pictures on the link."""

import struct

import numpy as np
import pytest

from engines.link.picture import decode, encode
from engines.link.wire import LARGEST, Chunk, Kind, LinkError, pack


def test_a_picture_comes_back_with_its_colours_where_they_were():
    image = np.zeros((64, 96, 3), np.uint8)
    image[:, :48] = (200, 30, 30)
    image[:, 48:] = (30, 30, 200)
    back = decode(encode(image, 95))
    assert back.shape == image.shape
    assert np.abs(back[:, :40].astype(int) - image[:, :40]).max() < 12
    assert np.abs(back[:, 56:].astype(int) - image[:, 56:]).max() < 12


def test_a_picture_that_a_chunk_has_no_room_for_is_encoded_again_at_lower_quality():
    noise = np.random.default_rng(1).integers(0, 255, (1080, 1920, 3), np.uint8)
    packed = encode(noise, 100)
    assert len(pack(Chunk(Kind.PICTURE, 0, 0.0, packed))) <= LARGEST
    assert decode(packed).shape == noise.shape
    assert encode(noise[:240, :320], 100) != encode(noise[:240, :320], 95)


def test_what_no_quality_makes_small_enough_is_not_sent(monkeypatch):
    monkeypatch.setattr("engines.link.picture.ROOM", 500)
    with pytest.raises(LinkError, match="too large"):
        encode(np.random.default_rng(1).integers(0, 255, (240, 320, 3), np.uint8))


def test_a_size_that_is_not_allowed_is_seen_in_the_head():
    packed = bytearray(encode(np.zeros((64, 64, 3), np.uint8)))
    at = packed.index(b"\xff\xc0") + 5
    packed[at : at + 4] = struct.pack(">HH", 5000, 5000)
    with pytest.raises(LinkError, match="5000 x 5000"):
        decode(bytes(packed))


@pytest.mark.parametrize("content", [b"", b"GIF89a" + bytes(50), b"\xff\xd8\xff" + bytes(30)])
def test_what_is_no_jpeg_is_refused(content):
    with pytest.raises(LinkError):
        decode(content)
