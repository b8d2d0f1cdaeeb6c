"""What the bench that kills workers measures, it measures rightly."""

import numpy as np
import pytest

from app.bench.live_kills import Pictures, _survived, _told, silence
from app.bench.sound_rig import Recording
from core.devices import RATE
from core.shared.frames import SharedFrames


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


@pytest.fixture
def sent():
    frames = SharedFrames((2, 2, 3))
    yield frames
    frames.close()


def send(frames, *told):
    for moment, number in told:
        frames.put(np.zeros((2, 2, 3), np.uint8), moment, number)


def test_the_longest_time_without_a_new_picture_is_told(sent):
    pictures = Pictures(sent)
    for told in [(0.0, 1), (0.1, 2), (0.2, 2), (0.5, 3)]:
        send(sent, told)
        pictures.look()
    assert pictures.longest(0.0) == pytest.approx(0.4)


def test_a_late_look_sees_the_pictures_that_came_meanwhile(sent):
    pictures = Pictures(sent)
    send(sent, (0.0, 1))
    pictures.look()
    send(sent, (0.04, 2), (0.08, 3), (0.12, 4), (0.16, 5))
    pictures.look()
    assert pictures.longest(0.0) == pytest.approx(0.04)
    assert pictures.missed == 0


def test_pictures_that_were_replaced_before_the_look_are_counted(sent):
    pictures = Pictures(sent)
    send(sent, (0.0, 1))
    pictures.look()
    send(sent, *((0.04 * number, number + 1) for number in range(1, 8)))
    pictures.look()
    assert pictures.longest(0.0) == pytest.approx(0.16)
    assert pictures.missed == 3
