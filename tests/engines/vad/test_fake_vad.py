import numpy as np
import pytest

from core.errors import EngineFailed
from engines.registry import build


def test_sound_is_speech_and_silence_is_not():
    vad = build("vad", "fake")
    assert vad.speech(np.full(512, 0.1, np.float32)) == 1.0
    assert vad.speech(np.zeros(512, np.float32)) == 0.0


def test_it_fails_when_told_to_and_goes_on():
    vad = build("vad", "fake", failures={1})
    frame = np.full(512, 0.1, np.float32)
    vad.speech(frame)
    with pytest.raises(EngineFailed):
        vad.speech(frame)
    assert vad.speech(frame) == 1.0
