"""Further speakers beside the user, with the session's real processes and engines of the tests."""

import json
import threading
import time
import wave
from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest

from app.live.choir import Choir
from app.live.desk import Desk, GuestDesk, Row
from app.live.diary import Diary
from app.live.guests import Guests as GuestSpeakers
from app.live.session import LiveSession
from app.live.trouble import GONE
from core.captions.caption import Caption
from core.captions.formats import export
from core.config import Captions, Config, Devices, Engines, Guests, Picture, Voice
from core.devices import RATE
from core.errors import EngineFailed, EngineUnavailable
from core.events import Fate, Settled, SpeakerEvent, State
from core.guests import Guest, written
from core.live import Device, Voiced
from core.pipeline import thread_host
from core.process import WorkerDied
from engines.stt.tones import RATE as TONES
from engines.stt.tones import utter

FAKE = Engines(
    vad="energy", turn="fake", stt="fake", mt="fake", tts="fake", face="fake", lips="off"
)


def until(condition, patience=60.0):
    """Waits on the thing itself."""
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def spoken(path, text):
    """A file in which this is said in the tone language, again and again."""
    pause = np.zeros(TONES, np.float32)
    samples = np.concatenate([pause, *[utter(text), pause, pause] * 24])
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, TONES, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype(np.int16).tobytes())
    return f"file:{path}"


def here(*guests):
    """The settings of whoever is here."""
    return Guests(tuple(map(written, guests)))


