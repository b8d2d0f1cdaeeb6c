"""What is spoken in one language or in another, through the live session with its processes."""

import time
import wave

import numpy as np
import pytest

from app.live.session import LiveSession
from core.config import Captions, Config, Devices, Engines, Languages, Picture, Voice
from core.devices import RATE
from core.events import Recognised, Settled, VoicePlaced
from engines.stt.tones import RATE as TONES
from engines.stt.tones import understand, utter

FAKE = Engines(
    vad="energy", turn="fake", stt="fake", mt="fake", tts="fake", face="fake", lips="off"
)


def until(condition, patience=30.0):
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def speech(tmp_path):
    """Words of the speaker's language, then digits, which to the fake recogniser are Spanish."""
    pause = np.zeros(4 * TONES, np.float32)
    samples = np.concatenate([pause, utter("hello world"), pause / 2, utter("one two"), pause])
    path = tmp_path / "speech.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, TONES, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype(np.int16).tobytes())
    return f"file:{path}"


def config(languages, microphone):
    return Config(
        languages=languages,
        engines=FAKE,
        devices=Devices("pattern", microphone, virtual_camera="off", virtual_microphone="off"),
        captions=Captions(show=False),
        picture=Picture(badge=False, floor=False),
        voice=Voice(original="off"),
    )


@pytest.fixture
def live():
    sessions = []

    def open_(*args, **kwargs):
        session = LiveSession(config(*args, **kwargs))
        sessions.append(session)
        told = []
        session.listen(told.append)
        session.start()
        return session, lambda kind: [event for event in told if isinstance(event, kind)]

    yield open_
    for session in sessions:
        session.close()


def test_what_is_in_the_others_language_is_heard_in_the_speakers_own_voice(live, speech):
    session, told = live(Languages("auto", "es"), speech)
    until(lambda: len(told(Settled)) >= 2)
    assert [event.transcript.language for event in told(Recognised)] == ["en", "es"]
    translated, own = told(VoicePlaced)
    assert not translated.speech.translation.own and own.speech.translation.own
    assert translated.speech.translation.text == "Hola mundo."
    assert [(one.fate.value, one.reason) for one in told(Settled)] == [
        ("spoken", ""), ("spoken", "in your own voice"),
    ]  # fmt: skip
    until(lambda: session.clock.now() > own.start + 2.0)
    heard = session.desk.said.read(round(own.start * RATE), RATE)[::3]
    assert [word.text for word in understand(heard, rate=TONES)] == ["one", "two"]
    status = session.status()
    assert (status.language, status.own) == ("es", True)
