import errno
import os
import struct

import pytest

from engines.camera import v4l2

MJPG, YUYV = (struct.unpack("<I", code)[0] for code in (b"MJPG", b"YUYV"))
CAPTURE, OUTPUT, META = 1, 2, 0x00800000


class Kernel:
    """Answers as the drivers do, out of tables."""

    def __init__(self, card="BRIO", caps=CAPTURE, formats=(), driver="uvcvideo"):
        self.card, self.caps, self.formats, self.driver = card, caps, formats, driver

    def __call__(self, descriptor, request, buffer):
        kind = request & 0xFF
        if kind == 0:
            names = [text.encode() for text in (self.driver, self.card, "usb-1")]
            whole = self.caps | META | 1 << 31
            struct.pack_into("16s32s32s3I", buffer, 0, *names, 1, whole, self.caps)
            return
        index, code, width, height = struct.unpack_from("4I", buffer)
        sizes = dict(self.formats).get(code, {})
        try:
            if kind == 2:
                struct.pack_into("I", buffer, 44, self.formats[index][0])
            elif kind == 74:
                struct.pack_into("9I", buffer, 8, *self.size(list(sizes)[index]))
            else:
                fps = sizes[width, height][index]
                struct.pack_into("3I", buffer, 16, 1, 1, fps)
        except IndexError:
            raise OSError(errno.EINVAL, "no more") from None

    @staticmethod
    def size(size):
        if size == "any":
            return (3, 2, 8192, 1, 1, 8192, 1, 0, 0)
        return (1, *size, 0, 0, 0, 0, 0, 0)


@pytest.fixture
def node(tmp_path):
    path = tmp_path / "video0"
    path.write_bytes(b"")
    return str(path)


def test_a_camera_tells_its_name_and_modes(node):
    formats = ((MJPG, {(1280, 720): [30, 15], (640, 480): [60]}), (YUYV, {(1280, 720): [10]}))
    found = v4l2.query(node, Kernel(formats=formats))
    assert (found.card, found.driver, found.bus) == ("BRIO", "uvcvideo", "usb-1")
    told = [(m.pixels, m.width, m.height, m.fps) for m in found.modes]
    assert told == [
        ("MJPG", 1280, 720, 30.0),
        ("MJPG", 1280, 720, 15.0),
        ("MJPG", 640, 480, 60.0),
        ("YUYV", 1280, 720, 10.0),
    ]


def test_a_device_that_takes_any_size_is_asked_for_the_usual_ones(node):
    found = v4l2.query(node, AnySize(formats=((YUYV, {"any": [30]}),)))
    assert (1280, 720) in [(m.width, m.height) for m in found.modes]
    assert all(m.fps == 30.0 for m in found.modes)


class AnySize(Kernel):
    def __call__(self, descriptor, request, buffer):
        if request & 0xFF == 75:
            index = struct.unpack_from("I", buffer)[0]
            if index:
                raise OSError(errno.EINVAL, "no more")
            struct.pack_into("3I", buffer, 16, 2, 1, 30)
            return
        super().__call__(descriptor, request, buffer)


@pytest.mark.parametrize("caps", [META, OUTPUT])
def test_what_gives_no_pictures_is_no_camera(node, caps):
    assert v4l2.query(node, Kernel(caps=caps)) is None


def test_the_name_is_known_without_opening(tmp_path):
    folder = tmp_path / "video7"
    folder.mkdir()
    (folder / "name").write_text("Integrated Camera: Integrated C\n")
    assert v4l2.card_of("/dev/video7", tmp_path) == "Integrated Camera: Integrated C"
    assert v4l2.card_of("/dev/video8", tmp_path) == "video8"


def test_who_holds_the_camera_is_found(tmp_path, node):
    holder, idle = tmp_path / "proc/123", tmp_path / "proc/124"
    for process, program in ((holder, "zoom\n"), (idle, "bash\n")):
        (process / "fd").mkdir(parents=True)
        (process / "comm").write_text(program)
    (holder / "fd/5").symlink_to(node)
    assert v4l2.users_of(node, tmp_path / "proc") == ("zoom",)


def test_a_process_that_may_not_be_looked_into_is_passed_over(tmp_path, node):
    (tmp_path / "proc/125").mkdir(parents=True)
    assert v4l2.users_of(node, tmp_path / "proc") == ()


def test_requests_carry_the_size_of_what_is_passed():
    for request, form in (
        (v4l2._QUERYCAP, v4l2._CAPABILITY),
        (v4l2._ENUM_FMT, v4l2._FORMAT),
        (v4l2._ENUM_SIZES, v4l2._SIZE),
        (v4l2._ENUM_INTERVALS, v4l2._INTERVAL),
    ):
        assert request >> 16 & 0x3FFF == form.size
        assert request >> 8 & 0xFF == ord("V")


@pytest.mark.device
def test_real_cameras_can_be_asked():
    paths = [f"/dev/{name}" for name in os.listdir("/dev") if name.startswith("video")]
    if not paths:
        pytest.skip("this machine has no camera")
    for path in paths:
        node = v4l2.query(path)
        assert node is None or node.card
