import numpy as np
import pytest

from app.bench.link_harm import coded, understood
from engines.link.sound import SPOKEN


def _speechlike(seconds=2.0):
    times = np.arange(round(seconds * SPOKEN)) / SPOKEN
    rng = np.random.default_rng(2)
    sound = sum(np.sin(2 * np.pi * 140 * n * times + rng.uniform(0, 6)) / n for n in range(1, 25))
    throb = np.clip(np.sin(2 * np.pi * 3 * times), 0, 1)
    return (0.05 * throb * sound).astype(np.float32)


@pytest.fixture(autouse=True)
def measure() -> None:
    pytest.importorskip("pystoi", reason="needs pystoi; it is in the extra measure")


def test_speech_that_was_only_delayed_is_understood_wholly():
    speech = _speechlike()
    late = np.concatenate((np.zeros(300, np.float32), speech))[: len(speech)]
    assert understood(speech, late) > 0.999


def test_fewer_bits_leave_less_to_be_understood():
    speech = _speechlike()
    good, poor = (understood(speech, coded(speech, bits)) for bits in (48_000, 6_000))
    assert poor < good <= 1
