import pytest

from app.service.stream_pace import Pace


def test_the_interval_is_the_mean_distance_of_chunks():
    pace = Pace()
    for moment in (1.0, 1.03, 1.09, 1.12):
        pace.came(moment)
    times = pace.times([0.001] * 99 + [0.5])
    assert times.interval == pytest.approx(0.04)
    assert times.computing == pytest.approx(0.001, abs=1e-4)
    assert times.keeps_up


def test_a_service_that_computes_longer_than_chunks_last_does_not_keep_up():
    pace = Pace()
    for number in range(5):
        pace.came(0.04 * number)
    times = pace.times([0.05] * 5)
    assert not times.keeps_up
    assert str(times) == "t_Δ 40.0 ms ≤ t_a 50.0 ms"


def test_nothing_that_came_says_nothing():
    assert Pace().times([]).interval == 0.0
