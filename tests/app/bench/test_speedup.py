import pytest

from app.bench.continuous import talk_on
from app.bench.overhead import overhead_ms
from app.bench.speedup import speedup


@pytest.mark.parametrize("seconds", [1.0, 8.0])
def test_the_asynchronous_pipeline_answers_sooner_than_the_baseline(seconds):
    assert speedup(seconds) > 2


def test_talk_without_end_keeps_its_lag_and_loses_nothing():
    hour = talk_on(minutes=3, slower=1.3)
    assert hour.lag_max <= 4.0
    assert hour.lost == 0
    assert 0.5 < hour.spoken <= 1.0


def test_the_overhead_is_measured_for_every_segment():
    assert overhead_ms(3) > 0
