"""The live session with its real processes; engines and devices are the tests' own."""

import os
import signal
import time
import wave
from dataclasses import replace

import numpy as np
import pytest

from app.live.choice import Kind
from app.live.desk import Row
from app.live.session import LiveSession
from core.config import Captions, Config, Devices, Engines, Guests, Picture, Voice
from core.devices import RATE
from core.errors import EngineUnavailable
from core.events import Notice, Settled, State, VoicePlaced
from core.live import Voiced
from engines.camera.pattern import read_number
from engines.stt.tones import RATE as TONES
from engines.stt.tones import understand, utter

FAKE = Engines(
    vad="energy", turn="fake", stt="fake", mt="fake", tts="fake", face="fake", lips="off"
)


def until(condition, patience=30.0):
    """Waits on the thing itself."""
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def config(microphone="tone", *, camera="pattern", original="off"):
    return Config(
        engines=FAKE,
        devices=Devices(camera, microphone, virtual_camera="off", virtual_microphone="off"),
        captions=Captions(show=False),
        picture=Picture(badge=False, floor=False),
        voice=Voice(original=original),
    )


@pytest.fixture
def live():
    """Opens sessions, and ends them."""
    sessions = []

    def open_(*args, **kwargs):
        sessions.append(LiveSession(config(*args, **kwargs)))
        sessions[-1].record(True)
        until(lambda: sessions[-1].clock.runs)
        return sessions[-1]

    yield open_
    for session in sessions:
        session.close()


def loudness(session, seconds=0.2):
    """Of what has just gone out."""
    end = round((session.clock.now() - 0.05) * RATE)
    return float(np.abs(session.desk.said.read(end - round(seconds * RATE), 4800)).max())


def started(session):
    session.start()
    until(lambda: session.status().state is not State.STARTING and session.status().rungs)
    return session


def kind(session):
    return Kind(int(session.desk.board.read(Row.SENT)[2]))


@pytest.fixture
def speech(tmp_path):
    """A file in which the tone language is spoken after four seconds, again and again."""
    path = tmp_path / "speech.wav"
    pause = np.zeros(4 * TONES, np.float32)
    samples = np.concatenate([pause, utter("hello world"), pause / 2, utter("one two"), pause])
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, TONES, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype(np.int16).tobytes())
    return f"file:{path}"


def test_before_it_is_started_the_original_passes_in_picture_and_sound(live):
    session = live("tone")
    until(lambda: kind(session) is Kind.ORIGINAL)
    until(lambda: loudness(session) > 0.05)
    held = session.desk.sent.get()
    assert held is not None
    assert read_number(held[1].image) is not None
    until(lambda: session.status().camera.works)
    assert not session.status().virtual_camera.works


def test_what_is_said_is_heard_in_the_other_language_and_settled(live, speech):
    session = live(speech)
    placed, settled = [], []
    session.listen(lambda event: placed.append(event) if isinstance(event, VoicePlaced) else None)
    session.listen(lambda event: settled.append(event) if isinstance(event, Settled) else None)
    started(session)
    until(lambda: len(settled) >= 2)
    until(lambda: session.clock.now() > placed[-1].start + 2.0)
    first = placed[0]
    at = round(first.start * RATE)
    sound = session.desk.said.read(at, round(first.speech.audio.duration * RATE))
    spoken = understand(sound[::3], rate=TONES)
    assert [word.text for word in spoken] == [
        word.text for word in understand(first.speech.audio.samples, rate=TONES)
    ]
    assert session.status().lag >= 0
    assert [one.fate.value for one in settled] == ["spoken", "spoken"]


def test_the_panic_key_gives_the_original_and_cancels_what_was_to_be_heard(live):
    session = started(live("tone"))
    until(lambda: kind(session) is Kind.DRAWN)
    until(lambda: loudness(session) == 0.0)  # the original is off
    session.voice(Voiced.ORIGINAL)
    until(lambda: kind(session) is Kind.ORIGINAL)
    until(lambda: loudness(session) > 0.05)
    assert session.desk.voice.silent(round((session.clock.now() + 0.2) * RATE), RATE)
    session.voice(Voiced.TRANSLATED)
    until(lambda: kind(session) is Kind.DRAWN)


def test_muted_is_silent_and_shows_the_speaker_as_they_are(live):
    session = started(live("tone", original="pass"))
    until(lambda: loudness(session) > 0.05)
    session.voice(Voiced.MUTED)
    until(lambda: loudness(session) == 0.0)
    until(lambda: kind(session) is Kind.ORIGINAL)


