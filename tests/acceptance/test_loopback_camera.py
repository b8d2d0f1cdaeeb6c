"""The camera through the real v4l2loopback: on a machine that has its device "Translated Camera",
or else in a user-mode Linux, which packaging/linux/uml/build makes."""

import os
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from core.devices import CAMERA_NAME
from core.errors import DeviceUnavailable
from engines.virtual_camera.opening import open_virtual_camera
from engines.virtual_camera.v4l2 import form, look, loopbacks
from tests.audio_servers import wait_until
from tests.chromium import chromium
from tests.feeding import Feeder, feeding
from tests.numbered_pictures import HEIGHT, WIDTH, number_of, numbered, scene

ROOT = Path(__file__).parents[2]
PAGE = Path(__file__).with_name("camera_page.html")
UML = ROOT / "packaging/linux/uml"
MODULE = Path("/module")
"""There in the user-mode Linux only: what loads the module."""
DEVICES = [device.path for device in loopbacks() if device.name == CAMERA_NAME]
BYTES = WIDTH * HEIGHT * 3 // 2

pytestmark = [pytest.mark.acceptance, pytest.mark.device]
with_device = pytest.mark.skipif(
    not DEVICES, reason=f"no v4l2loopback device “{CAMERA_NAME}” on this machine itself"
)
with_module = pytest.mark.skipif(
    not MODULE.is_dir(), reason="only the user-mode Linux lets a test load kernel modules"
)


@pytest.fixture
def path() -> str:
    return DEVICES[0]


@pytest.fixture
def feeder(path: str) -> Iterator[Feeder]:
    with feeding(os.environ, path) as feeder:
        yield feeder


