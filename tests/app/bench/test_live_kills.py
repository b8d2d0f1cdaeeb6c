"""What the bench that kills workers measures, it measures rightly."""

import time

import numpy as np
import pytest

from app.bench.live_kills import Pictures, silence
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
