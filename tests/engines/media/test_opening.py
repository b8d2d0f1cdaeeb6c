import io
from fractions import Fraction
from pathlib import Path

import av
import pytest
from PIL import Image

from engines.media import opening
from engines.media.opening import open_recording


def jpeg(side: int) -> bytes:
    packed = io.BytesIO()
    Image.new("RGB", (side, side), (90, 120, 60)).save(packed, "JPEG")
    return packed.getvalue()


def growing(path: Path, sides: list[int]) -> Path:
    """A recording that says its pictures are as large as the first one."""
    with av.open(str(path), "w", format="avi") as container:
        stream = container.add_stream("mjpeg", rate=25, options={"strict": "-1"})
        stream.width = stream.height = sides[0]
        stream.pix_fmt = "yuvj420p"
        for number, side in enumerate(sides):
            packet = av.Packet(jpeg(side))
            packet.stream, packet.pts, packet.dts = stream, number, number
            packet.time_base = Fraction(1, 25)
            container.mux(packet)
    return path


def test_a_picture_that_unpacks_to_more_than_any_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "LARGEST_PICTURE", 200 * 200)
    with open_recording(growing(tmp_path / "bomb.avi", [64, 600, 128])) as container:
        sides, refused = [], 0
        for packet in container.demux(video=0):
            try:
                sides += [frame.width for frame in packet.decode()]
            except av.error.FFmpegError:
                refused += 1
    assert (sides, refused) == ([64, 128], 1)


@pytest.mark.parametrize("side", [64, 256])
def test_any_other_is(tmp_path, side):
    with open_recording(growing(tmp_path / "clip.avi", [side])) as container:
        assert [frame.width for frame in container.decode(video=0)] == [side]
