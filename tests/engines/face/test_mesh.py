from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from skimage import data

from core.types import Face, Frame
from engines.face import nets
from engines.face.mesh import MeshTracker

GREY = (90, 90, 90)
LIPS = [61, 291, 0, 17]
FACE = np.array([224.0, 115.0])  # in the portrait


def portrait() -> np.ndarray:
    return np.asarray(data.astronaut())  # type: ignore[no-untyped-call]


def scene(*places: tuple[float, float, float], size: tuple[int, int] = (1280, 720)) -> np.ndarray:
    """A grey picture with the portrait's face at each (x, y), so many times its size."""
    picture = np.full((size[1], size[0], 3), GREY, np.uint8)
    for x, y, scale in places:
        whole = portrait()[20:230, 120:330]
        face = cv2.resize(whole, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        left, top = int(x - 104 * scale), int(y - 95 * scale)
        x0, y0 = max(0, left), max(0, top)
        x1, y1 = min(size[0], left + face.shape[1]), min(size[1], top + face.shape[0])
        if x1 > x0 and y1 > y0:
            picture[y0:y1, x0:x1] = face[y0 - top : y1 - top, x0 - left : x1 - left]
    return picture


ONE = scene((640, 360, 2.5))
NOBODY = scene()


@pytest.fixture
def tracker() -> Iterator[MeshTracker]:
    tracker = MeshTracker()
    yield tracker
    tracker.close()


def show(tracker: MeshTracker, *images: np.ndarray, start: int = 0) -> list[Face | None]:
    """Frames at 30 a second."""
    return [
        tracker.track(Frame(image, number / 30, number))
        for number, image in enumerate(images, start)
    ]


def the(face: Face | None) -> Face:
    assert face is not None
    return face


def test_a_face_has_landmarks_where_it_is(tracker: MeshTracker) -> None:
    face = the(show(tracker, *[ONE] * 5)[-1])
    assert face.landmarks.shape == (468, 3) and face.landmarks.dtype == np.float32
    assert np.linalg.norm(face.landmarks[6, :2] - (640, 360)) < 90
    assert face.landmarks[10, 1] < face.landmarks[6, 1] < face.landmarks[152, 1]
    assert face.confidence == 1.0 and tracker.doubt == ""


def test_the_astronaut_smiles_with_open_lips_and_looks_at_us(tracker: MeshTracker) -> None:
    face = the(show(tracker, *[ONE] * 5)[-1])
    yaw, pitch, roll = np.degrees(face.pose[:3])
    jaw, width, _, upper, press, _ = face.mouth
    assert abs(yaw) < 10 and abs(pitch) < 15 and abs(roll) < 10
    assert jaw > 0.2 and width > 0.5 and upper > 0.5 and press == 0


def test_a_tilted_head_is_told_by_its_roll_and_keeps_its_mouth(tracker: MeshTracker) -> None:
    turn = cv2.getRotationMatrix2D((640, 360), -20, 1.0)
    tilted = cv2.warpAffine(ONE, turn, (1280, 720), borderValue=GREY)
    upright = the(show(tracker, *[ONE] * 5)[-1])
    face = the(show(tracker, *[tilted] * 15, start=5)[-1])
    assert np.degrees(face.pose[2] - upright.pose[2]) == pytest.approx(20, abs=2)
    assert face.mouth == pytest.approx(upright.mouth, abs=0.12)


def test_a_face_in_an_empty_room_is_none_until_it_comes(tracker: MeshTracker) -> None:
    assert show(tracker, *[NOBODY] * 5) == [None] * 5
    assert tracker.doubt == "no face"
    assert the(show(tracker, *[ONE] * 8, start=5)[-1]).confidence == 1.0


def test_a_face_that_leaves_and_returns_is_found_at_once(tracker: MeshTracker) -> None:
    show(tracker, *[ONE] * 10)
    assert show(tracker, *[NOBODY] * 10, start=10)[-1] is None
    back = show(tracker, *[ONE] * 3, start=20)
    assert all(face is not None for face in back)


def test_after_a_cut_to_another_place_the_face_is_found_within_the_second(
    tracker: MeshTracker,
) -> None:
    show(tracker, *[scene((300, 360, 2.0))] * 40)
    later = [scene((1000, 360, 2.0))] * 40
    found = [face is not None for face in show(tracker, *later, start=40)]
    assert all(found[32:])


def test_the_largest_face_is_chosen(tracker: MeshTracker) -> None:
    face = the(show(tracker, *[scene((320, 300, 1.5), (900, 360, 2.3))] * 5)[-1])
    assert face.pose[3] > 640
    assert len(tracker.boxes) == 2


def test_the_chosen_face_stays_chosen_when_a_larger_one_comes(tracker: MeshTracker) -> None:
    show(tracker, *[scene((320, 300, 1.6))] * 10)
    faces = show(tracker, *[scene((320, 300, 1.6), (900, 360, 2.4))] * 40, start=10)
    assert all(the(face).pose[3] < 640 for face in faces)


def test_a_click_chooses_and_the_next_frame_has_that_face(tracker: MeshTracker) -> None:
    both = scene((320, 300, 1.5), (900, 360, 2.3))
    assert the(show(tracker, *[both] * 10)[-1]).pose[3] > 640
    tracker.choose(320, 300)
    faces = show(tracker, *[both] * 40, start=10)
    assert all(the(face).pose[3] < 640 for face in faces)


def test_a_click_on_nobody_changes_nothing(tracker: MeshTracker) -> None:
    both = scene((320, 300, 1.5), (900, 360, 2.3))
    show(tracker, *[both] * 10)
    tracker.choose(600, 700)
    assert the(show(tracker, both, start=10)[-1]).pose[3] > 640


def test_when_the_chosen_face_is_gone_the_other_one_follows_after_a_second(
    tracker: MeshTracker,
) -> None:
    show(tracker, *[scene((320, 300, 1.5), (900, 360, 2.3))] * 10)
    left = show(tracker, *[scene((320, 300, 1.5))] * 45, start=10)
    assert left[10] is None
    assert the(left[-1]).pose[3] < 640


def covered(picture: np.ndarray) -> np.ndarray:
    """Something plain, as light as the skin, before the mouth."""
    hidden = picture.copy()
    skin = picture[340:380, 540:580].reshape(-1, 3).mean(0)
    cv2.rectangle(hidden, (520, 395), (760, 560), skin.tolist(), -1)
    return hidden


def test_a_mouth_that_is_covered_is_not_trusted_and_is_again_when_free(
    tracker: MeshTracker,
) -> None:
    show(tracker, *[ONE] * 60)
    hidden = show(tracker, *[covered(ONE)] * 20, start=60)
    assert all(face is None or face.confidence < 0.3 for face in hidden[2:])
    assert tracker.doubt in ("covered", "no face")
    assert the(show(tracker, *[ONE] * 5, start=80)[-1]).confidence > 0.7


def test_motion_blur_is_not_trusted(tracker: MeshTracker) -> None:
    show(tracker, *[ONE] * 30)
    blurred = show(tracker, *[cv2.blur(ONE, (41, 1))] * 3, start=30)
    assert the(blurred[-1]).confidence < 0.5
    assert tracker.doubt == "blurred"


def test_another_light_is_trusted(tracker: MeshTracker) -> None:
    show(tracker, *[ONE] * 30)
    dim = show(tracker, *[(ONE * 0.6).astype(np.uint8)] * 3, start=30)
    assert the(dim[-1]).confidence > 0.7


def test_a_mouth_outside_of_the_picture_is_not_trusted(tracker: MeshTracker) -> None:
    faces = show(tracker, *[scene((640, 640, 2.5))] * 10)
    assert faces[-1] is None or faces[-1].confidence < 0.3


def test_a_very_small_face_is_not_trusted(tracker: MeshTracker) -> None:
    faces = show(tracker, *[scene((160, 120, 0.45), size=(320, 240))] * 10)
    assert all(face is None or face.confidence < 0.7 for face in faces)


@pytest.mark.parametrize("shape", [(16, 16, 3), (1, 1, 3), (0, 0, 3), (2, 5000, 3), (17, 4001, 3)])
def test_pictures_too_strange_for_a_face_have_none(
    tracker: MeshTracker, shape: tuple[int, ...]
) -> None:
    assert tracker.track(Frame(np.zeros(shape, np.uint8), 0.0, 0)) is None


@pytest.mark.parametrize("size", [(3840, 2160), (641, 479), (480, 853)])
def test_any_size_of_picture_shows_the_face(tracker: MeshTracker, size: tuple[int, int]) -> None:
    picture = scene((size[0] / 2, size[1] / 2, min(size) / 300), size=size)
    assert the(show(tracker, *[picture] * 5)[-1]).confidence > 0.7


def test_greyscale_rgba_and_float_pictures_show_the_same_face(tracker: MeshTracker) -> None:
    wanted = the(show(tracker, *[ONE] * 5)[-1]).landmarks[:, :2]
    grey = cv2.cvtColor(ONE, cv2.COLOR_RGB2GRAY)
    alpha = np.dstack([ONE, ONE[:, :, 0]])
    for other in (grey, grey[:, :, None], alpha, ONE.astype(np.float32), ONE[:, ::-1][:, ::-1]):
        found = the(MeshTracker().track(Frame(other, 0.0, 0))).landmarks[:, :2]
        assert np.abs(found - wanted).mean() < 6


def test_a_change_of_size_in_the_middle_finds_the_face_again(tracker: MeshTracker) -> None:
    show(tracker, *[ONE] * 5)
    face = show(tracker, scene((320, 180, 1.3), size=(640, 360)), start=5)[0]
    assert abs(the(face).pose[3] - 320) < 60


def test_frames_late_missing_doubled_or_without_a_time_do_not_disturb(tracker: MeshTracker) -> None:
    times = [0.0, 0.033, 0.1, 0.066, 0.1, 0.1, 5.0, 0.2, -3.0, float("nan"), 0.3]
    faces = [tracker.track(Frame(ONE, pts, i)) for i, pts in enumerate(times)]
    assert [face is None for face in faces] == [pts != pts for pts in times]
    assert len({tuple(the(face).pose[3:5].round(-1)) for face in faces if face}) == 1


def test_landmarks_that_are_no_numbers_lose_the_face_and_nothing_else(
    tracker: MeshTracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(tracker, *[ONE] * 5)
    with monkeypatch.context() as patch:
        net = tracker._landmarks._net
        patch.setattr(tracker._landmarks, "_net", lambda image: [a * np.nan for a in net(image)])
        assert show(tracker, *[ONE] * 3, start=5) == [None] * 3
    assert the(show(tracker, *[ONE] * 3, start=8)[-1]).confidence == 1.0


def test_without_the_models_the_engine_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nets, "find_spec", lambda _: None)
    with pytest.raises(nets.EngineUnavailable, match=r"mediapipe==0\.10\.14"):
        MeshTracker()


def test_following_nobody_is_a_mistake() -> None:
    with pytest.raises(ValueError):
        MeshTracker(faces=0)
