"""What videos are taken, and how they are looked at."""

import pytest

from app.service.check import Facts, _facts, kind_of
from core.errors import UnreadableInput
from tests.services import video


@pytest.mark.parametrize(
    ("name", "head", "ending", "demuxer"),
    [
        ("mp4", b"\0\0\0\x20ftypisom", ".mp4", "mov"),
        ("mov", b"\0\0\0\x08wide\0\0", ".mp4", "mov"),
        ("webm", b"\x1aE\xdf\xa3\x01\0\0\0", ".mkv", "matroska"),
        ("avi", b"RIFF\x10\0\0\0AVI LIST", ".avi", "avi"),
    ],
)
def test_the_kind_of_a_file_is_told_by_its_first_bytes(tmp_path, name, head, ending, demuxer):
    path = tmp_path / f"lies.{name}x"
    path.write_bytes(head)
    assert kind_of(path) == (ending, demuxer)


@pytest.mark.parametrize(
    "head",
    [b"", b"#EXTM3U\n", b"RIFF\0\0\0\0WAVE", b"PK\x03\x04" + bytes(20), b"ffconcat version 1.0"],
)
def test_anything_else_is_not_opened(tmp_path, head):
    path = tmp_path / "clip.mp4"
    path.write_bytes(head)
    with pytest.raises(UnreadableInput, match="not a video"):
        kind_of(path)


@pytest.mark.parametrize(("ending", "demuxer"), [("mp4", "mov"), ("mkv", "matroska")])
def test_its_facts_are_those_of_its_packets(tmp_path, ending, demuxer):
    import av

    path = tmp_path / f"clip.{ending}"
    video(path, seconds=3.0, size=(128, 72))
    with av.open(str(path), format=demuxer) as container:
        facts = _facts(container, 10.0)
    assert facts == Facts(128, 72, 25.0, pytest.approx(3.0, abs=0.05), "h264", False)
