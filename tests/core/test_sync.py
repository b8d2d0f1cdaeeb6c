import numpy as np
import pytest

from core.sync import UNKNOWN, Track, loudness, measure_skew
from core.types import AudioChunk


def syllables(seconds: float, seed: int = 3) -> Track:
    """A movement as irregular as speech, 100 values a second."""
    rng = np.random.default_rng(seed)
    times = np.arange(round(seconds * 100)) / 100
    values = np.zeros_like(times)
    at = 0.1
    while at < seconds:
        values += rng.uniform(0.3, 1.0) * np.exp(-(((times - at) / 0.07) ** 2))
        at += rng.uniform(0.12, 0.45)
    return Track(times, values)


def later(track: Track, seconds: float) -> Track:
    return Track(track.times + seconds, track.values)


@pytest.mark.parametrize("skew", [-0.3, -0.04, 0.0, 0.013, 0.2])
def test_a_distance_is_measured_to_a_few_milliseconds(skew):
    voice = syllables(6)
    found = measure_skew(voice, later(voice, skew))
    assert found.seconds == pytest.approx(skew, abs=0.004)
    assert found.confidence > 0.9


def test_a_mouth_seen_at_25_frames_with_noise_will_do():
    voice = syllables(8)
    rng = np.random.default_rng(0)
    times = np.arange(0, 8, 0.04)
    values = np.interp(times, voice.times + 0.08, voice.values) + rng.normal(0, 0.1, len(times))
    found = measure_skew(voice, Track(times, values))
    assert found.seconds == pytest.approx(0.08, abs=0.015)


def test_a_slow_drift_of_the_light_does_not_matter():
    voice = syllables(6)
    drifting = Track(voice.times, voice.values + 3 * np.sin(2 * np.pi * 0.1 * voice.times))
    assert measure_skew(voice, drifting).seconds == pytest.approx(0.0, abs=0.005)


def test_a_strangers_mouth_has_little_confidence():
    right = measure_skew(syllables(8, 1), syllables(8, 1)).confidence
    wrong = [measure_skew(syllables(8, 1), syllables(8, n)).confidence for n in range(2, 8)]
    assert max(wrong) < 0.6 < right


@pytest.mark.parametrize(
    ("voice", "mouth"),
    [
        (Track(np.zeros(0), np.zeros(0)), syllables(5)),
        (syllables(5), Track(np.arange(500) / 100, np.ones(500))),
        (syllables(5), later(syllables(5), 4.0)),
    ],
)
def test_what_cannot_be_compared_is_unknown(voice, mouth):
    assert measure_skew(voice, mouth) == UNKNOWN


def test_loudness_follows_the_sound():
    samples = np.zeros(16000, np.float32)
    samples[8000:12000] = 0.5
    track = loudness(AudioChunk(samples, 16000, 2.0))
    assert track.times[0] == pytest.approx(2.005)
    loud = track.times[track.values > 0.1]
    assert (loud[0], loud[-1]) == pytest.approx((2.505, 2.745))
