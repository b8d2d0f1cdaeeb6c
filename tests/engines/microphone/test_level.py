import numpy as np
import pytest

from core.devices import RATE
from engines.microphone.level import LevelWatch


@pytest.fixture
def watch():
    return LevelWatch("BRIO")


def fed(watch, samples):
    for at in range(0, len(samples), 480):
        watch.feed(samples[at : at + 480])
    return watch.says


def speech(seconds, loud=0.3):
    noise = np.random.default_rng(3).standard_normal(round(seconds * RATE))
    return np.clip(loud * noise, -1, 1).astype(np.float32)


def test_speech_is_in_order(watch):
    assert fed(watch, speech(6, loud=0.1)) == ""


def test_lasting_digital_silence_is_told(watch):
    assert fed(watch, np.zeros(3 * RATE, np.float32)) == ""
    assert "nothing but silence" in fed(watch, np.zeros(3 * RATE, np.float32))
    assert fed(watch, speech(0.1, loud=0.1)) == ""


def test_a_quiet_room_is_not_silence(watch):
    assert fed(watch, speech(6, loud=1e-4)) == ""


def test_distortion_is_told_until_it_is_over_for_a_while(watch):
    assert "too loud" in fed(watch, speech(3, loud=1.0))
    assert "too loud" in fed(watch, speech(3, loud=0.1))
    assert fed(watch, speech(10, loud=0.1)) == ""


def test_a_single_bang_is_no_distortion(watch):
    samples = speech(4, loud=0.1)
    samples[RATE : RATE + 50] = 1.0
    assert fed(watch, samples) == ""
