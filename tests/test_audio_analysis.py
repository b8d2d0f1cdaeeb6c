"""The judge of recordings, on recordings whose flaws are known."""

import numpy as np
import pytest

from tests.audio_analysis import RATE, find, judge, losses, silence, steady, word

WORDS = [word(seed) for seed in range(3)]
CLEAN = np.concatenate([part for one in WORDS for part in (silence(0.2), one)] + [silence(0.2)])


def test_a_clean_recording_has_no_flaws_and_tells_the_onsets():
    check = judge(CLEAN * 0.3, WORDS)
    assert check.flaws == ()
    assert check.onsets == pytest.approx([0.2, 0.9, 1.6], abs=1 / RATE)


def test_a_word_that_is_missing_twice_there_or_misplaced_is_told():
    assert judge(CLEAN, [word(9)]).flaws == ("sound 0 is heard 0 times",)
    assert judge(np.concatenate([CLEAN, WORDS[1]]), WORDS).flaws == ("sound 1 is heard 2 times",)
    assert "order" in judge(CLEAN, WORDS[::-1]).flaws[0]


@pytest.mark.parametrize("count", [4, 100, 480])
def test_samples_left_out_or_put_in_are_told_where_they_are(count):
    sound = steady(1, 2.0)
    at = round(0.7 * RATE)
    short = np.delete(sound, slice(at, at + count))
    long = np.insert(sound, at, np.zeros(count, np.float32))
    for recording in (short, long):
        lost = losses(recording, sound, 0.0)
        assert lost
        assert lost[0] == pytest.approx(0.7, abs=0.02)


def test_a_hole_is_a_loss_and_another_clock_is_not():
    sound = steady(2, 2.0)
    holed = sound.copy()
    holed[RATE : RATE + 480] = 0
    assert losses(holed, sound, 0.0) == pytest.approx([1.0], abs=0.011)
    band = word(3, 2.0)
    drifted = np.interp(np.arange(0, len(band), 1.0002), np.arange(len(band)), band)
    assert losses(drifted[: len(band) - RATE // 10], band[: -RATE // 5], 0.0) == []


def test_a_sound_is_found_under_louder_noise_of_another_kind():
    found = find(CLEAN + 0.1 * steady(5, len(CLEAN) / RATE), WORDS[1])
    assert found is not None
    assert found.onset == pytest.approx(0.9, abs=1 / RATE)
