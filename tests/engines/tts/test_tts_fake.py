import numpy as np
import pytest

from core.clock import ManualClock
from core.errors import EngineFailed
from core.types import AudioChunk, Segment, Transcript, Translation
from engines.stt.tones import understand
from engines.tts.fake import FakeVoice


def translation(text: str) -> Translation:
    segment = Segment(0, AudioChunk(np.zeros(0, np.float32), 16000, 0.0))
    return Translation(Transcript(segment, text, "en"), text, "es")


def test_what_it_says_can_be_understood_at_the_times_it_tells() -> None:
    (speech,) = FakeVoice(seconds_per_character=0.08).speak(translation("hello world today"))
    heard = understand(speech.audio.samples)

    assert [w.text for w in heard] == [w.text for w in speech.words]
    assert all(abs(a.start - b.start) < 0.02 for a, b in zip(heard, speech.words, strict=True))


def test_the_sound_is_as_long_as_its_text() -> None:
    voice = FakeVoice()
    (short,), (long,) = (
        voice.speak(translation("sí")),
        voice.speak(translation("otorrinolaringólogo")),
    )

    assert 0.1 < short.audio.duration < 0.25
    assert long.audio.duration > 1.1


def test_its_mouth_moves_while_it_sounds() -> None:
    (speech,) = FakeVoice().speak(translation("mama papa"))

    assert speech.mouth.shapes[:, 0].max() > 0.3
    assert abs(speech.mouth.duration - speech.audio.duration) < 0.02


def test_each_sentence_takes_its_delay_on_the_clock() -> None:
    clock = ManualClock(auto=True)
    pieces = iter(FakeVoice(clock=clock, delay=0.5).speak(translation("Uno. Dos.")))

    next(pieces)
    assert clock.now() == 0.5
    next(pieces)
    assert clock.now() == 1.0


def test_the_calls_told_to_fail_do_and_the_others_do_not() -> None:
    voice = FakeVoice(failures={1})

    assert list(voice.speak(translation("a")))
    with pytest.raises(EngineFailed):
        voice.speak(translation("b"))
    assert list(voice.speak(translation("c")))
