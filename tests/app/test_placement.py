import os
import signal
import time

import numpy as np
import psutil
import pytest

from app import placement
from app.placement import VARIABLE, Places, broker_address, placed
from core.config import Placement
from core.errors import EngineUnavailable, UsageError
from core.process import Remote
from core.types import AudioChunk, Segment, Transcript, Translation
from engines.candidates import Candidate
from engines.rungs import Telling
from engines.stt.tones import RATE, utter


@pytest.fixture
def told():
    return []


@pytest.fixture
def places(told):
    """Everything in processes; a test closes what it chooses."""
    return Places(Placement("process", "process", "process"), ("en", "es"), Telling(told.append))


def segment(text: str) -> Segment:
    return Segment(4, AudioChunk(utter(text), RATE, 1.0))


def test_an_engine_in_a_process_does_what_one_here_does(places):
    recogniser = places.choose("stt", "fake", {"language": "en"}).engine
    translator = places.choose("mt", "fake", {"source": "en", "target": "es"}).engine
    voice = places.choose("tts", "fake", {"language": "es"}).engine
    here = segment("hello world")
    heard = recogniser.recognise(here)
    assert heard.text == "hello world"
    assert heard.segment is here
    assert translator.translate("Hello world.") == "Hola mundo."
    translation = Translation(Transcript(here, "hello", "en"), "hola mundo", "es")
    (speech,) = voice.speak(translation)
    assert speech.translation is translation
    assert len(speech.mouth.times)
    assert np.abs(speech.audio.samples).max() > 0.1
    for engine in (recogniser, translator, voice):
        engine.close()


@pytest.mark.parametrize("kind", ["mt", "tts"])
def test_what_needs_only_words_is_not_sent_the_sound(places, kind, monkeypatch):
    sent = []
    monkeypatch.setattr(Remote, "stream", lambda *asked, **how: sent.append(asked[-1]) or ())
    options = {"mt": {"source": "en", "target": "es"}, "tts": {"language": "es"}}
    engine = places.choose(kind, "fake", options[kind]).engine
    transcript = Transcript(segment("hello"), "hello", "en")
    item = transcript if kind == "mt" else Translation(transcript, "hola", "es")
    assert list(engine._stage.process(item)) == []
    engine.close()
    (item_sent,) = sent
    assert item_sent.segment.audio.duration == 0.0
    assert item_sent.segment.id == item.segment.id
    assert item_sent.text == item.text


@pytest.mark.parametrize(("language", "hears"), [("en", True), ("de", False)])
def test_what_listens_to_a_growing_segment_stays_here(told, language, hears):
    places = Places(Placement("process"), (language, "es"), Telling(told.append))
    recogniser = places.choose("stt", "fake", {"language": language}).engine
    ear = recogniser.ear()
    assert (ear is not None) == hears
    if ear is not None:
        ear.close()
    recogniser.close()


def test_the_user_is_told_which_engine_it_is_and_where(places):
    choice = places.choose("mt", "fake", {"source": "en", "target": "es"})
    assert choice.reason == "mt: fake, in a process of its own"
    assert (choice.engine.source, choice.engine.target) == ("en", "es")
    choice.engine.close()


def test_what_cannot_be_built_there_is_refused_here_with_the_reason(places):
    with pytest.raises(EngineUnavailable, match=r"English only|not 'de'"):
        places.choose("stt", "sphinx", {"language": "de"})


def test_a_killed_process_costs_one_restart_and_the_user_is_told(places, told):
    engine = places.choose("mt", "fake", {"source": "en", "target": "es"}).engine
    remote = engine._stage.remote
    first = remote.pid
    os.kill(first, signal.SIGKILL)
    end = time.monotonic() + 20
    while remote.pid == first:
        assert time.monotonic() < end
        time.sleep(0.005)
    assert engine.translate("hello") == "hola"
    assert told == ["The process of mt had to be started again."]
    engine.close()
    assert not psutil.pid_exists(remote.pid)


HOUSE = """
import os
from core.errors import EngineFailed
from engines.candidates import Candidate
from engines.hosted import Hosted
from engines.mt.fake import FakeTranslator
from engines.registry import Choice

class Failing(FakeTranslator):
    def translate(self, text):
        raise EngineFailed("no memory left")

class Crashing(FakeTranslator):
    def translate(self, text):
        os._exit(3)

RUNGS = (("opus", "large", Failing), ("opus", "small", Crashing), ("apertium", "", FakeTranslator))

def hosted(kind, wanted, options, special, below, budget):
    at = [Candidate(name, model) for name, model, _ in RUNGS]
    if below is not None:
        number = at.index(below) + 1
    else:
        number = at.index(Candidate(wanted, special.get(wanted, {}).get("model", ""))) \
            if wanted != "auto" else 0
    name, model, engine = RUNGS[number]
    return Hosted(Choice(kind, name, engine(**options), (), model))
"""


def test_an_engine_in_a_process_that_fails_or_crashes_steps_down_too(
    tmp_path, monkeypatch, places, told
):
    (tmp_path / "house_of_rungs.py").write_text(HOUSE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(placement, "_HOSTED", "house_of_rungs:hosted")
    choice = places.choose("mt", "auto", {"source": "en", "target": "es"})
    assert choice.candidate == Candidate("opus", "large")
    assert choice.engine.translate("hello") == "hola"
    told = [text for text in told if "goes on" in text]
    assert told[0] == "opus (large) failed (no memory left); opus (small) goes on."
    assert told[1].startswith("opus (small) failed (")
    assert told[1].endswith("; apertium goes on.")
    assert choice.engine.note == "in a process of its own"
    choice.engine.close()


def test_a_kind_that_has_no_place_is_built_here(places):
    choice = places.choose("vad", "fake", {})
    assert type(choice.engine).__name__ == "FakeVad"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((), Placement("thread", "thread", "thread")),
        (("process",), Placement("process", "process", "process")),
        (("broker", "mt=thread"), Placement("broker", "thread", "broker")),
        (("lips=broker",), Placement(lips="broker")),
    ],
)
def test_a_command_line_places_all_kinds_or_one(given, expected):
    assert placed(Placement(), given) == expected


@pytest.mark.parametrize("word", ["nowhere", "mt=nowhere", "camera=process", "lips=nowhere", ""])
def test_a_place_that_there_is_not_is_a_usage_error(word):
    with pytest.raises(UsageError, match="There is no placement"):
        placed(Placement(), (word,))


def test_a_broker_is_named_or_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv(VARIABLE, "amqp://there/")
    assert broker_address("amqp://here/") == "amqp://here/"
    assert broker_address("") == "amqp://there/"
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(UsageError, match="Which broker"):
        broker_address("")
