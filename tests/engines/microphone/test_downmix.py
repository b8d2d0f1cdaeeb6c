import numpy as np
import pytest

from engines.microphone.downmix import DownMix

RATE, BLOCK = 48_000, 480


def voice(seconds=1.0, frequency=300.0):
    time = np.arange(round(seconds * RATE)) / RATE
    return (0.3 * np.sin(2 * np.pi * frequency * time)).astype(np.float32)


def mixed(*channels):
    rows = np.stack(channels, axis=1)
    mix = DownMix(RATE, rows.shape[1])
    return np.concatenate([mix.fold(rows[at : at + BLOCK]) for at in range(0, len(rows), BLOCK)])


def level(samples):
    return float(np.sqrt(np.mean(samples**2)))


SILENT = np.zeros(RATE, np.float32)


def test_one_channel_stays_as_it_is():
    assert np.array_equal(mixed(voice()), voice())


def test_equal_channels_are_their_mean():
    assert np.allclose(mixed(voice(), voice()), voice(), atol=1e-6)


def test_a_microphone_on_one_of_six_channels_is_as_loud_as_alone():
    six = mixed(SILENT, SILENT, voice(), SILENT, SILENT, SILENT)
    assert level(six) == pytest.approx(level(voice()), rel=0.01)


def test_faint_noise_on_the_other_channels_is_left_out():
    noise = 0.002 * np.random.default_rng(0).standard_normal((5, RATE)).astype(np.float32)
    six = mixed(voice(), *noise)
    assert level(six[BLOCK:] - voice()[BLOCK:]) < 0.001


def test_channels_in_opposite_phase_do_not_cancel():
    both = mixed(voice(), -voice())
    assert level(both) == pytest.approx(level(voice()), rel=0.01)


def test_a_change_between_channels_makes_no_click():
    half = RATE // 2
    left, right = voice(), voice()
    left[half:] = 0
    right[:half] = 0
    steps = np.abs(np.diff(mixed(left, right)))
    assert steps.max() < 3 * np.abs(np.diff(voice())).max()


def test_silence_changes_nothing():
    mix = DownMix(RATE, 2)
    loud = np.stack([voice(0.1), np.zeros(4800, np.float32)], axis=1)
    mix.fold(loud)
    mix.fold(np.zeros((RATE, 2), np.float32))
    assert np.allclose(mix.fold(loud), loud[:, 0], atol=1e-6)
