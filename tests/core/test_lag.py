import pytest

from core.config import Lag
from core.lag import Governor, LagStep


def test_steps_are_taken_in_order_as_the_lag_grows():
    governor = Governor(Lag())
    steps = [governor.judge(tenth / 10) for tenth in range(0, 45)]
    assert steps == sorted(steps)
    assert set(steps) == set(LagStep)


def test_the_mildest_step_comes_back_when_the_lag_is_gone():
    governor = Governor(Lag())
    for lag in (3.0, 4.5, 2.0, 0.0):
        governor.judge(lag)
    assert governor.step is LagStep.NORMAL


def test_a_step_is_not_left_the_moment_the_lag_falls_below_where_it_was_taken():
    governor = Governor(Lag())
    governor.judge(2.1)
    assert governor.judge(1.9) is LagStep.FILLERS
    assert governor.judge(1.5) is LagStep.TEMPO


def test_a_step_that_is_not_allowed_is_not_taken():
    governor = Governor(Lag(allow_tempo=False, allow_shorter=False, allow_captions_only=False))
    steps = {governor.judge(tenth / 10) for tenth in range(0, 60)}
    assert steps == {LagStep.NORMAL, LagStep.FILLERS}
    assert governor.tempo(3.0) == 1.0


@pytest.mark.parametrize("wanted", [0.5, 1.0, 1.1, 5.0])
@pytest.mark.parametrize("lag", [-1.0, 0.0, 1.0, 1.7, 3.9, 100.0])
def test_the_tempo_stays_between_natural_and_the_highest(lag, wanted):
    assert 1.0 <= Governor(Lag()).tempo(lag, wanted) <= 1.25


def test_the_tempo_rises_with_the_lag():
    governor = Governor(Lag())
    assert governor.tempo(0.5) == 1.0
    assert 1.0 < governor.tempo(1.1) < 1.25
    assert governor.tempo(2.5) == 1.25


def test_a_change_of_step_is_told_once():
    told = []
    governor = Governor(Lag(), lambda step, lag: told.append((step, lag)))
    for lag in (0.0, 1.5, 1.5, 5.0, 0.0):
        governor.judge(lag)
    assert told == [(LagStep.TEMPO, 1.5), (LagStep.CAPTIONS, 5.0), (LagStep.NORMAL, 0.0)]
