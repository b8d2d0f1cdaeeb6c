"""A stage that waits for its model holds up neither the window nor the picture: there are no
devices, and a translator that is ready when the test says so."""

import threading
import time

import numpy as np
import pytest

from app.live import session as live
from app.live.desk import Desk
from app.live.translating import Translating
from core.config import Captions, Config, Devices, Engines, Picture
from core.devices import SIZE
from core.events import Fate, Recognised, Settled, State, VoicePlaced
from core.live import Device, Voiced
from core.pipeline import thread_host
from core.types import AudioChunk, Frame
from engines.mt.fake import FakeTranslator
from engines.stt.tones import RATE, utter

CONFIG = Config(
    engines=Engines(
        vad="energy", turn="fake", stt="fake", mt="fake", tts="fake", face="fake", lips="off"
    ),
    devices=Devices("pattern", "tone", virtual_camera="off", virtual_microphone="off"),
    captions=Captions(show=False),
    picture=Picture(badge=False, floor=False),
)


def until(condition):
    """Waits on the thing itself."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


class Model:
    """Loads from `asked` until `there`."""

    def __init__(self):
        self.asked, self.there = threading.Event(), threading.Event()

    def load(self):
        self.asked.set()
        assert self.there.wait(60)


@pytest.fixture
def model():
    model = Model()
    yield model
    model.there.set()  # whoever still waits may end


@pytest.fixture
def loaded_when_built(model, monkeypatch):
    class Slow(FakeTranslator):
        def __init__(self, *args, **kwargs):
            model.load()
            super().__init__(*args, **kwargs)

    monkeypatch.setattr("engines.mt.fake.FakeTranslator", Slow)


@pytest.fixture
def loaded_when_used(model, monkeypatch):
    class Slow(FakeTranslator):
        def translate(self, text):
            model.load()
            return super().translate(text)

    monkeypatch.setattr("engines.mt.fake.FakeTranslator", Slow)


class NoDevices:
    """In place of the processes that hold them."""

    lacking = False

    def __init__(self, names, devices, epoch, spared=()):
        self.status = (Device(),) * 4

    def check(self): ...

    def close(self): ...


@pytest.fixture
def session(monkeypatch):
    monkeypatch.setattr(live, "DeviceProcesses", NoDevices)
    session = live.LiveSession(CONFIG)
    session.preview(True)
    yield session
    session.close()


def grey(number):
    return np.full((SIZE[1], SIZE[0], 3), number, np.uint8)


@pytest.mark.usefixtures("loaded_when_built")
def test_while_a_model_loads_the_window_is_answered_and_the_picture_goes_on(session, model):
    session.start()
    assert model.asked.wait(60)
    for number in range(1, 6):
        session.desk.taken.put(grey(number), float(number), number)
        until(lambda number=number: session.shown.version >= number)
        assert session.shown.peek().image[0, 0, 0] == number
    assert session.status().state is State.STARTING
    session.voice(Voiced.ORIGINAL)
    session.hold(False)
    session.change(CONFIG)
    assert session.status().voiced is Voiced.ORIGINAL
    assert not model.there.is_set()
    model.there.set()
    until(lambda: session.status().state is State.RUNNING)


class Clock:
    """Nothing is heard yet."""

    latency = 0.0

    def now(self):
        return 0.0

    def heard(self):
        return 0.0


@pytest.fixture
def desk():
    desk = Desk()
    yield desk
    desk.close()


@pytest.fixture
def events():
    return []


@pytest.fixture
def translating(desk, events):
    clock = Clock()
    shown = live.Outgoing(desk, clock)
    run = Translating(CONFIG, desk, clock, events.append, lambda: True, thread_host, shown)
    yield run
    run.stop()


def say(translating, text, start):
    pause = np.zeros(RATE, np.float32)
    sound = np.concatenate([pause, utter(text), pause])
    for at in range(0, len(sound), RATE // 10):
        translating.speaker.feed(AudioChunk(sound[at : at + RATE // 10], RATE, start + at / RATE))
    return start + len(sound) / RATE


@pytest.mark.usefixtures("loaded_when_used")
def test_while_a_stage_loads_its_model_others_go_on_and_what_waits_for_it_is_not_lost(
    translating, model, events
):
    def of(kind):
        return [event for event in events if isinstance(event, kind)]

    end = say(translating, "hello world", 0.0)
    assert model.asked.wait(60)
    say(translating, "good morning", end)
    until(lambda: len({event.transcript.segment.number for event in of(Recognised)}) == 2)
    for number in range(1, 6):
        translating.visual.push(Frame(grey(number), number / 30, number))
        until(lambda number=number: translating.visual.shown.version >= number)
    assert translating.heard and translating.rungs and translating.times()
    assert not (of(VoicePlaced) or model.there.is_set())
    model.there.set()
    until(lambda: len(of(Settled)) == 2)
    assert {event.fate for event in of(Settled)} == {Fate.SPOKEN}
    said = [event.speech.translation.text.lower() for event in of(VoicePlaced)]
    assert said == ["hola mundo.", "buen mañana."]
