import numpy as np
import pytest

from app.bench.drift import Drift
from app.bench.seen import _while_it_sounds
from core.sync import Skew, Track, measure_skew

TIMES = np.arange(0, 8, 0.01)


def _syllables(seed: int) -> np.ndarray:
    """A movement as uneven as speech is."""
    steps = np.random.default_rng(seed).uniform(0, 1, 40)
    return np.interp(TIMES, np.linspace(0, 8, 40), steps)


@pytest.mark.parametrize("late", [-0.1, 0.0, 0.2])
def test_a_mouth_of_its_own_between_two_voices_does_not_disturb_the_measurement(
    late: float,
) -> None:
    sounds = (TIMES < 3) | (TIMES > 5)
    voice = np.where(sounds, 0.2 + _syllables(1), 0.0)
    drawn = (TIMES < 3.1) | (TIMES > 4.9)
    mouth = np.where(drawn, _syllables(1), 3 * _syllables(2))
    seen = Track(TIMES + late, mouth)
    heard = Track(TIMES, voice)
    found = measure_skew(*(_while_it_sounds(one, heard) for one in (heard, seen)))
    assert found.seconds == pytest.approx(late, abs=0.03)


def test_without_any_voice_the_mouth_is_taken_whole() -> None:
    mouth = Track(TIMES, _syllables(1))
    assert _while_it_sounds(mouth, Track(TIMES, 0 * TIMES)) is mouth


def test_a_drift_is_the_farthest_that_two_skews_are_apart() -> None:
    skews = tuple(Skew(seconds, 0.5) for seconds in (0.01, -0.02, 0.005))
    assert Drift(skews).seconds == pytest.approx(0.03)
