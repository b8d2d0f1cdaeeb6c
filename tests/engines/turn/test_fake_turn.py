import numpy as np
import pytest

from core.errors import EngineFailed
from core.types import AudioChunk, Word
from engines.registry import build

AUDIO = AudioChunk(np.zeros(1600, np.float32), 16000, 0.0)


def said(*texts):
    return tuple(Word(text, index, index + 1) for index, text in enumerate(texts))


def test_the_last_word_decides():
    turn = build("turn", "fake")
    assert turn.complete(AUDIO, said("we", "go", "over"), "en") > 0.85
    assert turn.complete(AUDIO, said("we", "go", "because"), "en") < 0.5
    assert turn.complete(AUDIO, said("home."), "en") > 0.85


def test_a_script_goes_before_the_words():
    turn = build("turn", "fake", script=[0.3])
    assert turn.complete(AUDIO, said("over"), "en") == 0.3
    assert turn.complete(AUDIO, said("over"), "en") == 0.95


def test_it_fails_when_told_to():
    turn = build("turn", "fake", failures=[0])
    with pytest.raises(EngineFailed):
        turn.complete(AUDIO, (), "en")
