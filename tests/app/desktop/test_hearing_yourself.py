import sys

import numpy as np
import pytest

from app.desktop.hearing_yourself import enhanced, play
from core.config import Enhance
from core.errors import DeviceUnavailable, EngineUnavailable
from core.types import AudioChunk
from engines import registry


@pytest.fixture
def heard():
    times = np.arange(48_000) / 48_000
    return AudioChunk(np.asarray(0.2 * np.sin(2000 * times), np.float32), 48_000, 3.0)


def test_what_is_left_is_as_long_and_starts_where_it_was_heard(heard):
    made = enhanced(heard, Enhance("fake"))
    assert (made.rate, made.pts) == (16_000, 3.0)
    assert abs(made.duration - heard.duration) < 0.001
    assert np.abs(made.samples).max() > 0


def test_what_cannot_be_built_is_said(heard, monkeypatch):
    monkeypatch.setitem(registry._ENGINES, ("enhance", "no_such_thing"), "engines.no_such:Thing")
    with pytest.raises(EngineUnavailable, match="You are heard as you are"):
        enhanced(heard, Enhance("no_such_thing"))


class Loudspeaker:
    class PortAudioError(Exception):
        pass

    def __init__(self, broken=False):
        self.played, self.broken = [], broken

    def play(self, samples, rate):
        if self.broken:
            raise self.PortAudioError("Error querying device -1")
        self.played.append((len(samples), rate))

    def wait(self):
        self.played.append("waited")


def test_it_is_played_to_its_end(monkeypatch, heard):
    speaker = Loudspeaker()
    monkeypatch.setitem(sys.modules, "sounddevice", speaker)
    play(heard)
    assert speaker.played == [(48_000, 48_000), "waited"]


def test_without_a_loudspeaker_it_says_so(monkeypatch, heard):
    monkeypatch.setitem(sys.modules, "sounddevice", Loudspeaker(broken=True))
    with pytest.raises(DeviceUnavailable, match="no loudspeaker to play to: Error querying"):
        play(heard)
