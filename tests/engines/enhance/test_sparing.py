import numpy as np
import pytest

from engines.enhance.features import Analysis
from engines.enhance.sparing import Floor, Plain, Sparing

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


def test_pauses_tell_little_about_what_disturbs():
    plain, loud, still = Plain(), np.full(100, 10.0, np.float32), np.full(100, 0.01, np.float32)
    sure = plain.lately(np.full(100, 0.9, np.float32), loud)[-1]
    assert plain.lately(np.full(100, 0.0, np.float32), still)[-1] > 0.7 * sure
    assert plain.lately(np.full(100, 0.0, np.float32), loud)[-1] < 0.4 * sure


def test_sound_stays_as_it_is_while_the_network_is_sure_and_no_noise_is_steady():
    magnitude = _magnitude(_syllables(hiss=0.001))
    assert not Sparing().shares(np.full(len(magnitude), 0.5, np.float32), magnitude).any()


def test_an_unsure_network_enhances_within_a_second():
    magnitude = _magnitude(_syllables(hiss=0.001))
    shares = Sparing().shares(np.full(len(magnitude), 0.01, np.float32), magnitude)
    assert shares[100:].min() > 0.3
    assert shares[-1] == 1.0
    assert np.abs(np.diff(shares)).max() < 0.2


def test_steady_noise_is_enhanced_however_sure_the_network_is():
    magnitude = _magnitude(_syllables(hiss=0.1))
    shares = Sparing().shares(np.full(len(magnitude), 0.5, np.float32), magnitude)
    assert shares[150:].min() == 1.0
