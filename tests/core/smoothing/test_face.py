import numpy as np
import pytest

from core.head import RIGID, RIGID_MODEL, Head, rotation
from core.smoothing import FaceSmoother
from core.types import Face

RATE = 30
UPPER_LIP, LOWER_LIP = 13, 14


def shape() -> np.ndarray:
    """A face of 468 points in the head's frame: a mask with a mouth."""
    random = np.random.default_rng(5)
    x, y = random.uniform(-1, 1, 468), random.uniform(-0.9, 1.7, 468)
    points = np.column_stack([x, y, -0.4 + 0.8 * x**2])
    points[RIGID] = RIGID_MODEL
    points[UPPER_LIP], points[LOWER_LIP] = (0, 1.05, -0.4), (0, 1.07, -0.4)
    return points


SHAPE = shape()


def face(
    pts: float,
    *,
    right: float = 0.0,
    yaw: float = 0.0,
    opened: float = 0.0,
    noise: float = 0.0,
    random: np.random.Generator | None = None,
) -> Face:
    points = SHAPE.copy()
    lower = points[:, 1] > 1.06
    points[lower, 1] += opened
    head = Head(rotation(yaw, 0.0, 0.0), np.array([600.0 + right, 300.0, 0.0]), 90.0)
    landmarks = head.out(points)
    if random is not None:
        landmarks = landmarks + noise * random.standard_normal(landmarks.shape)
    mouth = np.array([opened / 0.38, 0, 0, 0, 0, 0], np.float32)
    return Face(landmarks.astype(np.float32), head.pose, mouth, 1.0, pts)


def smoothed(smoother: FaceSmoother, one: Face) -> Face:
    result = smoother.smooth(one)
    assert result is not None
    return result


def tremble(faces: list[Face]) -> float:
    return float(np.diff([f.landmarks[:, :2] for f in faces], axis=0).std())


def test_a_still_face_loses_nine_tenths_of_its_tremble() -> None:
    random, smoother = np.random.default_rng(1), FaceSmoother()
    raw = [face(i / RATE, noise=0.3, random=random) for i in range(200)]
    still = [smoothed(smoother, one) for one in raw]
    assert tremble(still[30:]) < 0.1 * tremble(raw[30:])


def test_an_untrembling_moving_face_is_hardly_late() -> None:
    smoother = FaceSmoother()
    sway = [60 * np.sin(2 * np.pi * 0.5 * i / RATE) for i in range(240)]
    raw = [face(i / RATE, right=right, yaw=right / 300) for i, right in enumerate(sway)]
    late = np.array([smoothed(smoother, f).landmarks - f.landmarks for f in raw])[60:, :, 0]
    speed = np.gradient(np.array([f.landmarks[:, 0] for f in raw]), 1 / RATE, axis=0)[60:]
    assert abs(float((late * speed).sum() / (speed**2).sum())) < 0.003


def test_lips_that_open_are_open_in_the_next_frame() -> None:
    random, smoother = np.random.default_rng(2), FaceSmoother()
    for i in range(60):
        smoothed(smoother, face(i / RATE, noise=0.2, random=random))
    opened = smoothed(smoother, face(2.0, opened=0.2, noise=0.2, random=random))
    gap = opened.landmarks[LOWER_LIP, 1] - opened.landmarks[UPPER_LIP, 1]
    assert gap == pytest.approx((0.02 + 0.2) * 90, abs=2.0)
    assert opened.mouth[0] > 0.4


def test_lips_that_open_do_not_move_the_head() -> None:
    smoother = FaceSmoother()
    rest = [smoothed(smoother, face(i / RATE)) for i in range(60)][-1]
    talking = [smoothed(smoother, face(2 + i / RATE, opened=0.15 * (i % 8) / 8)) for i in range(60)]
    moved = np.array([one.pose - rest.pose for one in talking])
    assert np.abs(moved).max() < 0.05


@pytest.mark.parametrize("rate", [10, 24, 60])
def test_at_any_frame_rate_a_still_face_is_stiller_and_in_its_place(rate: int) -> None:
    random, smoother = np.random.default_rng(3), FaceSmoother()
    raw = [face(i / rate, noise=0.3, random=random) for i in range(4 * rate)]
    still = [smoothed(smoother, one) for one in raw]
    assert tremble(still[rate:]) < 0.4 * tremble(raw[rate:])
    assert np.abs(still[-1].landmarks - face(0.0).landmarks).mean() < 0.3


def test_uneven_times_do_not_shake_a_face_that_moves_evenly() -> None:
    random, smoother = np.random.default_rng(4), FaceSmoother()
    times = np.cumsum(random.choice([0.016, 0.033, 0.05, 0.1], 120))
    errors = []
    for pts in times:
        wanted = face(pts, right=100 * pts)
        errors.append(np.abs(smoothed(smoother, wanted).landmarks - wanted.landmarks).max())
    assert max(errors[20:]) < 1.0


def test_after_a_loss_the_face_starts_where_it_is() -> None:
    smoother = FaceSmoother()
    for i in range(30):
        smoother.smooth(face(i / RATE))
    assert smoother.smooth(None) is None
    back = face(1.1, right=40)
    assert smoothed(smoother, back).landmarks == pytest.approx(back.landmarks, abs=0.01)


@pytest.mark.parametrize("pause", [1 / RATE, 3.0])
def test_a_jump_is_no_glide(pause: float) -> None:
    smoother = FaceSmoother()
    for i in range(30):
        smoother.smooth(face(i / RATE))
    there = face(29 / RATE + pause, right=300)
    assert smoothed(smoother, there).landmarks == pytest.approx(there.landmarks, abs=0.01)


def test_a_late_frame_passes_unchanged_and_teaches_nothing() -> None:
    one, other = FaceSmoother(), FaceSmoother()
    for i in range(30):
        one.smooth(face(i / RATE, right=i))
        other.smooth(face(i / RATE, right=i))
    late = face(28.5 / RATE, right=5)
    assert other.smooth(late) is late
    after = face(1.0, right=30)
    assert (smoothed(one, after).landmarks == smoothed(other, after).landmarks).all()


def test_a_face_that_is_no_number_passes_and_teaches_nothing() -> None:
    smoother = FaceSmoother()
    smoother.smooth(face(0.0))
    broken = face(0.03)
    broken.landmarks[100] = np.nan
    assert smoother.smooth(broken) is broken
    assert np.isfinite(smoothed(smoother, face(0.06)).landmarks).all()


def test_a_head_that_rolls_past_upside_down_does_not_swing_back() -> None:
    smoother = FaceSmoother()
    for i in range(40):
        head = Head(rotation(0, 0, 3.0 + 0.01 * i), np.array([600.0, 300, 0]), 90.0)
        one = Face(
            head.out(SHAPE).astype(np.float32), head.pose, np.zeros(6, np.float32), 1, i / 30
        )
        error = np.abs(smoothed(smoother, one).landmarks - one.landmarks).max()
        assert error < 3
