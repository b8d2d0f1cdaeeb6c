import numpy as np
import pytest

from engines.enhance.features import Analysis
from engines.enhance.sparing import Change, Floor, Plain, Sparing

RATE = 16000


def _magnitude(sound):
    return np.abs(Analysis().spectra(sound.astype(np.float32))).astype(np.float32)


def _syllables(seconds=4.0, hiss=0.0):
    """Tones that come and go twice a second, over hiss."""
    times = np.arange(round(seconds * RATE)) / RATE
    rng = np.random.default_rng(0)
    throb = np.clip(np.sin(2 * np.pi * 2 * times), 0, 1)
    tones = sum(np.sin(2 * np.pi * 150 * n * times) / n for n in range(1, 20))
    return 0.1 * throb * tones + hiss * rng.standard_normal(len(times))


@pytest.mark.parametrize(("hiss", "least", "most"), [(0.001, 25, 60), (0.1, 0, 6)])
def test_the_floor_tells_how_far_a_voice_is_above_steady_noise(hiss, least, most):
    above = Floor().above(np.square(_magnitude(_syllables(hiss=hiss))))
    assert np.isinf(above[:90]).all()
    assert least < np.median(above[100:]) < most


def _halves(count, first, second):
    """Gains of so many frames, of the lower bands and of the upper ones."""
    gain = np.full((count, 257), second, np.float32)
    gain[:, :128] = first
    return gain


def test_what_is_taken_away_is_told_beside_what_is_heard():
    powers = np.ones((300, 257), np.float32)
    assert Change().lately(_halves(300, 1.0, 0.0), powers)[-1] == pytest.approx(-3, abs=0.1)
    assert Change().lately(_halves(300, 1.0, 0.8), powers)[-1] < -15


def test_making_all_of_it_softer_takes_nothing_away():
    powers = np.ones((100, 257), np.float32)
    assert Change().lately(_halves(100, 0.3, 0.3), powers)[-1] < -40


def test_a_pause_tells_little_about_what_is_taken_away():
    change, loud = Change(), np.ones((100, 257), np.float32)
    change.lately(_halves(100, 1.0, 1.0), loud)
    assert change.lately(_halves(100, 1.0, 0.0), 0.001 * loud)[-1] < -20


def test_silence_is_nothing_to_take_away_from():
    assert Change().lately(_halves(50, 1.0, 0.0), np.zeros((50, 257), np.float32))[-1] < -40


def test_pauses_tell_little_about_what_disturbs():
    plain, loud, still = Plain(), np.full(100, 10.0, np.float32), np.full(100, 0.01, np.float32)
    sure = plain.lately(np.full(100, 0.9, np.float32), loud)[-1]
    assert plain.lately(np.full(100, 0.0, np.float32), still)[-1] > 0.7 * sure
    assert plain.lately(np.full(100, 0.0, np.float32), loud)[-1] < 0.4 * sure


def _shares(gain, magnitude, sure=0.0):
    return Sparing().shares(gain, np.full(len(magnitude), sure, np.float32), magnitude)


def test_sound_stays_as_it_is_where_little_would_be_taken_away():
    magnitude = _magnitude(_syllables(hiss=0.001))
    assert not _shares(np.full(magnitude.shape, 0.9, np.float32), magnitude).any()


def test_where_much_is_taken_away_the_sound_is_the_enhanced_one_within_a_second():
    magnitude = _magnitude(_syllables(hiss=0.001))
    shares = _shares(_bands_taken(magnitude), magnitude)
    assert shares[99:].min() == 1.0
    assert np.abs(np.diff(shares)).max() < 0.2


def test_however_much_is_taken_away_the_sound_stays_as_it_is_once_the_network_is_sure():
    magnitude = _magnitude(_syllables(hiss=0.001))
    shares = _shares(_bands_taken(magnitude), magnitude, sure=0.6)
    assert shares[150:].max() == 0.0


def _bands_taken(magnitude):
    """Gains that leave every other tone out."""
    gain = np.ones_like(magnitude)
    gain[:, ::2] = gain[:, 1::4] = 0.0
    return gain


def test_it_is_the_same_frame_by_frame():
    magnitude = _magnitude(_syllables(seconds=2.0, hiss=0.01))
    gain = np.random.default_rng(1).uniform(0, 1, magnitude.shape).astype(np.float32)
    plain = np.linspace(0, 0.5, len(gain), dtype=np.float32)
    whole, sparing = Sparing().shares(gain, plain, magnitude), Sparing()
    parts = [sparing.shares(gain[[n]], plain[[n]], magnitude[[n]]) for n in range(len(gain))]
    np.testing.assert_allclose(np.concatenate(parts), whole, atol=1e-6)


def test_steady_noise_is_enhanced_however_little_is_taken_away():
    magnitude = _magnitude(_syllables(hiss=0.1))
    shares = _shares(np.ones_like(magnitude), magnitude, sure=0.9)
    assert shares[150:].min() == 1.0
