import numpy as np
import pytest

from core.smoothing.one_euro import OneEuro


def test_the_first_measurement_is_the_result() -> None:
    points = np.array([[1.0, 2.0]])
    assert (OneEuro(rest=1.0, quicker=1.0).update(points, 0.03) == points).all()


def test_noise_about_a_resting_point_is_low_passed() -> None:
    random = np.random.default_rng(1)
    one = OneEuro(rest=1.0, quicker=20.0, noise=0.01, together=True)
    noise = 0.01 * random.standard_normal((300, 50, 2))
    results = np.array([one.update(points, 1 / 30) for points in noise])
    assert np.diff(results[30:], axis=0).std() < 0.15 * np.diff(noise, axis=0).std()


def test_fast_points_are_followed_closely() -> None:
    one = OneEuro(rest=1.0, quicker=20.0, speed_cutoff=5.0, noise=0.01)
    for i in range(30):
        result = one.update(np.array([[0.2 * i, 0.0]]), 1 / 30)
    assert result[0, 0] == pytest.approx(0.2 * 29, abs=0.01)


def test_a_point_that_creeps_is_not_left_behind() -> None:
    one = OneEuro(rest=0.2, quicker=20.0, noise=0.001)
    for i in range(600):
        result = one.update(np.array([[0.0005 * i, 0.0]]), 1 / 30)
    assert result[0, 0] == pytest.approx(0.0005 * 599, abs=0.01)


def test_after_a_reset_the_past_is_forgotten() -> None:
    one = OneEuro(rest=0.1, quicker=0.0)
    one.update(np.zeros((1, 2)), 0.03)
    one.reset()
    assert (one.update(np.ones((1, 2)), 0.03) == 1).all()
