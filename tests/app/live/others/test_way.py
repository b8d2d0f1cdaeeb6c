"""The way back as a part of the session, on a recording in place of the others and no output."""

import wave
from dataclasses import replace

import numpy as np
import pytest

from app.live.others.translation import IN_A_CIRCLE, IN_THE_ROOM
from app.live.others.way import WayBack
from app.live.session import LiveSession
from core.config import Captions, Config, Devices, Engines, Others, Picture
from core.events import Cut, Fate, Notice, Recognised, Settled, SpeakerEvent, State, VoicePlaced
from core.pipeline import thread_host
from engines.stt.tones import RATE as TONES
from engines.stt.tones import utter
from tests.audio_servers import wait_until

FAKE = Engines(
    vad="energy", turn="fake", stt="fake", mt="fake", tts="fake", face="fake", lips="off"
)


@pytest.fixture
def source(tmp_path):
    """A file in which the tone language is spoken again and again."""
    path = tmp_path / "others.wav"
    pause = np.zeros(2 * TONES, np.float32)
    samples = np.concatenate([np.concatenate([pause, utter("hello world")])] * 20)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, TONES, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype(np.int16).tobytes())
    return f"file:{path}"


@pytest.fixture
def live(source, tmp_path, monkeypatch):
    """Opens a session with these settings of the way back; what it tells is in `told`."""
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    sessions = []

    def open_(**others):
        config = Config(
            engines=FAKE,
            devices=Devices("pattern", "silence", virtual_camera="off", virtual_microphone="off"),
            captions=Captions(show=False),
            picture=Picture(badge=False, floor=False),
            others=Others(**{"translate": True, "source": source, **others}),
        )
        session = LiveSession(config)
        sessions.append(session)
        session.told = []
        session.listen(session.told.append)
        session.start()
        return session

    yield open_
    for session in sessions:
        session.close()


def theirs(session, kind):
    events = [one.event for one in session.told if isinstance(one, SpeakerEvent)]
    return [event for event in events if isinstance(event, kind)]


def state(session):
    return session.status().others.state


def test_the_others_are_told_apart_from_the_user(live):
    session = live()
    wait_until(lambda: theirs(session, Settled), "the fate of a sentence", 60)
    assert theirs(session, Cut)
    assert theirs(session, Recognised)[0].transcript.language == "es"
    assert theirs(session, VoicePlaced)[0].speech.translation.language == "en"
    assert not [event for event in session.told if isinstance(event, Cut | Settled)]
    status = session.status().others
    assert status.languages == ("es", "en")
    assert {rung.kind for rung in status.rungs} >= {"stt", "mt", "tts"}
    assert not status.output.works


def test_a_voice_that_is_turned_off_leaves_the_captions(live):
    session = live(spoken=False)
    wait_until(lambda: theirs(session, Settled), "the fate of a sentence", 60)
    settled = theirs(session, Settled)[0]
    assert (settled.fate, settled.reason) == (Fate.CAPTION, "the voice is turned off")
    assert session.others.running.desk.voice.silent(0, 50 * 48_000)


def test_while_the_session_runs_it_is_turned_on_given_another_language_and_turned_off(live):
    session = live(translate=False)
    wait_until(lambda: session.status().state is State.RUNNING, "the session", 60)
    assert state(session) is State.IDLE

    def change(**others):
        config = session.config
        assert session.change(replace(config, others=replace(config.others, **others))) == ()

    change(translate=True)
    wait_until(lambda: state(session) is State.RUNNING, "the way back", 60)
    change(language="ca")
    wait_until(lambda: session.status().others.languages == ("es", "ca"), "Catalan", 60)
    change(translate=False)
    wait_until(lambda: state(session) is State.STOPPED, "its end", 60)
    assert session.status().state is State.RUNNING


def test_what_cannot_be_had_is_said_and_costs_the_session_nothing(live):
    session = live(speak="en")
    wait_until(lambda: state(session) is State.FAILED, "the refusal", 60)
    assert "English already" in session.status().others.reason
    assert any("English already" in one.text for one in session.told if isinstance(one, Notice))
    assert session.status().state is State.RUNNING


class Echoing:
    """An echo that is heard from the first look on."""

    heard = True

    def __init__(self, *_):
        self._told = False

    def look(self, spoken):
        before, self._told = self._told, True
        return not before


def test_what_goes_round_in_circles_is_said_and_only_shown_from_then_on(live, monkeypatch):
    monkeypatch.setattr("app.live.others.translation.EchoWatch", Echoing)
    session = live()

    def notices():
        return {one.text for one in session.told if isinstance(one, Notice)}

    wait_until(lambda: notices() >= {IN_THE_ROOM, IN_A_CIRCLE}, "the notices", 60)
    assert session.status().others.hears_itself
    wait_until(
        lambda: any(one.fate is Fate.CAPTION for one in theirs(session, Settled)), "a caption", 60
    )


def test_what_nobody_foresaw_is_told_and_not_waited_for(monkeypatch):
    def full(*_):
        raise OSError("no shared memory is left")

    told = []
    monkeypatch.setattr("app.live.others.way.OthersTranslation", full)
    way = WayBack(None, None, told.append, thread_host)
    way.start(Config(others=Others(translate=True)))
    wait_until(lambda: way.status.state is State.FAILED, "the failure")
    assert "no shared memory" in way.status.reason
