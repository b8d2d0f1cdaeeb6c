"""A frame's whole way, on all that a camera may deliver: the picture goes on, and why the lips
are off is said once."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import data

from app.picture import PicturePath
from core.captions.live import LiveCaptions
from core.config import Captions, Config, Engines, Picture
from core.types import Face, Frame, Moment

Image = NDArray[np.uint8]

PLAIN = Config(
    engines=Engines(lips="own_mouth"),
    captions=Captions(show=False),
    picture=Picture(badge=False, floor=False),
)
OPEN = Moment(np.array([0.8, 0, 0, 0, 0, 0], np.float32), 1.0)
FPS = 30


def scene(*places: tuple[float, float, float], size: tuple[int, int] = (640, 480)) -> Image:
    """A grey picture with the portrait's face at each (x, y), so many times its size."""
    picture = np.full((size[1], size[0], 3), 90, np.uint8)
    portrait = data.astronaut()[20:230, 120:330]  # type: ignore[no-untyped-call]
    for x, y, scale in places:
        face = cv2.resize(portrait, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        left, top = int(x - 104 * scale), int(y - 95 * scale)
        x0, y0 = max(0, left), max(0, top)
        x1, y1 = min(size[0], left + face.shape[1]), min(size[1], top + face.shape[0])
        if x1 > x0 and y1 > y0:
            picture[y0:y1, x0:x1] = face[y0 - top : y1 - top, x0 - left : x1 - left]
    return picture


ONE = scene((320, 230, 1.8))
NOBODY = scene()


@pytest.fixture
def path() -> Iterator[PicturePath]:
    path = PicturePath(PLAIN, LiveCaptions("en", "es"))
    yield path
    path.close()


def shown(path: PicturePath, *images: Image, first: int = 0, moment: Moment = OPEN) -> list[Image]:
    frames = (Frame(image, number / FPS, number) for number, image in enumerate(images, first))
    return [path.show(frame, moment).image for frame in frames]


def drawn(before: Image, after: Image) -> bool:
    return bool((before != after).any())


def test_the_lips_of_a_face_are_drawn(path: PicturePath) -> None:
    assert drawn(ONE, shown(path, *[ONE] * 12)[-1])


def test_a_picture_without_a_face_is_shown_as_it_is_and_why_is_logged_once(
    path: PicturePath, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "core.gate"):
        assert not any(drawn(NOBODY, image) for image in shown(path, *[NOBODY] * 20))
    assert [record.getMessage() for record in caplog.records] == ["The lips are off: no face."]
    assert path.off["no face"] == 20


def test_of_two_faces_only_the_chosen_ones_lips_are_drawn(path: PicturePath) -> None:
    two = scene((180, 220, 1.4), (470, 220, 0.9))
    changed = (shown(path, *[two] * 12)[-1] != two).any(2)
    assert changed[:, :320].any() and not changed[:, 360:].any()


def test_a_face_that_leaves_is_gone_at_once_and_fades_in_when_it_is_back(
    path: PicturePath,
) -> None:
    here = shown(path, *[ONE] * 12)[-1]
    assert not drawn(NOBODY, shown(path, *[NOBODY] * 8, first=12)[0])
    back = shown(path, *[ONE] * 15, first=20)
    changes = [int(np.abs(image.astype(int) - ONE).sum()) for image in back]
    whole = int(np.abs(here.astype(int) - ONE).sum())
    assert changes[0] < 0.35 * whole
    assert changes[-1] > 0.7 * whole


def test_the_mouth_of_a_face_that_cannot_be_trusted_becomes_the_real_one_within_150_ms(
    path: PicturePath, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown(path, *[ONE] * 12)
    spoil(path, monkeypatch, lambda face: replace(face, confidence=0.1))
    images = shown(path, *[ONE] * 6, first=12)
    changes = [int(np.abs(image.astype(int) - ONE).sum()) for image in images]
    assert changes == sorted(changes, reverse=True)
    assert changes[0] > 0 and changes[5] == 0


def test_landmarks_that_are_no_numbers_leave_the_frame_alone(
    path: PicturePath, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown(path, *[ONE] * 12)
    spoil(path, monkeypatch, lambda face: replace(face, landmarks=face.landmarks * np.nan))
    assert not drawn(ONE, shown(path, ONE, first=12)[0])
    monkeypatch.undo()
    assert drawn(ONE, shown(path, *[ONE] * 12, first=13)[-1])


@pytest.mark.parametrize("size", [(16, 16), (333, 301), (641, 479), (3840, 2160)])
def test_any_size_of_picture_goes_on(path: PicturePath, size: tuple[int, int]) -> None:
    scale = size[1] / 480
    image = scene((size[0] / 2, 230 * scale, 1.8 * scale), size=size)
    images = shown(path, *[image] * 8)
    assert all(one.shape == image.shape for one in images)
    assert drawn(image, images[-1]) == (min(size) > 16)


def test_a_greyscale_picture_goes_on(path: PicturePath) -> None:
    grey = np.asarray(cv2.cvtColor(ONE, cv2.COLOR_RGB2GRAY), np.uint8)
    assert not any(drawn(grey, image) for image in shown(path, *[grey] * 8))
    assert drawn(ONE, shown(path, *[ONE] * 12, first=8)[-1])


def test_frames_out_of_order_missing_and_at_uneven_times_are_all_shown(path: PicturePath) -> None:
    shown(path, *[ONE] * 12)
    for number in (12, 11, 12, 20, 14, 21, 60, 59, 61):
        image = shown(path, ONE, first=number)[0]
        assert image.shape == ONE.shape
    uneven = np.cumsum(np.random.default_rng(0).uniform(0.005, 0.12, 25)) + 3
    images = [path.show(Frame(ONE, float(pts), 0), OPEN).image for pts in uneven]
    assert drawn(ONE, images[-1])


def test_a_given_frame_is_never_written_to(path: PicturePath) -> None:
    image = ONE.copy()
    image.flags.writeable = False
    assert drawn(ONE, shown(path, *[image] * 12)[-1])


def spoil(path: PicturePath, monkeypatch: pytest.MonkeyPatch, how: Callable[[Face], Face]) -> None:
    tracker = path._tracker
    track = tracker.track

    def spoilt(frame: Frame) -> Face | None:
        face = track(frame)
        return None if face is None else how(face)

    monkeypatch.setattr(tracker, "track", spoilt)
