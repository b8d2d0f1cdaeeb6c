"""The pace of the outgoing pictures, beside cameras whose clocks are not ours."""

import numpy as np
import pytest

from app.live.beat import EARLIEST, LATEST, PERIOD, Beat

_JITTER = 0.005


def sent(came: np.ndarray, seconds: float, begin: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """The moments at which pictures go out, and the number of the one that does; pictures come
    at these moments."""
    beat, last, moments, numbers = Beat(begin), -1, [], []
    while beat.due < seconds:
        assert not beat.next(beat.due)
        moments.append(beat.due)
        newest = int(np.searchsorted(came, beat.due, side="right")) - 1
        if newest > last:
            beat.sent(came[newest], newest - last - 1 if last >= 0 else 0)
            last = newest
        numbers.append(last)
    return np.array(moments), np.array(numbers)


def camera(fps: float, seconds: float, seed: int = 0) -> np.ndarray:
    """Unsteady, but in order."""
    moments = np.arange(0.0, seconds + 1.0, 1 / fps)
    return moments + np.random.default_rng(seed).uniform(0, _JITTER, len(moments))


@pytest.mark.parametrize("fps", [29.9, 30.0, 30.1])
@pytest.mark.parametrize("begin", [0.0, 0.003, 0.012, 0.021, 0.03])
def test_each_picture_of_a_camera_near_thirty_goes_out_once(fps, begin):
    _, numbers = sent(camera(fps, 62.0), 60.0, begin)
    assert set(np.diff(numbers[60:])) == {1}


def test_a_picture_waits_no_longer_than_needed():
    came = camera(30.0, 202.0)
    moments, numbers = sent(came, 200.0, begin=0.025)
    waits = moments[60:] - came[numbers[60:]]
    assert waits.min() > 0 and waits.max() < LATEST + _JITTER
    assert waits[-300:].max() < EARLIEST + _JITTER


def test_where_many_come_late_all_wait_until_few_are_missed():
    came = camera(30.0, 202.0)
    late = np.random.default_rng(1).random(len(came)) < 0.05
    _, numbers = sent(np.sort(came + 0.009 * late), 200.0)
    assert (np.diff(numbers[300:]) != 1).mean() < 0.01


@pytest.mark.parametrize("fps", [10.0, 15.0, 24.0, 25.0, 50.0, 60.0])
def test_a_camera_of_another_pace_leaves_it_at_thirty(fps):
    moments, _ = sent(camera(fps, 62.0), 60.0, begin=0.02)
    assert len(moments) / 60.0 == pytest.approx(30.0, rel=0.005)
    np.testing.assert_allclose(np.diff(moments), PERIOD, atol=0.0011)


def test_one_picture_that_is_late_is_missed_once_and_not_twice():
    came = np.arange(0.0, 12.0, PERIOD)
    for late in np.arange(0.002, 0.04, 0.001):
        troubled = came.copy()
        troubled[300] += late
        moments, numbers = sent(np.sort(troubled), 11.0)
        new = moments[np.flatnonzero(np.diff(numbers, prepend=-1))]
        assert np.diff(new[30:]).max() < 2 * PERIOD + 0.002


def test_a_beat_that_was_slept_through_is_told_and_not_made_up_for():
    beat = Beat(0.0)
    assert beat.next(0.2)
    assert beat.due == 0.2
    assert not beat.next(0.2)


def test_after_one_that_went_out_early_the_next_is_a_whole_picture_away():
    beat = Beat(0.0)
    beat.next(0.0)
    beat.early(0.01)
    beat.next(0.01)
    assert beat.due == pytest.approx(0.01 + PERIOD)