class Reader:
    """An independent program's view: whole pictures, as the device gives them."""

    def __init__(self, path: str) -> None:
        self.descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def picture(self, patience: float = 10.0) -> np.ndarray:
        """The next one's brightness."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            try:
                data = os.read(self.descriptor, BYTES)
            except (BlockingIOError, OSError):
                data = b""
            if len(data) == BYTES:
                return np.frombuffer(data, np.uint8)[: WIDTH * HEIGHT].reshape(HEIGHT, WIDTH)
            select.select([], [], [], 0.005)
        raise TimeoutError("no picture came")

    def number(self) -> int:
        return number_of(self.picture()[32])

    def close(self) -> None:
        os.close(self.descriptor)


@pytest.fixture
def reader(path: str) -> Iterator[Reader]:
    reader = Reader(path)
    yield reader
    reader.close()


@with_device
def test_what_is_sent_is_what_a_reader_gets(feeder, reader):
    assert feeder.camera["backend"] == "v4l2loopback"
    got = reader.picture().astype(float)
    sent = numbered(scene(), number_of(got[32])).astype(float)
    luma = 16 + sent @ np.array([65.7, 129.1, 25.1]) / 256
    assert np.abs(got - luma).mean() < 2
    assert np.abs(got[:, ::-1] - luma).mean() > 10, "it is not mirrored"


@with_device
def test_pictures_come_in_their_order(feeder, reader):
    counted = [reader.number() for _ in range(20)]
    assert all(np.diff(counted) > 0)


@with_device
def test_it_can_be_opened_again_and_again_without_loading_the_module_anew(path):
    for _ in range(3):
        with feeding(os.environ, path) as feeder:
            assert feeder.camera["name"] == CAMERA_NAME
            reader = Reader(path)
            assert reader.number() >= 0
            reader.close()


@with_device
def test_after_a_kill_it_can_be_opened_again_and_who_still_reads_goes_on(path):
    with feeding(os.environ, path) as first:
        reader = Reader(path)
        reader.number()
        first.kill()
    with feeding(os.environ, path) as second:
        assert second.camera.get("backend") == "v4l2loopback", second.camera
        reader.number()
        counted = [reader.number() for _ in range(5)]
    reader.close()
    assert all(np.diff(counted) > 0)


@with_device
def test_a_reader_that_was_there_first_gets_pictures_when_they_come(path, reader):
    with feeding(os.environ, path) as feeder:
        assert feeder.camera.get("backend") == "v4l2loopback", feeder.camera
        assert reader.number() >= 0


@with_device
def test_who_feeds_it_is_told_whether_anybody_looks(path, feeder):
    reader = Reader(path)
    feeder.wait_until_watched(True)
    reader.close()
    feeder.wait_until_watched(False)


@with_device
def test_a_device_that_another_program_feeds_is_left_to_it(path, feeder):
    with pytest.raises(DeviceUnavailable, match=f"{path} is in use: .* feeds it"):
        open_virtual_camera(path)
    opened = open_virtual_camera("auto")
    assert "v4l2loopback" in opened.refusals[0]
    opened.camera.close()


@with_device
def test_a_device_that_a_reader_holds_at_another_size_is_refused_until_it_lets_go(path):
    script = (
        "import pyvirtualcam, numpy, os, sys, subprocess\n"
        "camera = pyvirtualcam.Camera(640, 480, 30, device=sys.argv[1])\n"
        "camera.send(numpy.zeros((480, 640, 3), numpy.uint8))\n"
        "print('sent', flush=True)\n"
        "sys.stdin.read()\n"
    )
    open_virtual_camera(path).camera.close()
    words = [sys.executable, "-c", script, path]
    other = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert other.stdout is not None and other.stdout.readline() == b"sent\n"
    reader = Reader(path)
    other.communicate()
    with pytest.raises(DeviceUnavailable, match="held at 640x480"):
        open_virtual_camera(path)
    reader.close()
    open_virtual_camera(path).camera.close()
    assert form(path).width == WIDTH


@with_device
@with_module
def test_without_the_module_it_says_what_to_install_and_with_it_it_works_again(path):
    busybox = str(MODULE / "busybox")
    subprocess.run([busybox, "rmmod", "v4l2loopback"], check=True)
    with pytest.raises(DeviceUnavailable, match="Install v4l2loopback-dkms"):
        open_virtual_camera("v4l2loopback")
    options = (MODULE / "options").read_text().strip()
    label = re.sub(r'card_label="([^"]*)"', r"""'card_label="\1"'""", options)
    load = f"{busybox} insmod {MODULE}/v4l2loopback.ko {label}"
    subprocess.run(["bash", "-c", load], check=True)
    wait_until(lambda: os.path.exists(path), "the device coming back")
    with feeding(os.environ, "v4l2loopback") as feeder:
        assert feeder.camera["name"] == CAMERA_NAME


@with_device
def test_a_browser_lists_the_camera_and_gets_its_pictures(tmp_path, feeder):
    options = ("--no-zygote", "--single-process", "--in-process-gpu")
    options += ("--disable-features=WebRtcPipeWireCamera",)
    with chromium(os.environ, tmp_path / "chromium", *options) as browser:
        page = browser.open(PAGE)
        attempt = f"page.open('{CAMERA_NAME}').then(page.began, () => false)"
        wait_until(lambda: page.run(attempt), "a first picture", 60)
        assert ["videoinput", CAMERA_NAME] in page.run("page.list()")
        page.wait_for("page.frames.length > 30")
        frames = page.run("page.frames")
    assert {tuple(frame[2:]) for frame in frames} == {(WIDTH, HEIGHT)}
    assert all(np.diff([frame[0] for frame in frames]) > 0)


@pytest.mark.slow
@pytest.mark.skipif(bool(DEVICES), reason="this machine has the device itself")
@pytest.mark.skipif(not (UML / "run").exists(), reason="not a checkout")
def test_all_of_this_holds_in_a_user_mode_linux(tmp_path):
    where = subprocess.run([UML / "build", "--where"], capture_output=True, text=True)
    if where.returncode:
        pytest.skip(where.stderr.strip())
    if absent := [name for name in ("cpio", "busybox") if shutil.which(name) is None]:
        pytest.skip(f"{' and '.join(absent)} not installed")
    tests = f"{sys.executable} -m pytest -p no:cacheprovider -q -rs {Path(__file__)}"
    command = f"cd {ROOT} && PYTHONDONTWRITEBYTECODE=1 {tests}"
    done = subprocess.run(
        [UML / "run", "-t", "280", tmp_path, command], capture_output=True, text=True
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    passed = re.search(r"(\d+) passed", said)
    assert passed and int(passed[1]) >= 9, said


@with_device
def test_the_device_is_neither_lost_nor_left_open_by_looking_at_it(path):
    before = look(path)
    assert look(path) == before
