import threading
import time

import cv2
import numpy as np
import pytest

from core.devices import CameraInfo, CameraMode, DeviceLost
from core.errors import DeviceUnavailable
from engines.camera import device
from engines.camera.device import OpenCvCamera

INFO = CameraInfo("BRIO", "/dev/video0", (CameraMode(1280, 720, 30.0, "MJPG"),))
WANTED = CameraMode(1280, 720, 30.0)


class Capture:
    """A cv2.VideoCapture whose pictures the test hands in one by one."""

    def __init__(self, size=(1280, 720), fps=30.0, opens=True):
        self.size, self.fps, self.opens = size, fps, opens
        self.pictures, self.room = [], threading.Semaphore(0)
        self.reading, self.released = threading.Event(), threading.Event()
        self.asked = None
        self.grabbed = self.unpacked = 0

    def __call__(self, info, mode):
        self.asked = mode
        return self

    def give(self, *pictures):
        self.pictures.extend(pictures)
        for _ in pictures:
            self.room.release()

    def isOpened(self):
        return self.opens

    def get(self, what):
        width, height = self.size
        known = {cv2.CAP_PROP_FRAME_WIDTH: width, cv2.CAP_PROP_FRAME_HEIGHT: height}
        return known.get(what, self.fps if what == cv2.CAP_PROP_FPS else 0.0)

    def grab(self):
        self.reading.set()
        self.room.acquire()
        self.picture = self.pictures.pop(0)
        self.grabbed += self.picture is not None
        return self.picture is not None

    def retrieve(self):
        self.unpacked += 1
        return True, self.picture

    def release(self):
        self.released.set()


def picture(value=0, size=(1280, 720)):
    image = np.zeros((size[1], size[0], 3), np.uint8)
    image[..., 0] = value  # blue, as OpenCV has it
    return image


def wait_until(condition):
    while not condition():
        time.sleep(0.001)


@pytest.fixture
def capture():
    made = Capture()
    yield made
    made.give(*[None] * 50)


def opened(capture, info=INFO):
    return OpenCvCamera(info, WANTED, capture)


def test_the_mode_that_fits_is_asked_for(capture):
    opened(capture).close()
    assert capture.asked == INFO.modes[0]


def test_pictures_are_rgb_and_come_once(capture):
    camera = opened(capture)
    capture.give(picture(200))
    shot = camera.read(5.0)
    assert tuple(shot.image[0, 0]) == (0, 0, 200)
    assert abs(shot.moment - time.perf_counter()) < 5
    assert camera.read(0.0) is None


def test_only_the_newest_picture_waits(capture):
    camera = opened(capture)
    capture.give(picture(1), picture(2))
    wait_until(lambda: camera._latest.version == 2)
    assert camera.read(0.0).image[0, 0, 2] == 2


def test_pictures_that_nobody_comes_for_are_not_unpacked(capture):
    camera = opened(capture)
    capture.give(*(picture(value) for value in range(20)))
    wait_until(lambda: capture.grabbed == 20)
    assert capture.unpacked == 2
    threading.Timer(0.3, capture.give, [picture(99)]).start()
    time.sleep(0.15)  # by now what was unpacked is too old to be given
    assert camera.read(5.0).image[0, 0, 2] == 99


def test_a_camera_that_hangs_is_lost_with_a_reason(capture, monkeypatch):
    monkeypatch.setattr(device, "FIRST", 0.05)
    monkeypatch.setattr(device, "PATIENCE", 0.05)
    camera = opened(capture)
    with pytest.raises(DeviceLost, match="gives no pictures"):
        while True:
            camera.read(0.1)


def test_a_camera_that_hangs_does_not_hold_up_its_closing(capture):
    camera = opened(capture)
    capture.reading.wait(5)
    camera.close()
    assert not capture.released.is_set(), "its own thread releases it, when it can"
    capture.give(None)
    assert capture.released.wait(5)


def test_an_unplugged_camera_is_lost(capture):
    camera = opened(capture)
    capture.give(picture(), *[None] * 20)
    camera.read(5.0)
    with pytest.raises(DeviceLost, match="was unplugged"):
        camera.read(5.0)
    assert capture.released.wait(5)


def test_a_camera_of_another_size_says_so():
    capture = Capture(size=(640, 480), fps=5.0)
    camera = opened(capture)
    capture.give(picture(size=(640, 480)))
    shot = camera.read(5.0)
    assert shot.image.shape == (480, 640, 3)
    assert (camera.mode.width, camera.mode.height) == (640, 480)
    assert "640x480 at 5 pictures" in camera.remark
    capture.give(*[None] * 20)


def test_a_camera_as_asked_has_no_remark(capture):
    assert opened(capture).remark == ""


def test_a_camera_that_gives_less_than_it_says_is_found_out():
    pace = device._Pace(every=2.0)
    told = [pace.tick(1.0 + n / 5) for n in range(30)]
    assert {round(fps, 3) for fps in told if fps} == {5.0}


def test_an_infrared_camera_gives_grey():
    assert device.rgb(np.full((4, 4), 7, np.uint8)).tolist() == [[[7, 7, 7]] * 4] * 4


def test_a_busy_camera_is_refused_with_a_sentence():
    with pytest.raises(DeviceUnavailable, match="BRIO cannot be opened"):
        opened(Capture(opens=False), CameraInfo("BRIO", "0"))


def test_a_camera_in_trouble_is_refused_with_its_reason():
    info = CameraInfo("BRIO", "0", trouble="You may not use the camera.")
    with pytest.raises(DeviceUnavailable, match="You may not use the camera"):
        opened(Capture(), info)


def test_opencv_itself_refuses_what_is_no_camera(tmp_path):
    path = tmp_path / "video0"
    path.write_bytes(b"")
    with pytest.raises(DeviceUnavailable, match="BRIO"):
        OpenCvCamera(CameraInfo("BRIO", str(path)), WANTED)
