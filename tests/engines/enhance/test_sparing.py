import numpy as np
import pytest

from engines.enhance.beginning import Presence
from engines.enhance.features import BANDS, HOP, Analysis, banded
from engines.enhance.floor import Floor
from engines.enhance.sparing import Bounds, Change, Doubt, Sparing

RATE = 16000


SECOND = RATE // HOP


def _powers(sound):
    whole = sound[: len(sound) // HOP * HOP]
    return banded(Analysis().spectra(whole.astype(np.float32)))


def _syllables(seconds=4.0, hiss=0.0):
    """Tones that come and go twice a second, over hiss."""
    times = np.arange(round(seconds * RATE)) / RATE
    rng = np.random.default_rng(0)
    throb = np.clip(np.sin(2 * np.pi * 2 * times), 0, 1)
    tones = sum(np.sin(2 * np.pi * 150 * n * times) / n for n in range(1, 20))
    return 0.1 * throb * tones + hiss * rng.standard_normal(len(times))


@pytest.mark.parametrize(("hiss", "least", "most"), [(0.001, 25, 60), (0.1, 0, 6)])
def test_the_floor_tells_how_far_a_voice_is_above_steady_noise(hiss, least, most):
    above = Floor().above(_powers(_syllables(hiss=hiss)))
    assert np.isinf(above[: SECOND - 5]).all()
    assert least < np.median(above[SECOND:]) < most


def _halves(count, first, second):
    """Gains of so many frames, of the lower bands and of the upper ones."""
    gain = np.full((count, BANDS), second, np.float32)
    gain[:, : BANDS // 2] = first
    return gain


def _taken(gain, powers, change=None):
    """What is told of gains beside the sound as it is."""
    return (change or Change()).lately(np.ones_like(gain), gain, powers)


def test_what_is_taken_away_is_told_beside_what_is_heard():
    powers = np.ones((300, BANDS), np.float32)
    assert _taken(_halves(300, 1.0, 0.0), powers)[-1] == pytest.approx(-3, abs=0.1)
    assert _taken(_halves(300, 1.0, 0.8), powers)[-1] < -15


def test_making_all_of_it_softer_takes_nothing_away():
    powers = np.ones((100, BANDS), np.float32)
    assert _taken(_halves(100, 0.3, 0.3), powers)[-1] < -40


def test_a_pause_tells_little_about_what_is_taken_away():
    change, loud = Change(), np.ones((100, BANDS), np.float32)
    _taken(_halves(100, 1.0, 1.0), loud, change)
    assert _taken(_halves(100, 1.0, 0.0), 0.001 * loud, change)[-1] < -20


def test_silence_is_nothing_to_take_away_from():
    assert _taken(_halves(50, 1.0, 0.0), np.zeros((50, BANDS), np.float32))[-1] < -40


def _doubts(*spans):
    """What is doubted at the end of each span of (seconds, how sure, power)."""
    doubt, presence, ends = Doubt(Bounds(unsure=0.1, sure=0.3)), Presence(), []
    for seconds, sure, power in spans:
        count = round(seconds * SECOND)
        told = presence.told(np.full(count, power, np.float32))
        ends.append(float(doubt.shares(np.full(count, sure, np.float32), *told)[-1]))
    return ends


def test_a_network_that_is_unsure_is_let_in_until_it_has_been_sure_for_a_while():
    spans = (2, 0.9, 1.0), (2, 0.01, 1.0), (2, 0.2, 1.0), (0.3, 0.9, 1.0), (2, 0.9, 1.0)
    assert _doubts(*spans) == [0, 1, 1, 1, 0]


def test_pauses_tell_nothing_about_what_disturbs():
    assert _doubts((2, 0.9, 10.0), (1, 0.0, 0.001)) == [0, 0]
    assert _doubts((2, 0.0, 10.0), (2, 0.9, 0.001)) == [1, 1]


def test_what_came_before_a_voice_began_tells_nothing_about_it():
    assert _doubts((2, 0.0, 0.001), (0.3, 0.9, 1.0), (2, 0.9, 1.0)) == [1, 0, 0]


def test_a_key_that_is_pressed_makes_nothing_forgotten():
    known = (2, 0.0, 0.001)
    assert _doubts(known, (0.06, 0.9, 1.0), (0.1, 0.9, 0.001)) == [1, 0, 1]
    assert _doubts(known, (0.1, 0.9, 1.0), (0.1, 0.9, 0.001)) == [1, 0, 0]


def test_noise_is_known_again_after_a_key_was_pressed():
    sound = 0.02 * np.random.default_rng(1).standard_normal(4 * RATE)
    sound[2 * RATE : 2 * RATE + RATE // 100] *= 30
    powers = _powers(sound)
    gain, sure = np.ones_like(powers), np.zeros(len(powers), np.float32)
    _, noisy = Sparing().shares(gain, gain, sure, powers)
    assert noisy[2 * SECOND - 1 :].min() == 0.0
    assert np.flatnonzero(noisy[2 * SECOND - 1 :] < 0.5).size <= 3


def test_where_a_voice_begins_it_is_not_taken_for_noise():
    hiss = 0.003 * np.random.default_rng(1).standard_normal(2 * RATE)
    powers = _powers(np.concatenate((hiss, _syllables(2.0, 0.003))))
    gain, sure = np.ones_like(powers), np.ones(len(powers), np.float32)
    _, noisy = Sparing().shares(gain, gain, sure, powers)
    assert noisy[2 * SECOND - 5] > 0.9
    assert noisy[2 * SECOND + 12 :].max() < 0.1


def test_bounds_tell_how_much_is_little():
    powers = _powers(_syllables(hiss=0.001))
    gain, plain = _bands_taken(powers), np.zeros(len(powers), np.float32)
    careful = Sparing(Bounds(little_db=0.0, alike_db=0.0))
    assert not _share(careful, gain, gain, plain, powers).any()


def _shares(gain, powers, sure=0.0):
    return _share(Sparing(), gain, gain, np.full(len(powers), sure, np.float32), powers)


def _share(sparing, *frames):
    """How much is enhanced, whether for a voice or for noise."""
    return np.maximum(*sparing.shares(*frames))


def test_sound_stays_as_it_is_where_little_would_be_taken_away():
    powers = _powers(_syllables(hiss=0.001))
    assert not _shares(np.full(powers.shape, 0.9, np.float32), powers).any()


def test_where_much_is_taken_away_the_sound_is_the_enhanced_one_within_two_seconds():
    powers = _powers(_syllables(hiss=0.001))
    shares = _shares(_bands_taken(powers), powers)
    assert shares[2 * SECOND :].min() == 1.0
    assert np.abs(np.diff(shares)).max() < 0.2


def test_however_much_is_taken_away_the_sound_stays_as_it_is_once_the_network_is_sure():
    powers = _powers(_syllables(hiss=0.001))
    shares = _shares(_bands_taken(powers), powers, sure=0.6)
    assert shares.max() == 0.0


def _bands_taken(powers):
    """Gains that leave every other tone out."""
    gain = np.ones_like(powers)
    gain[:, ::2] = gain[:, 1::4] = 0.0
    return gain


def test_what_lips_alone_take_away_is_enough():
    powers = _powers(_syllables(hiss=0.001))
    gain, plain = np.ones_like(powers), np.zeros(len(powers), np.float32)
    gain[:, ::4] = 0.7
    assert not _share(Sparing(), gain, gain, plain, powers).any()
    assert _share(Sparing(), gain, _bands_taken(powers), plain, powers)[-1] == 1.0


def test_lips_have_no_say_about_steady_noise():
    powers = _powers(_syllables(hiss=0.1))
    seen, unseen = np.full_like(powers, 0.2), np.full_like(powers, 0.5)
    sure = np.full(len(powers), 0.9, np.float32)
    left = Sparing().spared(seen, unseen, sure, powers)
    np.testing.assert_allclose(left[-1], 0.5, atol=1e-5)


def test_it_is_the_same_frame_by_frame():
    powers = _powers(_syllables(seconds=2.0, hiss=0.01))
    gain = np.random.default_rng(1).uniform(0, 1, powers.shape).astype(np.float32)
    plain = np.linspace(0, 0.2, len(gain), dtype=np.float32)
    whole, sparing = Sparing().spared(gain, gain**2, plain, powers), Sparing()
    frames = [(gain[[n]], gain[[n]] ** 2, plain[[n]], powers[[n]]) for n in range(len(gain))]
    parts = [sparing.spared(*frame) for frame in frames]
    np.testing.assert_allclose(np.concatenate(parts), whole, atol=1e-5)


def test_steady_noise_is_enhanced_however_little_is_taken_away():
    powers = _powers(_syllables(hiss=0.1))
    shares = _shares(np.ones_like(powers), powers, sure=0.9)
    assert shares[SECOND * 3 // 2 :].min() == 1.0


def test_beside_steady_noise_a_network_is_in_doubt_sooner():
    powers = _powers(_syllables(hiss=0.013))
    above = np.median(Floor().above(powers)[SECOND:])
    assert 12 < above < 18
    sure = 2 * Bounds().unsure
    assert not _shares(_bands_taken(powers), _powers(_syllables(hiss=0.001)), sure=sure).any()
    noisy = _shares(np.ones_like(powers), powers, sure=sure)
    assert noisy[2 * SECOND :].mean() > 0.2
