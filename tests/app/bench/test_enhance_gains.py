import numpy as np
import pytest

from app.bench.enhance_gains import Trial, gains
from app.bench.enhance_material import Case
from app.bench.enhance_scores import Score

NOTHING = np.zeros(1600, np.float32)


def _trial(decibels, kind="talker", **reached):
    case = Case(kind, decibels, NOTHING, NOTHING)
    after = {name: Score(value, 0.9, 2.0) for name, value in reached.items()}
    return Trial(case, Score(decibels, 0.8, 1.5), after, {})


def test_gains_are_told_over_the_input_at_each_ratio_and_together():
    trials = [_trial(-5.0, av=-1.0), _trial(0.0, av=2.0), _trial(5.0, "noise", av=6.0)]
    figures = gains("", trials)
    assert figures["talker_av_at_-5_gain_db"].value == pytest.approx(4.0)
    assert figures["talker_av_at_+0_gain_db"].value == pytest.approx(2.0)
    assert figures["talker_av_gain_db"].value == pytest.approx(3.0)
    assert figures["noise_av_gain_db"].value == pytest.approx(1.0)
    assert figures["av_gain_db"].value == pytest.approx(2.0)


def test_a_network_that_sees_is_set_against_its_twin_and_the_suppressor():
    trials = [
        _trial(0.0, av=3.0, audio=1.0, rnnoise=-1.0),
        _trial(0.0, av=3.0, audio=4.0, rnnoise=-1.0),
    ]
    figures = gains("real_video_", trials, least=(0.0, 0.0))
    assert figures["real_video_av_over_audio_db"].value == pytest.approx(0.5)
    assert figures["real_video_av_over_audio_db"].met
    assert figures["real_video_av_over_audio_wins"].value == 0.5
    assert figures["real_video_av_over_rnnoise_db"].value == pytest.approx(4.0)


def test_every_size_has_its_own_twin():
    trials = [_trial(0.0, av=3.0, audio=1.0, av_large=5.0, audio_large=1.5)]
    figures = gains("", trials)
    assert figures["av_over_audio_db"].value == pytest.approx(2.0)
    assert figures["av_large_over_audio_db"].value == pytest.approx(3.5)


def test_without_a_twin_nothing_is_claimed():
    figures = gains("", [_trial(0.0, av=3.0)], least=(0.0, 0.0))
    assert np.isnan(figures["av_over_audio_db"].value)
    assert not figures["av_over_audio_db"].met
