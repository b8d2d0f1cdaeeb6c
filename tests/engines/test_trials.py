import numpy as np
import pytest

from core.clock import ManualClock
from engines.mt.fake import FakeTranslator
from engines.stt.fake import FakeRecogniser
from engines.trials import PATIENCE, try_out
from engines.tts.fake import FakeVoice


@pytest.fixture
def clock():
    return ManualClock(auto=True)


def test_a_recogniser_hears_three_seconds_of_somebody_who_speaks(clock):
    heard = []

    class Curious(FakeRecogniser):
        def recognise(self, segment):
            heard.append(segment.audio)
            return super().recognise(segment)

    pace = try_out("stt", Curious(clock=clock, delay=0.1), {"language": "es"}, now=clock.now)
    assert pace.first == pace.whole == pytest.approx(0.1)
    assert 2.0 < pace.speech <= 3.0
    assert heard[0].rate == 16000
    assert np.abs(heard[0].samples).max() > 0.1


def test_a_voice_is_timed_to_its_first_sound_and_to_its_last(clock):
    class Pieces(FakeVoice):
        def speak(self, translation):
            for _ in range(3):
                yield from super().speak(translation)

    pace = try_out("tts", Pieces(clock=clock, delay=0.05), {"language": "es"}, now=clock.now)
    assert pace.first == pytest.approx(0.05)
    assert pace.whole == pytest.approx(0.15)
    assert pace.speech > 1


def test_the_first_round_warms_up_and_the_quickest_counts(clock):
    engine = FakeTranslator(clock=clock, delay=0.2)

    class Cold(FakeTranslator):
        def translate(self, text):
            clock.advance(0.2 if not self.calls else 0.0)
            return super().translate(text)

    pace = try_out("mt", Cold(clock=clock, delay=0.01), {"source": "en"}, now=clock.now)
    assert pace.whole == pytest.approx(0.01)
    assert try_out("mt", engine, {"source": "en"}, now=clock.now).whole == pytest.approx(0.2)


def test_a_slow_engine_is_not_asked_again(clock):
    engine = FakeTranslator(clock=clock, delay=PATIENCE + 0.1)
    try_out("mt", engine, {"source": "en"}, now=clock.now)
    assert len(engine.calls) == 1


def test_a_quick_one_is_asked_twice(clock):
    engine = FakeTranslator(clock=clock, delay=0.01)
    try_out("mt", engine, {"source": "fr"}, lambda pace: True, now=clock.now)
    assert len(engine.calls) == 2
    assert engine.calls[0].startswith("Nous")


def test_lips_are_timed_for_one_picture_with_a_voice(clock):
    seen = []

    class Lips:
        def render(self, frame, face, moment, strength=1.0):
            seen.append((frame, moment))
            clock.advance(0.03)
            return frame

    pace = try_out("lips", Lips(), {}, now=clock.now)
    assert pace.strain("lips", 4.0) == pytest.approx(1.2)
    frame, moment = seen[1]
    assert frame.image.shape == (720, 1280, 3)
    assert len(moment.speech.audio.samples) > 16000


def test_the_lips_that_are_timed_are_really_drawn():
    from engines.lips.wav2lip import Wav2LipLips

    class Network:
        drawn = 0

        def draw(self, sound, face):
            self.drawn += 1
            return face[:, :3] * 0

    network = Network()
    try_out("lips", Wav2LipLips(network=network), {})
    assert network.drawn >= 4
