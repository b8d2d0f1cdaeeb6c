"""The last touch on a drawn face."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from skimage.data import astronaut

from core.types import Face, Frame
from engines.expression.expression import Expression, Looks
from engines.face.mesh import MeshTracker


@pytest.fixture(scope="module")
def camera() -> Frame:
    return Frame(np.ascontiguousarray(astronaut()), 0.0, 0)


@pytest.fixture(scope="module")
def face(camera: Frame) -> Face:
    tracker = MeshTracker()
    for number in range(3):
        found = tracker.track(replace(camera, pts=number / 25, number=number))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def mouth(camera: Frame, face: Face) -> NDArray[np.bool_]:
    """Where a pasted mouth lies, without its rim."""
    mask = np.zeros(camera.image.shape[:2], np.uint8)
    points = face.landmarks[[98, 205, 214, 210, 208, 428, 430, 434, 425, 327], :2]
    cv2.fillPoly(mask, [np.rint(points).astype(np.int32)], 255)
    return np.asarray(mask, bool)


def _pasted(camera: Frame, mouth: NDArray[np.bool_], other: NDArray[np.uint8]) -> Frame:
    share = cv2.GaussianBlur(mouth.astype(np.float32), (0, 0), 1.5)[..., None]
    image = camera.image * (1 - share) + other * share
    return replace(camera, image=np.asarray(image + 0.5, np.uint8))


def _error(a: Frame, b: Frame, where: NDArray[np.bool_]) -> float:
    return float(np.abs(a.image.astype(float) - b.image)[where].mean())


def test_a_dark_and_tinted_mouth_gets_the_light_of_the_face(
    camera: Frame, face: Face, mouth: NDArray[np.bool_]
) -> None:
    tinted = np.asarray(camera.image * np.array([0.80, 0.85, 0.92]), np.uint8)
    drawn = _pasted(camera, mouth, tinted)
    shown = Expression(Looks(sharpness=False)).apply(camera, drawn, face)
    assert _error(shown, camera, mouth) < 0.5 * _error(drawn, camera, mouth)


def test_a_soft_mouth_gets_as_sharp_as_the_face(
    camera: Frame, face: Face, mouth: NDArray[np.bool_]
) -> None:
    soft = np.asarray(cv2.GaussianBlur(camera.image, (0, 0), 1.3), np.uint8)
    drawn = _pasted(camera, mouth, soft)
    expression = Expression(Looks(relight=False, colour=False))
    for _ in range(20):
        shown = expression.apply(camera, drawn, face)

    def detail(frame: Frame) -> float:
        grey = cv2.cvtColor(frame.image, cv2.COLOR_RGB2GRAY)
        return float(cv2.Laplacian(grey, cv2.CV_64F)[mouth].std())

    assert detail(shown) > 1.3 * detail(drawn)
    assert detail(shown) < 1.2 * detail(camera)


def test_an_untouched_frame_stays_untouched(camera: Frame, face: Face) -> None:
    assert Expression().apply(camera, camera, face) is camera


def test_matching_changes_nothing_away_from_the_mouth(
    camera: Frame, face: Face, mouth: NDArray[np.bool_]
) -> None:
    drawn = _pasted(camera, mouth, np.asarray(camera.image * 0.8, np.uint8))
    shown = Expression().apply(camera, drawn, face)
    far = cv2.dilate(mouth.astype(np.uint8), np.ones((61, 61))) == 0
    assert (shown.image[far] == drawn.image[far]).all()


def test_a_smile_lifts_the_corners_of_the_mouth(camera: Frame, face: Face) -> None:
    shown = Expression(Looks(smile=1)).apply(camera, camera, face)
    tracker = MeshTracker()
    for number in range(3):
        after = tracker.track(replace(shown, pts=number / 25, number=number))
    assert after is not None

    def lift(of: Face) -> float:
        points = of.landmarks
        return float(points[2, 1] - points[[61, 291], 1].mean())

    assert lift(after) > lift(face) + 1.0


@pytest.mark.parametrize("looks", [Looks(brow=0.6), Looks(eyes=0.6)])
def test_brows_and_eyes_leave_the_mouth_alone(camera: Frame, face: Face, looks: Looks) -> None:
    shown = Expression(looks).apply(camera, camera, face)
    rows = np.nonzero((shown.image != camera.image).any((1, 2)))[0]
    assert len(rows) > 5
    assert rows.max() < face.landmarks[13, 1]


@pytest.mark.parametrize("spoil", [np.nan, 1e9])
def test_a_face_that_is_none_gets_no_touch(camera: Frame, face: Face, spoil: float) -> None:
    drawn = replace(camera, image=camera.image.copy())
    spoilt = replace(face, landmarks=face.landmarks * np.float32(spoil))
    assert Expression(Looks(smile=0.5, brow=0.5)).apply(camera, drawn, spoilt) is drawn


@pytest.mark.parametrize("shift", [(-210, 0), (0, -150), (290, 0), (0, 400), (2000, 2000)])
def test_a_face_over_the_pictures_edge_does_no_harm(
    camera: Frame, face: Face, shift: tuple[int, int]
) -> None:
    moved = replace(face, landmarks=face.landmarks + np.array([*shift, 0], np.float32))
    drawn = replace(camera, image=np.asarray(camera.image * 0.9, np.uint8))
    shown = Expression(Looks(smile=0.5, brow=0.5, eyes=0.5)).apply(camera, drawn, moved)
    assert shown.image.shape == camera.image.shape


def test_wishes_beyond_one_are_refused() -> None:
    with pytest.raises(ValueError, match="smile"):
        Looks(smile=1.5)


def test_a_picture_of_our_own_is_changed_in_place(
    camera: Frame, face: Face, mouth: NDArray[np.bool_]
) -> None:
    tinted = np.asarray(camera.image * np.array([0.80, 0.85, 0.92]), np.uint8)
    drawn = _pasted(camera, mouth, tinted)
    before = drawn.image.copy()
    shown = Expression().apply(camera, drawn, face)
    assert (drawn.image == before).all()
    again = Expression().apply(camera, drawn, face, own=True)
    assert again.image is drawn.image
    assert (again.image == shown.image).all()
