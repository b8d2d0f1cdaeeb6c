import numpy as np
import pytest

from engines.vad.energy import EnergyVad

RATE = 16000


def noise(seconds, level_db, seed=0):
    samples = np.random.default_rng(seed).standard_normal(int(seconds * RATE))
    return (10 ** (level_db / 20) * samples).astype(np.float32)


def heard(vad, samples):
    frames = samples[: len(samples) // vad.frame * vad.frame].reshape(-1, vad.frame)
    return np.array([vad.speech(frame) >= 0.5 for frame in frames])


def bursts(level_db, count=8):
    """Syllables of 200 ms with gaps of 60 ms at -70 dB."""
    pieces = [(noise(0.2, level_db, index), noise(0.06, -70, index)) for index in range(count)]
    return np.concatenate([part for pair in pieces for part in pair])


@pytest.mark.parametrize("level_db", [-10, -20, -30, -40])
def test_syllables_are_speech_at_any_usual_level(level_db):
    assert heard(EnergyVad(), bursts(level_db)).mean() > 0.7


def test_what_lies_more_than_the_drop_below_the_peak_is_not_speech():
    vad = EnergyVad(floor_db=-100)
    heard(vad, bursts(-10))
    assert not heard(vad, noise(0.3, -50)).any()


def test_what_lies_less_than_the_drop_below_the_peak_is_speech():
    vad = EnergyVad(floor_db=-100)
    heard(vad, bursts(-10))
    assert heard(vad, noise(0.3, -40)).all()


@pytest.mark.parametrize("level_db", [-300, -75, -60])
def test_silence_and_low_hiss_are_never_speech(level_db):
    assert not heard(EnergyVad(), noise(60, level_db)).any()


def test_a_steady_noise_is_learnt_within_seconds():
    last = heard(EnergyVad(), noise(8, -40))[-60:]
    assert not last.any()


def test_speech_is_heard_above_a_learnt_noise():
    vad = EnergyVad()
    heard(vad, noise(8, -45))
    assert heard(vad, np.concatenate([bursts(-20) + noise(2.08, -45)])).mean() > 0.6


def test_a_peak_is_forgotten_in_time():
    vad = EnergyVad()
    heard(vad, noise(0.05, 0))
    heard(vad, noise(30, -70))
    assert heard(vad, bursts(-38)).any()


def test_bad_samples_are_silence():
    vad = EnergyVad()
    assert vad.speech(np.full(vad.frame, np.nan, np.float32)) == 0.0
    assert heard(vad, bursts(-20)).any()


def test_a_drop_that_points_upwards_is_refused():
    with pytest.raises(ValueError, match="negative"):
        EnergyVad(drop_db=35)
