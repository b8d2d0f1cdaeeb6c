"""Pictures of recordings."""

from fractions import Fraction

import av
import cv2
import numpy as np
import pytest

from core.errors import UnreadableInput
from engines.media.pictures import LARGEST_SIDE, read_frames


def jpegs(path, *sizes):
    """An AVI of JPEGs, ten a second, that says to be as large as the first of them."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream("mjpeg", 10)
        (stream.width, stream.height), stream.pix_fmt = sizes[0], "yuvj420p"
        for number, (width, height) in enumerate(sizes):
            content = cv2.imencode(".jpg", np.full((height, width, 3), 90, np.uint8))[1].tobytes()
            packet = av.Packet(content)
            packet.stream, packet.time_base = stream, Fraction(1, 10)
            packet.pts = packet.dts = number
            output.mux(packet)
    return path


def test_a_picture_far_larger_than_the_file_says_is_not_taken(tmp_path):
    clip = jpegs(tmp_path / "bomb.avi", (64, 64), (64, 64), (LARGEST_SIDE + 16, 64), (64, 64))
    frames = read_frames(clip)
    assert [next(frames).image.shape for _ in range(2)] == [(64, 64, 3)] * 2
    with pytest.raises(UnreadableInput, match="3856 x 64 points, though it says to have 64 x 64"):
        next(frames)


@pytest.mark.parametrize("sizes", [[(64, 64), (128, 96)], [(LARGEST_SIDE + 16, 64)] * 2])
def test_pictures_may_change_their_size_and_be_as_large_as_the_file_says(tmp_path, sizes):
    clip = jpegs(tmp_path / "clip.avi", *sizes)
    assert [frame.image.shape[1::-1] for frame in read_frames(clip)] == sizes
