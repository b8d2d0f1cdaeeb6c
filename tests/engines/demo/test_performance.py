import numpy as np
import pytest

from core.devices import RATE
from engines.demo.performance import Performance
from engines.tts.fake import FakeVoice


@pytest.fixture(scope="module")
def performance():
    return Performance(("one two", "three"), FakeVoice(rate=16000))


def test_a_round_begins_again_where_it_ends(performance):
    samples = round(performance.length * RATE)
    first = performance.samples(0, RATE)
    assert np.array_equal(performance.samples(samples, RATE), first)
    assert np.array_equal(performance.samples(5 * samples + 100, 100), first[100:200])


def test_the_mouth_moves_with_the_voice_and_rests_between_sentences(performance):
    times = np.arange(0, performance.length, 0.02)
    jaw = np.array([performance.mouth(time)[:3].max() for time in times])
    loud = np.array([np.abs(performance.samples(round(time * RATE), 960)).max() for time in times])
    assert jaw[loud > 0.1].mean() > 5 * max(jaw[times < 0.4].mean(), 0.005)
    assert performance.mouth(0.0).max() == 0.0
    assert np.array_equal(performance.mouth(1.0), performance.mouth(1.0 + performance.length))


def test_the_same_sentences_give_the_same_round_in_every_process(performance):
    again = Performance(("one two", "three"), FakeVoice(rate=16000))
    assert np.array_equal(again.samples(0, RATE), performance.samples(0, RATE))
