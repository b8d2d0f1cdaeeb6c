"""The ear on a network that is scripted: what it does with hypotheses and failures."""

import threading

import numpy as np
import pytest

from core.errors import EngineFailed
from core.types import AudioChunk, Word
from engines.stt.guards import Guards, Heard
from engines.stt.whisper_ear import WhisperEar


class Network:
    """Understands one word a second of sound that it is given."""

    longest = 10.0

    def __init__(self):
        self.given = []
        self.failures = 0
        self.gate = threading.Event()
        self.gate.set()

    def hear(self, samples, language):
        self.gate.wait(10)
        if self.failures:
            self.failures -= 1
            raise EngineFailed("told to")
        self.given.append(len(samples) / 16000)
        count = len(samples) // 16000
        texts = [f"w{round(samples[i * 16000 + 8000] * 1000)}" for i in range(count)]
        words = tuple(Word(text, i, i + 0.9) for i, text in enumerate(texts))
        return Heard(" ".join(word.text for word in words), words, -0.1, 0.0)


def sound(second, seconds=1):
    """Each second of it carries its own number."""
    numbers = np.repeat(np.arange(second, second + seconds), 16000)
    return AudioChunk((numbers / 1000 + 0.0).astype(np.float32), 16000, 100.0 + second)


@pytest.fixture
def network():
    return Network()


@pytest.fixture
def ear(network):
    ear = WhisperEar(network, "en", Guards(quietest_db=-200.0))
    yield ear
    network.gate.set()
    ear.close()


def test_patience_waits_until_all_is_understood(ear):
    ear.feed(sound(1, 3))
    assert not ear.caught_up
    words = ear.words(patience=10)
    assert [word.text for word in words] == ["w1", "w2", "w3"]
    assert words[0].start == 101.0
    assert ear.caught_up
    assert ear.words() is words


def test_without_patience_nobody_waits(ear, network):
    network.gate.clear()
    ear.feed(sound(1))
    assert ear.words() == ()


def test_what_is_understood_too_late_belongs_to_nobody(ear, network):
    network.gate.clear()
    ear.feed(sound(1))
    ear.restart()
    network.gate.set()
    ear.feed(sound(5))
    assert [word.text for word in ear.words(patience=10)] == ["w5"]


def test_an_unbroken_speaker_is_never_heard_from_the_beginning_for_ever(ear, network):
    for second in range(1, 31):
        ear.feed(sound(second))
        words = ear.words(patience=10)
    assert [word.text for word in words] == [f"w{n}" for n in range(1, 31)]
    assert [word.start for word in words] == pytest.approx(
        [100.0 + n for n in range(1, 31)], abs=0.5
    )
    assert max(network.given) <= network.longest


def test_one_failure_is_got_over_and_three_in_a_row_are_told(ear, network):
    network.failures = 1
    ear.feed(sound(1))
    assert [word.text for word in ear.words(patience=10)] == ["w1"]
    network.failures = 99
    with pytest.raises(EngineFailed, match="keeps failing"):
        for second in range(2, 9):
            ear.feed(sound(second))
            ear.words(patience=0.5)


def test_another_rate_is_the_callers_mistake(ear):
    with pytest.raises(ValueError, match="16000"):
        ear.feed(AudioChunk(np.zeros(10, np.float32), 8000, 0.0))


class Polyglot(Network):
    """Is told which language it will take the sound for, and how surely."""

    def __init__(self, *languages):
        super().__init__()
        self.languages = list(languages)
        self.heard_in = []

    def languages_of(self, samples):
        return [self.languages.pop(0)]

    def hear(self, samples, language):
        self.heard_in.append(language)
        return super().hear(samples, language)


def heard_by(network, *seconds):
    """What is understood after each second of one utterance after the other; 0 begins anew."""
    ear = WhisperEar(network, "", Guards(quietest_db=-200.0))
    found = []
    for second in seconds:
        if second:
            ear.feed(sound(second))
            found.append(len(ear.words(patience=10)))
        else:
            ear.restart()
    ear.close()
    return found


def test_words_are_shown_once_a_language_was_likeliest_twice():
    network = Polyglot(("de", 0.9), ("en", 0.9), ("en", 0.9))
    assert heard_by(network, 1, 2, 3, 4) == [0, 0, 3, 4]
    assert network.heard_in == ["en", "en"]


def test_a_language_that_is_not_sure_is_not_believed():
    network = Polyglot(("en", 0.9), ("en", 0.7), ("en", 0.9), ("en", 0.9))
    assert heard_by(network, 1, 2, 3, 4) == [0, 0, 0, 4]


def test_the_language_of_the_utterance_before_is_believed_sooner():
    network = Polyglot(("en", 0.9), ("en", 0.9), ("en", 0.6), ("fr", 0.7), ("fr", 0.9), ("fr", 0.9))
    assert heard_by(network, 1, 2, 0, 3, 4, 0, 5, 6, 7) == [0, 2, 1, 2, 0, 0, 3]
    assert network.heard_in == ["en"] * 3 + ["fr"]


def test_of_too_little_sound_no_language_is_asked():
    network = Polyglot()
    ear = WhisperEar(network, "", Guards(quietest_db=-200.0))
    ear.feed(AudioChunk(sound(1).samples[:8000], 16000, 0.0))
    assert ear.words(patience=10) == ()
    assert (ear.caught_up, ear.language) == (True, "")
    ear.close()