@pytest.mark.parametrize("process", ["inputs", "outputs"])
def test_a_killed_device_process_costs_a_moment_and_not_the_session(live, process):
    session = started(live("tone", original="pass"))
    until(lambda: kind(session) is Kind.DRAWN)
    remote = getattr(session._devices, process)
    before, sent = session.clock.now(), session.desk.sent.version
    os.kill(remote.pid, signal.SIGKILL)
    until(lambda: session.desk.sent.version > sent + 30)
    until(lambda: kind(session) is Kind.DRAWN)
    until(lambda: loudness(session) > 0.05)
    assert session.status().state is State.RUNNING
    assert session.clock.now() > before


def test_a_language_that_cannot_be_translated_fails_with_a_reason_and_the_original_goes_on(live):
    session = live("tone")
    bad = config()
    engines = Engines(vad="energy", turn="fake", stt="fake", mt="no such", tts="fake", lips="off")
    session.change(type(bad)(devices=bad.devices, engines=engines))
    session.start()
    until(lambda: session.status().state is State.FAILED)
    assert "no such" in session.status().reason
    until(lambda: kind(session) is Kind.ORIGINAL)


def test_what_nobody_foresaw_fails_with_its_reason_and_may_be_tried_again(live, monkeypatch):
    def full(*_):
        raise OSError("no shared memory is left")

    session = live("tone")
    with monkeypatch.context() as broken:
        broken.setattr("app.live.session.Translating", full)
        session.start()
        until(lambda: session.status().state is State.FAILED)
        assert session.status().reason == "no shared memory is left"
    started(session)
    assert session.status().state is State.RUNNING


def test_it_can_be_stopped_and_started_again_while_the_devices_stay(live):
    session = started(live("tone"))
    position = session.clock.now()
    session.stop()
    until(lambda: session.status().state is State.STOPPED)
    until(lambda: kind(session) is Kind.ORIGINAL)
    started(session)
    until(lambda: session.status().state is State.RUNNING)
    until(lambda: kind(session) is Kind.DRAWN)
    assert session.clock.now() > position


def test_nobody_looking_costs_no_drawing(live):
    session = started(live("silence"))
    session.record(False)
    until(lambda: session.status().idle)
    drawn = session.desk.shown.version
    before = session.clock.now()
    until(lambda: session.clock.now() > before + 1.0)
    assert session.desk.shown.version <= drawn + 2
    session.preview(True)
    until(lambda: session.desk.shown.version > drawn + 10)


def test_a_change_that_needs_a_new_start_is_named(live):
    session = live("tone")
    changed = config(original="pass")
    again = type(changed)(**{**vars(changed), "engines": Engines()})
    assert "engines.stt" in session.change(again)
    assert session.config is again


def test_another_camera_is_taken_while_it_runs(live):
    session = live("tone", camera="pattern")
    until(lambda: session.status().camera.name == "pattern")
    other = config("tone", camera="demo")
    assert session.change(other) == ()
    until(lambda: session.status().camera.name == "demo")


def test_virtual_devices_that_cannot_be_had_leave_those_from_before(live):
    session = live("tone")
    told = []
    session.listen(lambda event: told.append(event) if isinstance(event, Notice) else None)
    wish = replace(session.config.devices, virtual_camera="no such way")
    session.change(replace(session.config, devices=wish))
    until(lambda: told)
    assert "no such way" in told[0].text
    until(lambda: session.config.devices.virtual_camera == "off")
    sent = session.desk.sent.version
    until(lambda: session.desk.sent.version > sent + 10)


def test_what_fails_unforeseen_about_the_devices_does_not_end_who_looks_after_them(
    live, monkeypatch, caplog
):
    session, looks = live(), []

    def fails():
        looks.append(1)
        raise FileNotFoundError("psm_gone")

    monkeypatch.setattr(session, "_check", fails)
    until(lambda: len(looks) > 2)
    session._upkeep.want(fails)
    until(lambda: "What was wanted of the devices failed" in caplog.text)
    before = len(looks)
    until(lambda: len(looks) > before)
    assert caplog.text.count("The devices could not be looked after") == 1


def test_guests_who_come_while_a_start_fails_are_seated_all_the_same(live, monkeypatch):
    session, looks, look = live(), [], LiveSession._check

    def fails():
        ana = replace(session.config, guests=Guests(("Ana=silence",)))
        session.change(ana)
        before = len(looks)
        until(lambda: len(looks) > before + 1)
        assert session.status().guests == ()
        raise EngineUnavailable("No model.")

    monkeypatch.setattr(session, "_check", lambda: (look(session), looks.append(1)))

    monkeypatch.setattr(session, "_begun", fails)
    session.start()
    until(lambda: session.status().state is State.FAILED)
    until(lambda: [one.name for one in session.status().guests] == ["Ana"])
