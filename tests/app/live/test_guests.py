"""Further speakers beside the user, with the session's real processes and engines of the tests."""

import json
import time
import wave

import numpy as np
import pytest

from app.live.choir import Choir
from app.live.desk import Desk, Row
from app.live.diary import Diary
from app.live.session import LiveSession
from core.captions.caption import Caption
from core.captions.formats import export
from core.config import Captions, Config, Devices, Engines, Picture, Voice
from core.devices import RATE
from core.events import Fate, Settled, SpeakerEvent, State
from core.guests import Guest
from core.live import Voiced
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
        )
        sessions.append(LiveSession(config, guests=guests))
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

    def loud():
        end = round((session.clock.now() - 0.05) * RATE)
        return float(np.abs(session.desk.said.read(end - RATE // 5, 4800)).max()) > 0.05

    until(loud)
    session.voice(Voiced.MUTED)
    until(lambda: not loud())


def test_a_guest_who_cannot_be_translated_is_named_and_nobody_is_translated(live):
    session = live("silence", Guest("Ana", "tone", to="no such language"))
    session.start()
    until(lambda: session.status().state is State.FAILED)
    assert session.status().reason.startswith("Ana: ")
    assert not session.status().rungs


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
    blocks = [choir.originals(240) for _ in range(40)]
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
