"""What is done to synthesised sayings before they are learnt from."""

import numpy as np
import pytest

from engines.enhance.corpus import Saying, _humanly

RATE = 16000


def _saying():
    times = np.arange(RATE) / RATE
    sound = 0.5 * np.sin(2 * np.pi * 200 * times) * np.sin(np.pi * times)
    return Saying("one", sound.astype(np.float16), np.zeros((100, 2), np.float32))


def test_half_of_the_sayings_waver_and_are_breathed():
    saying, rng = _saying(), np.random.default_rng(1)
    made = [_humanly(saying, rng) for _ in range(200)]
    alike = [np.array_equal(one.samples, saying.samples) for one in made]
    assert 0.35 < np.mean(alike) < 0.65
    assert all(len(one.samples) == RATE and one.lips is saying.lips for one in made)


@pytest.mark.parametrize("seed", range(3))
def test_a_voice_that_wavers_stays_with_its_lips(seed):
    saying, rng = _saying(), np.random.default_rng(seed)
    for _ in range(20):
        made = _humanly(saying, rng).samples.astype(np.float32)
        loud = np.convolve(np.square(made), np.ones(800), "same")
        assert abs(int(loud.argmax()) - RATE // 2) < RATE // 10
        assert np.isfinite(made).all()