def loud(session):
    """Whether something has just gone out."""
    end = round((session.clock.now() - 0.05) * RATE)
    return float(np.abs(session.desk.said.read(end - RATE // 5, 4800)).max()) > 0.05


@pytest.fixture
def live():
    """Opens sessions, and ends them."""
    sessions = []

    def open_(microphone, *guests, original="off"):
        config = Config(
            engines=FAKE,
            devices=Devices("pattern", microphone, "off", "off"),
            captions=Captions(show=False),
            picture=Picture(badge=False, floor=False),
            voice=Voice(original=original),
            guests=here(*guests),
        )
        sessions.append(LiveSession(config))
        until(lambda: sessions[-1].clock.runs)
        return sessions[-1]

    yield open_
    for session in sessions:
        session.close()


def test_a_guest_is_heard_translated_beside_the_user_and_told_by_name(live, tmp_path):
    mine = spoken(tmp_path / "mine.wav", "hello world")
    hers = spoken(tmp_path / "hers.wav", "good morning")
    session = live(mine, Guest("Ana", hers))
    diary = Diary()
    session.listen(diary.take)
    session.start()
    until(lambda: {one.speaker for one in diary.entries if one.fate == "spoken"} == {"", "Ana"})
    first = next(one for one in diary.entries if one.speaker and one.fate == "spoken")
    ana = session.desk.guests[0].voice
    until(lambda: session.clock.now() > first.voice_end)
    assert ana.silent(round(first.voice_start * RATE), RATE // 10)  # it was taken, to be heard
    told = {(one.speaker, one.source) for one in diary.captions("You")}
    assert ("Ana", "Good morning.") in told
    assert {speaker for speaker, _ in told} == {"You", "Ana"}
    (status,) = session.status().guests
    assert (status.name, status.microphone.works) == ("Ana", True)
    assert {rung.kind for rung in status.rungs} >= {"stt", "mt", "tts"}


def test_a_transcript_names_who_spoke_in_every_form():
    captions = [Caption(1.0, 2.0, "Good morning.", "Buenos días.", 0, "Ana")]
    assert "<v Ana>" in export(captions, "vtt")
    assert "Ana: " in export(captions, "srt")
    assert json.loads(export(captions, "json"))["captions"][0]["speaker"] == "Ana"


def test_the_panic_key_gives_the_originals_of_all(live):
    session = live("silence", Guest("Ana", "tone"))
    session.start()
    until(lambda: session.status().state is State.RUNNING)
    session.voice(Voiced.ORIGINAL)
    until(lambda: loud(session))
    session.voice(Voiced.MUTED)
    until(lambda: not loud(session))


@pytest.fixture
def soon(monkeypatch):
    """What stands in for devices begins at once."""
    monkeypatch.setattr("app.live.session._LEAD_IN", 0.2)


def test_guests_come_and_go_with_the_settings_while_nobody_is_translated(soon, live):
    session = live("silence")
    nobody, ana = session.config, replace(session.config, guests=here(Guest("Ana", "tone")))
    assert session.change(ana) == ("guests.speakers",)
    until(lambda: loud(session))
    assert [one.name for one in session.status().guests] == ["Ana"]
    session.change(nobody)
    until(lambda: not session.status().guests and not loud(session))


def test_guests_of_a_running_translation_stay_until_it_has_ended(live, tmp_path):
    his = spoken(tmp_path / "his.wav", "hello world")
    session = live("silence", Guest("Ana", "tone"))
    session.start()
    until(lambda: session.status().state is State.RUNNING)
    session.change(replace(session.config, guests=here(Guest("Ben", his))))
    assert [one.name for one in session.status().guests] == ["Ana"]
    session.stop()
    until(lambda: [one.name for one in session.status().guests] == ["Ben"])
    session.start()
    until(lambda: session.status().state is State.RUNNING and session.status().guests[0].rungs)


def test_a_guest_without_a_microphone_costs_nobody_else_anything(soon, live, tmp_path):
    mine = spoken(tmp_path / "mine.wav", "hello world")
    session = live(mine, Guest("Ana", "a microphone that is not plugged in"))
    diary = Diary()
    session.listen(diary.take)
    session.start()
    until(lambda: any(one.fate == "spoken" for one in diary.entries))
    until(lambda: session.status().guests[0].microphone.says)
    microphone = session.status().guests[0].microphone
    assert not microphone.works and not microphone.name
    assert microphone.says == ("There is no microphone called a microphone that is not plugged in.")


def test_a_guest_who_cannot_be_translated_is_named_and_nobody_is_translated(live):
    session = live("silence", Guest("Ana", "tone", from_="es", to="es"))
    session.start()
    until(lambda: session.status().state is State.FAILED)
    assert session.status().reason.startswith("Ana speaks Spanish already")
    assert not session.status().rungs


USB = Device("USB Audio", True)


class Inputs:
    """The process of the microphones."""

    opened: ClassVar = []

    def __init__(self, factory, options, outlive, given_up):
        self.sources, self.closed = options["sources"], False
        self.known = ()
        self.opened.append(self)

    def call(self, method, timeout):
        told = {"status": USB, "known": "what it knows"}[method]
        return tuple(told for _ in self.sources)

    def hereafter(self, known):
        self.known = known

    def close(self):
        self.closed = True


@pytest.fixture
def ana(monkeypatch):
    """A guest by herself, whose microphone is called USB Audio."""
    monkeypatch.setattr(Inputs, "opened", [])
    monkeypatch.setattr("app.live.guests.Remote", Inputs)
    desk = Desk(guests=1)
    guests = GuestSpeakers([Guest("Ana", "usb")], desk, None, print, lambda: True, thread_host)
    guests.open(0.0)
    yield guests
    desk.close()


def test_who_hears_the_users_own_microphone_is_refused(ana):
    """It is the system's for the one and goes by its name for the other."""
    ana.check()
    with pytest.raises(EngineUnavailable, match="Ana needs a microphone that nobody else"):
        ana.start(Config(), None, USB)


def test_two_who_hear_the_same_microphone_under_two_names_are_refused(ana):
    ana.invite([Guest("Ana", "usb"), Guest("Ben", "alsa.usb")], 0.0, lambda names: None)
    ana.check()
    with pytest.raises(EngineUnavailable, match="Ben needs a microphone that nobody else"):
        ana.start(Config(), None, Device("Table", True))


def test_what_a_process_knows_of_guests_microphones_is_known_to_the_next(ana):
    ana.check()
    (inputs,) = Inputs.opened
    assert inputs.known == ("what it knows",)


def test_no_thread_is_called_after_a_guest(live):
    session = live("silence", Guest("Rosalind", "tone"))
    session.start()
    until(lambda: session.status().state is State.RUNNING)
    assert "listen to guest 1" in (names := {one.name for one in threading.enumerate()})
    assert not any("Rosalind" in name for name in names)


def test_other_guests_get_other_microphones_and_desks_until_it_is_over(ana):
    told = []
    ana.invite([Guest("Ben", "b"), Guest("Eve", "e")], 0.0, told.append)
    assert [one.name for one in ana.status()] == ["Ben", "Eve"]
    ana.close()
    ana.invite([Guest("Ana", "a")], 0.0, told.append)
    assert [one.sources for one in Inputs.opened] == [["usb"], ["b", "e"]]
    assert all(one.closed for one in Inputs.opened)
    assert [len(names.guests) for names in told] == [2]


def test_the_desks_from_before_are_there_until_the_devices_know_the_others(ana):
    """The devices' processes, when they are started again, open those that they were told of."""
    (before,) = ana._desk.names.guests

    def tell_devices(names):
        assert names.guests != (before,)
        GuestDesk(before).close()

    ana.invite([Guest("Ben", "b")], 0.0, tell_devices)
    with pytest.raises(FileNotFoundError):
        GuestDesk(before)


def refused(*anything, **options):
    raise EngineFailed("did not start")


def test_guests_whose_microphones_cannot_be_opened_leave_nobody_and_are_no_hindrance(
    ana, monkeypatch
):
    told = []
    monkeypatch.setattr("app.live.guests.Remote", refused)
    with pytest.raises(EngineFailed, match="did not start"):
        ana.invite([Guest("Ben", "b"), Guest("Eve", "e")], 0.0, told.append)
    assert [len(names.guests) for names in told] == [2, 0]
    assert (ana.invited, ana._desk.guests) == ((), ())
    ana.start(Config(), None, USB)


def test_who_leaves_does_not_wait_for_microphones_that_are_being_opened(ana, monkeypatch):
    opening = threading.Event()

    def endless(*anything, given_up, **options):
        opening.set()
        assert given_up.wait(20)
        raise EngineFailed("is closed")

    def invite():
        with pytest.raises(EngineFailed, match="is closed"):
            ana.invite([Guest("Ben", "b")], 0.0, lambda names: None)

    monkeypatch.setattr("app.live.guests.Remote", endless)
    inviting = threading.Thread(target=invite)
    inviting.start()
    assert opening.wait(20)
    ana.close()
    inviting.join(20)
    assert not inviting.is_alive()
    assert ana.invited == ()


def test_guests_whose_microphones_do_not_answer_are_told_to_have_none(ana, monkeypatch):
    def dead(method, timeout):
        raise WorkerDied("app.live:GuestInputs crashed")

    ana.check()
    assert [one.microphone.works for one in ana.status()] == [True]
    monkeypatch.setattr(ana._inputs, "call", dead)
    ana.check()
    assert [one.microphone for one in ana.status()] == [Device(says=GONE)]


def test_guests_of_whom_the_devices_cannot_be_told_are_not_there_either(ana):
    with pytest.raises(EngineFailed, match="did not start"):
        ana.invite([Guest("Ben", "b")], 0.0, refused)
    assert (ana.invited, ana._desk.guests) == ((), ())
    ana.invite([Guest("Ben", "b")], 0.0, lambda names: None)
    assert [one.name for one in ana.status()] == ["Ben"]


def test_voices_at_the_same_time_are_heard_together():
    desk = Desk(guests=2)
    other = Desk(desk.names)
    for number, voice in enumerate((desk.voice, *(guest.voice for guest in desk.guests))):
        voice.write(1000, np.full(480, 0.1 * 2**number, np.float32))
    choir = Choir(other)
    assert not choir.silent(1000, 10)
    assert choir.voices(1000, 480) == pytest.approx(0.7)
    assert choir.silent(1000, 480)
    other.close()
    desk.close()


def test_the_originals_of_guests_are_mixed_as_they_were_heard():
    desk = Desk(guests=2)
    choir = Choir(desk)
    for guest in desk.guests:
        guest.heard.append(np.full(RATE, 0.2, np.float32))
        guest.board.write(Row.MICROPHONE, *[1.0 - time.perf_counter()] * 2)
    own = np.zeros(240, np.float32)
    blocks = [choir.originals(own) for _ in range(40)]
    assert not own.any()
    assert max(float(block.max()) for block in blocks) == pytest.approx(0.4, abs=0.01)
    desk.close()


def test_segments_of_the_same_number_by_two_speakers_are_two():
    diary = Diary()
    diary.take(Settled(0, Fate.SPOKEN))
    diary.take(SpeakerEvent("Ana", Settled(0, Fate.EMPTY)))
    assert [(entry.speaker, entry.fate) for entry in diary.entries] == [
        ("", "spoken"),
        ("Ana", "held no words"),
    ]
