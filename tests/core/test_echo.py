import numpy as np
import pytest

from core.echo import LONGEST, SPAN, hears_itself

RATE = 48_000
LENGTH = round((SPAN + LONGEST) * RATE)


def talk(seed, pitch):
    """Something like speech: a buzzing voice in syllables of changing colour, with pauses."""
    rng = np.random.default_rng(seed)
    syllables = []
    while sum(map(len, syllables)) < LENGTH:
        count = round(rng.uniform(0.08, 0.25) * RATE)
        time = np.arange(count) / RATE
        glide = pitch * rng.uniform(0.8, 1.2) * (1 + rng.uniform(-0.3, 0.3) * time)
        phase = 2 * np.pi * np.cumsum(glide) / RATE
        colour = rng.uniform(0, 1, 24) / np.arange(1, 25)
        voice = sum(c * np.sin((n + 1) * phase) for n, c in enumerate(colour))
        breath = 0.2 * rng.standard_normal(count)
        syllables += [np.hanning(count) * (voice + breath), np.zeros(round(0.03 * RATE))]
    return 0.1 * np.concatenate(syllables)[:LENGTH].astype(np.float32)


def later(samples, seconds):
    count = round(seconds * RATE)
    return np.concatenate([np.zeros(count, np.float32), samples])[:LENGTH]


def in_a_room(samples, echo_s=0.6, over_direct_db=6.0):
    """With the direct sound weaker than its echoes."""
    rng = np.random.default_rng(9)
    time = np.arange(round(echo_s * RATE)) / RATE
    tail = rng.standard_normal(len(time)) * np.exp(-6.9 * time / echo_s)
    tail *= 10 ** (over_direct_db / 20) / np.sqrt((tail**2).sum())
    tail[0] += 1
    size = 1 << 19
    spectrum = np.fft.rfft(samples, size) * np.fft.rfft(tail, size)
    return np.fft.irfft(spectrum)[:LENGTH].astype(np.float32)


PLAYED, OTHER = talk(1, 110.0), talk(2, 190.0)


@pytest.mark.parametrize("lag", [0.0, 0.02, 0.3, 0.95])
def test_what_comes_straight_back_is_noticed_with_its_delay(lag):
    echo = hears_itself(PLAYED, 0.05 * later(PLAYED, lag), RATE)
    assert echo.heard
    assert echo.lag == pytest.approx(lag, abs=0.001)


def test_what_comes_back_through_a_room_is_noticed_under_another_talker():
    echo = hears_itself(PLAYED, in_a_room(later(PLAYED, 0.15)) + 2 * OTHER, RATE)
    assert echo.heard
    assert echo.lag == pytest.approx(0.15, abs=0.002)


def test_a_little_difference_between_the_clocks_does_not_hide_it():
    stretched = np.interp(np.arange(LENGTH) * (1 + 1e-4), np.arange(LENGTH), later(PLAYED, 0.2))
    assert hears_itself(PLAYED, stretched.astype(np.float32), RATE).heard


@pytest.mark.parametrize("seed", range(10))
def test_another_voice_is_not_our_own(seed):
    assert not hears_itself(PLAYED, talk(seed + 100, 120.0), RATE).heard


def test_the_speakers_own_voice_passed_on_is_no_echo():
    passed_on = PLAYED + later(OTHER, 0.2)
    assert not hears_itself(passed_on, OTHER, RATE).heard


def test_the_same_tone_on_both_sides_proves_nothing():
    tone = 0.1 * np.sin(2 * np.pi * 440 * np.arange(LENGTH) / RATE).astype(np.float32)
    assert not hears_itself(tone, later(tone, 0.1), RATE).heard


@pytest.mark.parametrize("quiet", [np.zeros(LENGTH, np.float32), PLAYED[: RATE // 2]])
def test_where_there_is_nothing_to_compare_nothing_is_claimed(quiet):
    assert hears_itself(PLAYED, quiet, RATE).strength == 0
    assert not hears_itself(quiet, PLAYED, RATE).heard
