import itertools
import logging

import pytest

from core.gate import FADE, Gate


def opened(rate: float = 30.0) -> tuple[Gate, float]:
    gate, pts = Gate(), 0.0
    while gate.level < 1:
        gate.update(pts, 1.0)
        pts += 1 / rate
        assert pts < 1
    return gate, pts


@pytest.mark.parametrize("rate", [10, 24, 30, 60, 240])
def test_a_lost_face_has_faded_within_the_fade_at_any_frame_rate(rate: int) -> None:
    gate, start = opened(rate)
    pts = start
    while gate.update(pts, 0.0, "no face") > 0:
        pts += 1 / rate
    assert pts - start <= FADE + 1e-9 or pts - start < FADE + 1 / rate


@pytest.mark.parametrize("rate", [10, 24, 30, 60, 240])
def test_a_face_that_is_back_is_shown_wholly_after_the_fade(rate: int) -> None:
    gate = Gate()
    gate.update(0.0, 0.0)
    count = 1
    while gate.update(count / rate, 1.0) < 1:
        count += 1
    assert (count - 1) / rate <= FADE + 2 / rate


def test_the_level_never_moves_faster_than_the_fade() -> None:
    gate, start = opened()
    levels = [gate.update(start + i / 30, 1.0 if i % 40 > 20 else 0.0, "x") for i in range(200)]
    steps = [abs(b - a) for a, b in itertools.pairwise(levels)]
    assert max(steps) <= 1 / 30 / (FADE - 0.05) + 1e-9


def test_uneven_frames_fade_by_time_and_not_by_count() -> None:
    gate, start = opened()
    gate.update(start, 0.0)
    level = gate.level
    gate.update(start + 0.03, 0.0)
    gate.update(start + 0.031, 0.0)
    gate.update(start + 0.075, 0.0)
    assert level - gate.level == pytest.approx(0.5)


def test_confidence_that_trembles_about_a_threshold_does_not_flicker() -> None:
    gate, start = opened()
    states = set()
    for i in range(300):
        gate.update(start + i / 30, 0.45 + 0.08 * (-1) ** i, "blurred")
        states.add(gate.open)
    assert states == {True}


def test_a_single_good_frame_does_not_open_it() -> None:
    gate = Gate()
    for i in range(30):
        gate.update(i / 30, 1.0 if i % 3 == 0 else 0.1, "covered")
    assert gate.level == 0.0


def test_the_reason_is_data_and_empty_while_the_lips_are_on() -> None:
    gate, pts = opened()
    assert gate.reason == ""
    gate.update(pts, 0.1, "turned away")
    assert gate.reason == "turned away"


def test_why_the_lips_are_off_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    gate, pts = opened()
    with caplog.at_level(logging.INFO):
        caplog.clear()
        for i in range(100):
            gate.update(pts + i / 30, 0.0, "covered")
    assert [record.getMessage() for record in caplog.records] == ["The lips are off: covered."]


def test_a_late_frame_changes_nothing() -> None:
    gate, pts = opened()
    assert gate.update(pts - 0.2, 0.0, "no face") == 1.0
    assert gate.open


def test_confidence_that_is_no_number_closes_it() -> None:
    gate, pts = opened()
    gate.update(pts, float("nan"))
    assert not gate.open


def test_a_stream_that_starts_over_is_followed() -> None:
    gate = Gate()
    for i in range(60):
        gate.update(100 + i / 30, 0.0)
    for i in range(60):
        gate.update(i / 30, 1.0)
    assert gate.level == 1.0


def test_thresholds_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError):
        Gate(on=0.3, off=0.5)
