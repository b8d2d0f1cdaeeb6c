import numpy as np
import pytest

from core.smoothing.kalman import AdaptiveKalman


def kalman() -> AdaptiveKalman:
    return AdaptiveKalman(still=0.02, moving=3.0, noise=0.003)


def test_nothing_is_predicted_before_the_first_measurement() -> None:
    assert kalman().predict(0.1) is None


def test_a_value_that_stands_still_hardly_trembles() -> None:
    random, one = np.random.default_rng(1), kalman()
    noise = 0.003 * random.standard_normal((400, 3))
    results = np.array([one.update(value, 1 / 30) for value in noise])
    assert np.diff(results[60:], axis=0).std() < 0.2 * np.diff(noise, axis=0).std()


@pytest.mark.parametrize("noise", [0.001, 0.01])
def test_noise_that_is_not_as_expected_is_learnt(noise: float) -> None:
    random, one = np.random.default_rng(2), kalman()
    measured = noise * random.standard_normal((600, 3))
    results = np.array([one.update(value, 1 / 30) for value in measured])
    assert np.diff(results[300:], axis=0).std() < 0.25 * np.diff(measured, axis=0).std()


def test_a_start_is_caught_up_within_three_frames() -> None:
    random, one = np.random.default_rng(3), kalman()
    for _ in range(60):
        one.update(0.003 * random.standard_normal(3), 1 / 30)
    for i in range(1, 4):
        result = one.update(np.full(3, 0.05 * i), 1 / 30)
    assert result == pytest.approx(np.full(3, 0.15), abs=0.01)


def test_steady_motion_at_an_uneven_pace_has_no_lag() -> None:
    random, one = np.random.default_rng(4), kalman()
    pts = 0.0
    for step in random.choice([0.01, 0.033, 0.1], 200):
        pts += step
        result = one.update(np.full(2, 2 * pts), step)
    assert result == pytest.approx(np.full(2, 2 * pts), abs=0.005)
