from core.devices import CameraMode
from engines.camera.modes import best_mode

WANTED = CameraMode(1280, 720, 30.0)


def best(*modes):
    return best_mode([CameraMode(*mode) for mode in modes], WANTED)


def test_compressed_pictures_are_taken_where_only_they_are_fast_enough():
    mode = best((1280, 720, 10.0, "YUYV"), (1280, 720, 30.0, "MJPG"), (640, 480, 30.0, "YUYV"))
    assert (mode.width, mode.pixels) == (1280, "MJPG")


def test_plain_pictures_are_preferred_where_they_are_as_good():
    assert best((1280, 720, 30.0, "MJPG"), (1280, 720, 30.0, "YUYV")).pixels == "YUYV"


def test_a_larger_picture_is_better_than_a_smaller_one():
    mode = best((640, 360, 30.0, "MJPG"), (1920, 1080, 30.0, "MJPG"))
    assert mode.width == 1920


def test_a_smooth_small_picture_is_better_than_a_large_one_that_jerks():
    assert best((1280, 720, 5.0, "YUYV"), (960, 540, 30.0, "YUYV")).width == 960


def test_what_cannot_be_decoded_is_left_out():
    assert best((1280, 720, 30.0, "H264")) is None
    assert best() is None
