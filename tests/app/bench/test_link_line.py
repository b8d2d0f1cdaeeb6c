import numpy as np
import pytest

from app.bench.link import Load, coherent, passage
from app.bench.link_line import PROFILES, Line, Profile, Way, profiles
from app.bench.report import Figure


def _line(way, back=None):
    return Line(way, back or way, np.random.default_rng(1))


def test_a_message_takes_the_delay_and_the_time_of_its_bytes():
    line = _line(Way(delay_ms=10, jitter_ms=0, mbps=8))
    assert line.send(1000, 0.0) == pytest.approx(0.010 + 1066e-6, abs=1e-9)


def test_a_message_waits_for_the_ones_before_it():
    line = _line(Way(delay_ms=0, jitter_ms=0, mbps=8))
    first = line.send(100_000, 0.0)
    assert line.send(100, 0.001) == pytest.approx(first + 166e-6, abs=1e-6)


def test_what_is_lost_is_sent_again_and_holds_up_what_follows():
    loud = Way(delay_ms=10, jitter_ms=0, mbps=100, loss=0.3)
    line = _line(loud)
    times = [line.send(1000, 0.04 * number) for number in range(500)]
    assert times == sorted(times)
    assert line.lost / line.packets == pytest.approx(0.3, abs=0.06)
    took = np.array(times) - 0.04 * np.arange(500)
    assert took.min() < 0.011
    assert np.mean(took > 0.03) > 0.2


def test_losses_come_in_bursts_of_the_length_asked_for():
    line = _line(Way(1, 0, 1000, loss=0.02, burst=4))
    lost = [line._loses() for _ in range(200_000)]
    runs = np.diff(np.flatnonzero(np.diff(np.array([0, *lost, 0]))))[::2]
    assert np.mean(lost) == pytest.approx(0.02, abs=0.003)
    assert runs.mean() == pytest.approx(4, abs=0.5)


def test_the_same_seed_gives_the_same_times():
    def times():
        line = _line(PROFILES["4g"].up)
        return [line.send(5000, 0.04 * number) for number in range(100)]

    assert times() == times()


def test_a_line_that_is_too_slow_falls_behind_further_and_further():
    way = Way(1, 0, 1.0)
    found = passage(Profile(way, way, "a test"), Load(20_000, 100), 0.001, seconds=4.0)
    assert not found.holds
    assert np.all(np.diff(found.times) > 0)
    assert found.interval > 0.04


def test_coherence_counts_the_computing_of_the_service():
    way = Way(5, 0, 1000)
    profile, load = Profile(way, way, "a test"), Load(1000, 1000)
    assert passage(profile, load, 0.020, seconds=4.0).holds
    assert not passage(profile, load, 0.035, seconds=4.0).holds


def test_every_profile_says_where_its_figures_come_from():
    assert set(PROFILES) >= {"ethernet", "wifi4", "4g", "5g", "cloud"}
    assert all(profile.source for profile in PROFILES.values())


def test_the_papers_order_holds_wired_first_and_4g_last():
    load = Load(70_000, 100)
    p95 = {
        name: np.percentile(passage(profile, load, 0.001, seconds=10.0).times, 95)
        for name, profile in PROFILES.items()
    }
    assert min(p95, key=p95.get) == "ethernet"
    assert max(p95, key=p95.get) == "4g"


def test_the_table_of_profiles_tells_delay_loss_rate_and_source():
    table = profiles()
    assert len(table.splitlines()) == 1 + 2 * len(PROFILES)
    for name, profile in PROFILES.items():
        assert name in table
        assert profile.source in table
    assert "940 Mbit/s" in table
    assert "0.20%" in table


def test_it_is_said_which_connection_keeps_speech_coherent():
    figures = {}
    for name in PROFILES:
        for load in ("raw", "lips"):
            holds = load == "lips" and name != "4g"
            figures[f"{name}_{load}_holds"] = Figure(float(holds))
            figures[f"{name}_{load}_interval_ms"] = Figure(50.0 if name == "4g" else 40.0)
    told = coherent(figures, ("raw", "lips"))
    assert "raw      nowhere" in told
    assert "lips     ethernet, wifi4" in told
    assert told.endswith("over: 4g")
