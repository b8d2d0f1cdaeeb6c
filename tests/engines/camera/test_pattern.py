import cv2
import numpy as np
import pytest

from engines.camera.pattern import Pattern, read_number

pattern = Pattern((1280, 720))


@pytest.mark.parametrize("number", [0, 1, 29, 4711, 2**24 - 1])
def test_a_picture_tells_its_number(number):
    assert read_number(pattern.frame(number)) == number


@pytest.mark.parametrize("size", [(640, 360), (320, 240), (1920, 1080)])
def test_the_number_survives_another_size(size):
    image = cv2.resize(pattern.frame(123456), size, interpolation=cv2.INTER_AREA)
    assert read_number(image) == 123456


def test_the_number_survives_jpeg_and_subsampled_colour():
    _, packed = cv2.imencode(".jpg", pattern.frame(98765), [cv2.IMWRITE_JPEG_QUALITY, 30])
    assert read_number(cv2.imdecode(packed, cv2.IMREAD_COLOR_RGB)) == 98765


def test_a_mirrored_picture_tells_nothing():
    assert all(read_number(pattern.frame(n)[:, ::-1]) is None for n in range(0, 5000, 37))


def test_two_pictures_mixed_tell_nothing():
    mixed = (pattern.frame(10) // 2 + pattern.frame(25) // 2).astype(np.uint8)
    assert read_number(mixed) is None


def test_another_picture_tells_nothing():
    noise = np.random.default_rng(1).integers(0, 255, (720, 1280, 3), np.uint8)
    assert read_number(noise) is None
    assert read_number(np.zeros((720, 1280, 3), np.uint8)) is None
