import numpy as np
import pytest

from core.head import RIGID, RIGID_MODEL, Head, fit_head, rotation


def turned(yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> np.ndarray:
    """Pitch first, then yaw, then roll; angles in degrees, as `Head` counts them."""
    y, p, r = np.radians([-yaw, pitch, roll])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_z = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    return about_z @ about_y @ about_x


def test_a_rotation_is_made_of_its_angles() -> None:
    angles = (20.0, -15.0, 40.0)
    assert rotation(*np.radians(angles)) == pytest.approx(turned(*angles))


def face(head: Head) -> np.ndarray:
    points = np.random.default_rng(1).uniform(-1, 1, (468, 3))
    points[RIGID] = RIGID_MODEL
    return head.out(points).astype(np.float32)


@pytest.mark.parametrize("yaw, pitch, roll", [(0, 0, 0), (25, 0, 0), (-30, 20, 10), (5, -25, -40)])
def test_the_angles_of_a_turned_head_are_found(yaw: float, pitch: float, roll: float) -> None:
    head = fit_head(face(Head(turned(yaw, pitch, roll), np.array([300.0, 200.0, 5.0]), 80.0)))
    found = np.degrees(head.pose[:3])
    assert found == pytest.approx([yaw, pitch, roll], abs=0.01)
    assert head.unit == pytest.approx(80.0, rel=1e-4)


def test_yaw_is_positive_when_the_nose_points_to_the_right_of_the_picture() -> None:
    head = Head(turned(yaw=20), np.zeros(3), 1.0)
    assert head.yaw > 0
    assert head.out(np.array([[0.0, 0.0, -1.0]]))[0, 0] > 0


def test_pitch_is_positive_when_the_nose_points_down() -> None:
    head = Head(turned(pitch=20), np.zeros(3), 1.0)
    assert head.pitch > 0
    assert head.out(np.array([[0.0, 0.0, -1.0]]))[0, 1] > 0


def test_a_moving_mouth_does_not_move_the_pose() -> None:
    landmarks = face(Head(turned(10, 5, 3), np.array([300.0, 200.0, 0.0]), 80.0))
    talking = landmarks.copy()
    mouth = [0, 13, 14, 17, 61, 291, 152, 200]
    talking[mouth] += (0.0, 30.0, 4.0)
    assert (fit_head(talking).pose == fit_head(landmarks).pose).all()


def test_into_and_out_of_the_head_is_the_way_there_and_back() -> None:
    head = Head(turned(10, 20, 30), np.array([3.0, 2.0, 1.0]), 70.0)
    points = np.random.default_rng(2).uniform(0, 500, (9, 3))
    assert head.out(head.into(points)) == pytest.approx(points)


def test_landmarks_all_in_one_place_have_a_finite_pose() -> None:
    assert np.isfinite(fit_head(np.full((468, 3), 7.0, np.float32)).pose).all()
