import numpy as np

from engines.enhance.features import HOP
from engines.enhance.offset import Offset


def _tone(seconds=2.0):
    return (0.2 * np.sin(2 * np.pi * 100 * np.arange(round(seconds * 16000)) / 16000)).astype(
        np.float32
    )


def test_an_offset_is_taken_away_from_the_first_sample_on():
    silence = np.full(16000, 0.3, np.float32)
    np.testing.assert_allclose(Offset().removed(silence), 0.0, atol=1e-6)


def test_the_lowest_voice_is_left_alone():
    np.testing.assert_allclose(Offset().removed(_tone()), _tone(), atol=1e-4)


def test_the_little_that_comes_and_goes_with_a_voice_is_left_to_it():
    lopsided = _tone() + np.float32(0.015) * (_tone(0.5).repeat(4) > 0)
    assert np.array_equal(Offset().removed(lopsided), lopsided)


def test_it_is_the_same_hop_by_hop():
    sound, offset = _tone() + np.float32(0.1), Offset()
    parts = [offset.removed(sound[at : at + HOP]) for at in range(0, len(sound), HOP)]
    np.testing.assert_allclose(np.concatenate(parts), Offset().removed(sound), atol=1e-6)


def test_no_hop_at_all_is_nothing():
    assert not len(Offset().removed(np.zeros(0, np.float32)))
