"""What the bench that kills workers measures, it measures rightly."""

import time

import numpy as np
import pytest

from app.bench.live_kills import Pictures, _survived, _told, silence
from app.bench.sound_rig import Recording
from app.live.desk import Desk
from core.devices import RATE


def until(condition, patience=60.0):
    """Waits on the thing itself."""
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_hole_in_the_tone_is_measured_though_others_speak():
    times = np.arange(3 * RATE) / RATE
    sound = 0.004 * np.sin(2 * np.pi * 6000 * times) + 0.2 * np.sin(2 * np.pi * 300 * times)
    sound[RATE : RATE + round(0.08 * RATE)] = 0.0
    recording = Recording(None, [sound.astype(np.float32)], start=10.0)
    assert silence(recording, 10.2, 12.8) == pytest.approx(0.08, abs=0.011)
    assert silence(recording, 11.5, 12.8) == 0.0


def test_where_no_tone_is_heard_all_of_it_is_a_hole():
    recording = Recording(None, [np.zeros(2 * RATE, np.float32)], start=10.0)
    assert silence(recording, 10.5, 11.5) == pytest.approx(1.0)


def met(figures):
    return {name for name, figure in figures.items() if figure.met}


def test_a_session_in_which_nothing_is_said_does_not_count():
    assert "live_kill_segments" not in met(_told([]))


@pytest.mark.parametrize("back", [[], [1.0, 1.2], 7 * [1.0]])
def test_a_worker_that_was_not_found_is_one_that_was_not_killed(back):
    assert "live_kills" not in met(_survived(back, 2))
    assert met(_survived(8 * [1.0], 2)) == {"live_kill_back_s", "live_kills"}


def test_without_a_kill_there_is_no_time_until_the_next_answer():
    assert met(_survived([], 2)) == set()


def test_the_longest_time_without_a_new_picture_is_told():
    desk = Desk()
    pictures = Pictures(desk)
    image = np.zeros((720, 1280, 3), np.uint8)
    for version, (moment, number) in enumerate([(0.0, 1), (0.1, 2), (0.2, 2), (0.5, 3)], start=1):
        desk.sent.put(image, moment, number)
        until(lambda version=version: pictures.seen >= version)
    pictures.stop()
    assert pictures.longest(0.0) == pytest.approx(0.4)
    desk.close()
