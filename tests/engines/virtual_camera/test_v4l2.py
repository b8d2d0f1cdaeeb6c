import contextlib
import struct

import pytest

from engines.virtual_camera import v4l2


class Device:
    """Answers as the kernel does, by the layout of linux/videodev2.h."""

    def __init__(self, driver: bytes = b"v4l2 loopback", can: int = 2) -> None:
        self.held = True
        version = 6 << 16 | 1 << 8 | 9
        card = b"Translated Camera"
        self.capability = struct.pack("=16s32s32sIII12x", driver, card, b"", version, 0, can)
        self.format = struct.pack("=IIIII", 2, 0, 1280, 720, int.from_bytes(b"YU12", "little"))

    def answer(self, descriptor: int, request: int, room: bytearray) -> bytearray:
        answers = {v4l2._QUERYCAP: self.capability, v4l2._G_FMT: self.format}
        answers[v4l2._TRY_FMT] = self.format if self.held else bytes(room)
        room[: len(answers[request])] = answers[request]
        return room


@pytest.fixture
def machine(monkeypatch):
    device = Device()
    monkeypatch.setattr(v4l2, "_open", lambda path, flags: contextlib.nullcontext(0))
    monkeypatch.setattr(v4l2, "_asked", lambda *asked: device.answer(*asked))
    return device


def test_a_device_tells_its_name_and_what_it_takes(machine):
    found = v4l2.look("/dev/video10")
    assert found == v4l2.Loopback("/dev/video10", "Translated Camera", (6, 1, 9), False, True)


def test_what_is_not_v4l2loopbacks_is_not_taken_for_it(machine):
    machine.capability = Device(driver=b"uvcvideo", can=1).capability
    assert v4l2.look("/dev/video0") is None


def test_the_form_is_read_as_people_write_it(machine):
    assert str(v4l2.form("/dev/video10")) == "1280x720 YU12"


def test_what_a_writer_would_get_is_what_it_asks_for_unless_the_device_is_held(machine):
    wanted = v4l2.Form(640, 480, "YUYV")
    assert v4l2.agreed("/dev/video10", wanted) == v4l2.Form(1280, 720, "YU12")
    machine.held = False
    assert v4l2.agreed("/dev/video10", wanted) == wanted


def test_the_structures_have_the_kernels_sizes():
    assert (v4l2._CAPABILITY.size, v4l2._FORMAT.size) == (104, 208)


def test_only_virtual_devices_are_looked_at_in_the_order_of_their_numbers(tmp_path, monkeypatch):
    for name in ("video10", "video2", "vbi0"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(v4l2, "_SYSTEM", tmp_path)
    assert v4l2._paths() == ["/dev/video2", "/dev/video10"]


def test_a_machine_without_video_has_none(tmp_path, monkeypatch):
    monkeypatch.setattr(v4l2, "_SYSTEM", tmp_path / "absent")
    assert v4l2.loopbacks() == ()
    assert v4l2.forbidden() == ()
