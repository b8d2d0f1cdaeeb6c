"""Several speakers at once go through the same engines, each in their own order."""

import os
import signal
import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from app.live.speaker import Speaker
from app.live.voices import Voices
from app.sharing import SharedEngines
from core.clock import ManualClock
from core.config import Config, Engines, Languages, Placement
from core.devices import RATE
from core.events import Cut, Fate, Settled, VoicePlaced
from core.shared.sound import SharedSound
from core.types import AudioChunk
from engines.stt.tones import RATE as TONES
from engines.stt.tones import understand, utter

FAKE = Engines(vad="energy", turn="fake", stt="fake", mt="fake", tts="fake")


def until(condition):
    """Waits on the thing itself."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


class Loudspeaker:
    def __init__(self):
        self.voice = SharedSound(60 * RATE)


def config(source="en", target="es", placement="thread"):
    return replace(
        Config(),
        engines=FAKE,
        languages=Languages(source, target),
        placement=Placement(placement, placement, placement),
    )


class Talking:
    """A speaker whose events are kept."""

    def __init__(self, config, shared, start=0.0):
        self.loudspeaker = Loudspeaker()
        self.events = []
        clock = ManualClock()
        voices = Voices(self.loudspeaker, clock)
        self.speaker = Speaker(config, clock, voices, shared=shared, tell=self.events.append)
        self._at = start

    def say(self, text):
        pause = np.zeros(TONES, np.float32)
        sound = np.concatenate([pause[: TONES // 2], utter(text), pause])
        for first in range(0, len(sound), TONES // 10):
            piece = sound[first : first + TONES // 10]
            assert self.speaker.feed(AudioChunk(piece, TONES, self._at))
            self._at += len(piece) / TONES

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]

    def close(self):
        self.speaker.stop()
        self.loudspeaker.voice.close()


@pytest.fixture(params=["thread", "process"])
def placement(request):
    return request.param


@pytest.fixture
def talk():
    """Starts speakers, and ends them."""
    talking = []

    def start(config, shared, at=0.0):
        talking.append(Talking(config, shared, at))
        talking[-1].speaker.start()
        return talking[-1]

    yield start
    for one in talking:
        one.close()


def test_two_speakers_at_once_are_both_heard_whole_and_in_their_order(talk, placement):
    shared = SharedEngines()
    ana, ben = (talk(config(placement=placement), shared) for _ in range(2))
    for words in ("one two", "three four", "five six"):
        ana.say(words)
        ben.say("good " + words)
    for one in (ana, ben):
        until(lambda one=one: len(one.of(Settled)) == 3)
        placed = [event.speech for event in one.of(VoicePlaced) if event.speech.last]
        assert [speech.segment.number for speech in placed] == [0, 1, 2]
        assert {event.fate for event in one.of(Settled)} == {Fate.SPOKEN}
    heard = [event.speech.translation.transcript.text for event in ben.of(VoicePlaced)]
    assert [text.split()[0].lower() for text in heard] == ["good"] * len(heard)


def test_those_who_need_the_same_engines_share_them(talk):
    shared = SharedEngines()
    ana, ben = (talk(config(), shared) for _ in range(2))
    engines = [
        {choice.kind: choice.engine for choice in one.speaker.assembly.choices}
        for one in (ana, ben)
    ]
    for kind in ("stt", "mt", "tts"):
        assert engines[0][kind]._engine is engines[1][kind]._engine
        assert engines[0][kind] is not engines[1][kind]
    assert engines[0]["vad"] is not engines[1]["vad"]


def test_who_speaks_another_language_has_a_way_of_their_own(talk):
    shared = SharedEngines()
    ana, ben = talk(config(), shared), talk(config("es", "en"), shared)
    ana.say("hello world")
    ben.say("good morning")
    until(lambda: ana.of(Settled) and ben.of(Settled))
    (first,), (second,) = (
        {event.speech.translation.language for event in one.of(VoicePlaced)} for one in (ana, ben)
    )
    assert (first, second) == ("es", "en")


def test_one_speaker_may_go_while_the_other_goes_on(talk):
    shared = SharedEngines()
    ana, ben = (talk(config(), shared) for _ in range(2))
    ana.say("hello world")
    until(lambda: ana.of(Settled))
    ana.speaker.stop()
    ben.say("good morning")
    until(lambda: ben.of(Settled))
    assert ben.of(Settled)[0].fate is Fate.SPOKEN


def test_a_further_voice_lies_where_it_is_to_be_heard(talk):
    ana = talk(config(), SharedEngines())
    ana.say("hello world")
    until(lambda: ana.of(Settled))
    (placed,) = ana.of(VoicePlaced)
    count = round(placed.speech.audio.duration * RATE)
    lies = ana.loudspeaker.voice.read(round(placed.start * RATE), count)
    found = [word.text for word in understand(lies[::3], rate=TONES)]
    assert found == [word.text for word in understand(placed.speech.audio.samples, rate=TONES)]
    assert ana.speaker.talk.target.since(0, placed.start + 5.0)[1]
    (cut,) = ana.of(Cut)
    assert placed.start >= cut.segment.end


def test_each_worker_process_is_killed_while_they_speak_and_nothing_is_lost(talk):
    ana = talk(config(placement="process"), None)
    engines = {choice.kind: choice.engine for choice in ana.speaker.assembly.choices}
    remotes = [engines[kind]._stage.remote for kind in ("stt", "mt", "tts")]
    for number, remote in enumerate(remotes):
        before = remote.pid
        ana.say("one two")
        until(lambda number=number: len(ana.of(Cut)) > 2 * number)
        os.kill(before, signal.SIGKILL)  # whatever it is at
        ana.say("three four")
        until(lambda number=number: len(ana.of(Settled)) == 2 * number + 2)
        assert remote.pid != before
    placed = [event.speech for event in ana.of(VoicePlaced) if event.speech.last]
    assert [speech.segment.number for speech in placed] == list(range(6))
    heard = [speech.translation.transcript.text.split()[0] for speech in placed]
    assert heard == ["One", "Three"] * 3
    assert {event.fate for event in ana.of(Settled)} == {Fate.SPOKEN}


def test_nobody_who_cancels_waits_for_a_voice_that_waits_for_room(talk):
    ana = talk(config(), None)
    waits, gave_up = threading.Event(), threading.Event()

    def wait(seconds, go_on):
        waits.set()
        until(lambda: not go_on())
        gave_up.set()

    ana.speaker._voices.wait = wait
    ana.say("hello world")
    assert waits.wait(60)
    ana.speaker.cancel()
    assert gave_up.wait(60)
    until(lambda: ana.of(Settled))
    assert ana.of(VoicePlaced) == []
