import numpy as np
import pytest

from core.head import RIGID_MODEL, rotation
from core.head_turn import nearest_turn

MODEL = RIGID_MODEL - RIGID_MODEL.mean(0)


def points(turn: np.ndarray, noise: float) -> np.ndarray:
    seen = 90 * MODEL @ turn.T + np.random.default_rng(1).normal(0, noise, MODEL.shape)
    return np.asarray(seen - seen.mean(0))


def decomposed(common: np.ndarray) -> tuple[np.ndarray, float]:
    u, strength, vt = np.linalg.svd(common)
    sign = np.array([1, 1, np.sign(np.linalg.det(common))])
    return u * sign @ vt, float(strength @ sign)


@pytest.mark.parametrize("noise", [0.0, 1.0, 20.0])
@pytest.mark.parametrize("angles", [(0, 0, 0), (30, -20, 10), (5, 5, 180), (170, 10, -60)])
def test_the_turn_is_that_of_the_decomposition(
    angles: tuple[float, float, float], noise: float
) -> None:
    seen = points(rotation(*np.radians(angles)), noise)
    common = seen.T @ MODEL
    most = float(np.sqrt(np.vdot(seen, seen) * np.vdot(MODEL, MODEL)))
    turn, fitted = nearest_turn(common, most)
    there, as_much = decomposed(common)
    assert turn == pytest.approx(there, abs=1e-9)
    assert fitted == pytest.approx(as_much)


@pytest.mark.parametrize("axes", [0, 1])
def test_points_in_one_place_or_on_one_line_have_some_turn(axes: int) -> None:
    common = np.zeros((3, 3))
    common[:axes, :axes] = np.eye(axes)
    turn, _ = nearest_turn(common, float(axes))
    assert turn @ turn.T == pytest.approx(np.eye(3))
    assert np.linalg.det(turn) == pytest.approx(1)
