import pytest

from app.bench.kills import _number, _sentence, toll
from core.types import AudioChunk, Segment, Transcript
from engines.broker.private import PrivateBroker
from engines.stt.tones import RATE, understand
from tests.brokers import needs_broker


@pytest.mark.parametrize("number", [0, 7, 42, 99])
def test_a_sentence_says_which_it_is(number):
    sound = _sentence(number)
    text = " ".join(word.text for word in understand(sound, 0.0))
    segment = Segment(0, AudioChunk(sound, RATE, 0.0))
    assert _number(Transcript(segment, text.capitalize(), "de")) == number
    assert _number(Transcript(segment, "home today", "de")) == -1


@pytest.mark.broker
@pytest.mark.slow
@needs_broker
def test_every_kill_is_survived_without_loss_or_repetition():
    with PrivateBroker() as broker:
        found = toll(broker, 15)
    assert (found.lost, found.duplicates, found.disorder) == (0, 0, 0)
    assert found.restarts == 3
