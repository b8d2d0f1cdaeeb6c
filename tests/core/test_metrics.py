import threading

import pytest

from core.clock import ManualClock
from core.metrics import WINDOW, Metrics


def test_counters_add_up_and_gauges_keep_the_newest():
    metrics = Metrics()
    metrics.count("segments")
    metrics.count("segments", 2)
    metrics.gauge("lag", 3.5)
    metrics.gauge("lag", 2.5)
    snapshot = metrics.snapshot()
    assert snapshot["counters"] == {"segments": 3}
    assert snapshot["gauges"] == {"lag": 2.5}


def test_timings_are_summed_up_over_the_newest_ones():
    metrics = Metrics()
    metrics.took("speak", 1000.0)
    for number in range(WINDOW):
        metrics.took("speak", number / WINDOW)
    speak = metrics.snapshot()["timings"]["speak"]
    assert speak["count"] == WINDOW + 1
    assert speak["p50"] == pytest.approx(0.5, abs=0.01)
    assert speak["p95"] == pytest.approx(0.95, abs=0.01)
    assert speak["max"] == (WINDOW - 1) / WINDOW


def test_a_block_is_timed_on_the_clock_that_was_given_also_when_it_fails():
    clock = ManualClock()
    metrics = Metrics(clock)
    with pytest.raises(RuntimeError), metrics.timed("translate"):
        clock.advance(0.25)
        raise RuntimeError
    assert metrics.snapshot()["timings"]["translate"]["max"] == 0.25


def test_a_snapshot_does_not_change_afterwards():
    metrics = Metrics()
    metrics.count("frames")
    snapshot = metrics.snapshot()
    metrics.count("frames")
    assert snapshot["counters"] == {"frames": 1}


def test_no_count_is_lost_among_threads():
    metrics = Metrics()

    def work() -> None:
        for _ in range(2000):
            metrics.count("frames")
            metrics.took("frame", 0.001)
            metrics.snapshot() if _ % 500 == 0 else None

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert metrics.snapshot()["counters"]["frames"] == 8000
    assert metrics.snapshot()["timings"]["frame"]["count"] == 8000


def test_timings_are_given_once_to_who_asks_again_and_again():
    metrics, counted = Metrics(), {}
    metrics.took("stt", 1.0)
    assert metrics.since(counted) == {"stt": [1.0]}
    for seconds in range(WINDOW + 1):
        metrics.took("stt", float(seconds))
    metrics.took("mt", 5.0)
    assert metrics.since(counted) == {"stt": [float(n) for n in range(1, WINDOW + 1)], "mt": [5.0]}
    assert metrics.since(counted) == {"stt": [], "mt": []}
    assert metrics.since({})["mt"] == [5.0]
