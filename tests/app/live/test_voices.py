"""Translated voices lie in shared memory where they will be heard."""

from uuid import uuid4

import numpy as np
import pytest

from app.live.desk import Desk
from app.live.voices import Voices
from core.clock import ManualClock
from core.devices import RATE
from core.timeline import Placed
from core.types import AudioChunk, Segment, Speech, Transcript, Translation

SPOKEN = 16000


@pytest.fixture
def desk():
    desk = Desk()
    yield desk
    desk.close()


def voice(seconds, start, *, rate=SPOKEN, last=True, hertz=400.0, phase=0.0):
    times = np.arange(round(seconds * rate)) / rate + phase
    samples = (0.5 * np.sin(2 * np.pi * hertz * times)).astype(np.float32)
    silence = AudioChunk(np.zeros(160, np.float32), SPOKEN, 0.0)
    transcript = Transcript(Segment(0, silence, id=uuid4()), "one", "en")
    audio = AudioChunk(samples, rate, 0.0)
    speech = Speech(Translation(transcript, "uno", "es"), audio, last=last)
    return Placed(speech, start, 0.0)


def test_a_voice_begins_at_its_place_and_lasts_as_long_as_it_is(desk):
    voices = Voices(desk, ManualClock())
    voices.add(voice(0.5, 1.0))
    assert desk.voice.silent(0, RATE - 1)
    assert not desk.voice.silent(RATE, 100)
    assert voices.end == pytest.approx(1.5 * RATE, abs=2)
    assert desk.voice.silent(voices.end, RATE)


def test_pieces_of_a_segment_follow_without_a_click(desk):
    voices = Voices(desk, ManualClock())
    voices.add(voice(0.25, 1.0, last=False))
    voices.add(voice(0.25, 1.25, phase=0.25))
    sound = desk.voice.read(RATE, RATE // 2)
    wave = 0.5 * np.sin(2 * np.pi * 400 * np.arange(RATE // 2) / RATE)
    middle = slice(RATE // 10, 2 * RATE // 5)
    assert np.abs(sound[middle] - wave[middle]).max() < 0.01


def test_nothing_is_written_behind_what_is_played(desk):
    clock = ManualClock(10.0)
    voices = Voices(desk, clock)
    voices.add(voice(0.5, 9.8))
    assert desk.voice.silent(round(9.8 * RATE), round(0.2 * RATE))
    assert not desk.voice.silent(round(10.1 * RATE), 100)
    assert voices.end == pytest.approx(10.3 * RATE, abs=2)


def test_a_piece_that_comes_late_leaves_a_gap_and_loses_nothing(desk):
    voices = Voices(desk, ManualClock())
    voices.add(voice(0.25, 1.0, last=False))
    voices.add(voice(0.25, 2.0))
    assert not desk.voice.silent(round(1.2 * RATE), round(0.04 * RATE))
    assert desk.voice.silent(round(1.3 * RATE), round(0.6 * RATE))
    assert voices.end == pytest.approx(2.25 * RATE, abs=2)


def test_what_is_cancelled_is_not_heard(desk):
    clock = ManualClock(1.2)
    voices = Voices(desk, clock)
    voices.add(voice(3.0, 1.3))
    clock.advance_to(2.0)
    free = voices.cancel()
    assert free == pytest.approx(2.06, abs=0.01)
    assert desk.voice.silent(round(free * RATE), 3 * RATE)
    cut = desk.voice.read(round(1.9 * RATE), round(0.3 * RATE))
    assert np.abs(np.diff(cut)).max() < 0.03  # no click


def test_a_voice_that_would_reach_too_far_waits(desk):
    clock = ManualClock(0.0, auto=True)
    voices = Voices(desk, clock)
    voices.add(voice(1.0, 60.0))
    assert clock.now() >= 61.0 - 50.0
    assert not desk.voice.silent(60 * RATE, 100)


def test_who_waits_for_room_waits_before_the_voice_is_added_and_may_be_called_off(desk):
    clock = ManualClock(0.0, auto=True)
    voices = Voices(desk, clock)
    voices.add(voice(1.0, 48.0))
    voices.wait(0.5, lambda: True)
    assert clock.now() == 0.0
    voices.wait(1.0, lambda: False)
    assert clock.now() == 0.0, "called off"
    voices.wait(3.0, lambda: True)
    there = clock.now()
    assert there >= 2.0
    voices.add(voice(3.0, 49.0))
    assert clock.now() == there
