import numpy as np

from engines.enhance.features import BELOW_VOICE, BINS, RATE, Analysis
from engines.enhance.rumble import Rumble

SECOND = 50


def _tone(hertz, seconds=3.0):
    return np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)


def _spectra(sound):
    return Analysis().spectra(sound.astype(np.float32))


def _left(sound):
    """Of the lowest bands, frame for frame."""
    spectra = _spectra(sound)
    gain = np.ones((len(spectra), BINS // 2), np.float32)
    left = Rumble().without(gain, spectra)
    assert (left[:, BELOW_VOICE:] == 1.0).all()
    return left[:, 0]


def test_what_rumbles_under_a_voice_is_taken_away_within_a_second():
    left = _left(0.3 * _tone(10) + 0.1 * _tone(150))
    assert not left[SECOND:].any()
    assert np.abs(np.diff(left)).max() < 0.1


def test_a_voice_and_what_little_is_under_it_are_left_alone():
    assert (_left(0.1 * _tone(10) + 0.3 * _tone(100)) == 1.0).all()


def test_silence_is_left_alone():
    assert (_left(np.zeros(2 * RATE)) == 1.0).all()


def test_a_voice_that_comes_to_be_louder_than_the_rumble_is_left_alone_again():
    loud = 0.3 * _tone(100)
    loud[:RATE] = 0.0
    left = _left(0.05 * _tone(10) + loud)
    assert left[SECOND - 5] < 0.1
    assert left[-1] == 1.0


def test_it_is_the_same_frame_by_frame():
    spectra = _spectra(np.random.default_rng(0).standard_normal(RATE).cumsum() * 1e-3)
    gain, rumble = np.full((len(spectra), BINS // 2), 0.5, np.float32), Rumble()
    parts = [rumble.without(gain[[n]], spectra[[n]]) for n in range(len(spectra))]
    np.testing.assert_allclose(np.concatenate(parts), Rumble().without(gain, spectra), atol=1e-6)
