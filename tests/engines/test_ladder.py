import numpy as np
import pytest

from core.errors import EngineFailed, EngineUnavailable
from core.types import AudioChunk, Segment, Transcript, Translation
from engines import ladder, registry
from engines.ladder import on_rungs
from engines.mt.fake import FakeTranslator
from engines.registry import Choice, auto
from engines.stt.fake import FakeRecogniser
from engines.stt.tones import utter
from engines.tts.fake import FakeVoice

ALWAYS = range(1000)


@pytest.fixture
def rungs(monkeypatch):
    """Three rungs of each kind; what the lower two are is said by the test."""
    lower = {}
    table = {(kind, name): name for kind in ("stt", "mt", "tts") for name in ("top", "mid", "low")}

    def build(kind, name, **options):
        engine = lower[name]
        if isinstance(engine, Exception):
            raise engine
        return engine

    monkeypatch.setattr(registry, "_ENGINES", table)
    monkeypatch.setattr(registry, "build", build)
    return lower


def laddered(kind, engine, told):
    return on_rungs(Choice(kind, "top", engine), "auto", {}, None, told.append).engine


def segment(text="one two", pts=0.0):
    return Segment(0, AudioChunk(utter(text), 16000, pts))


def translation(text="hola"):
    return Translation(Transcript(segment(), "", "en"), text, "es")


def test_a_translator_that_fails_is_replaced_with_the_sentence_at_hand(rungs):
    top, rungs["mid"], told = FakeTranslator(failures=ALWAYS), FakeTranslator(), []
    translator = laddered("mt", top, told)
    assert translator.translate("hello") == "hola"
    assert translator.translate("world") == "mundo"
    assert top.closed
    assert len(top.calls) == 2
    assert told == ["top failed (The fake translator failed as it was told to.); mid goes on."]
    translator.close()
    assert rungs["mid"].closed


def test_one_failure_is_forgiven(rungs):
    top, told = FakeTranslator(failures=(0, 2)), []
    translator = laddered("mt", top, told)
    assert [translator.translate("hello") for _ in range(3)] == ["hola"] * 3
    assert told == []
    assert not top.closed


def test_rungs_that_cannot_be_built_are_passed_over(rungs):
    rungs["mid"], rungs["low"] = EngineUnavailable("No model."), FakeTranslator()
    told = []
    assert laddered("mt", FakeTranslator(failures=ALWAYS), told).translate("hello") == "hola"
    assert told[0].endswith("low goes on.")


def test_when_nothing_is_below_the_failure_names_every_reason(rungs):
    rungs["mid"], rungs["low"] = FakeTranslator(failures=ALWAYS), EngineUnavailable("No model.")
    with pytest.raises(EngineFailed, match=r"mid failed .*low: No model"):
        laddered("mt", FakeTranslator(failures=ALWAYS), []).translate("hello")


def test_memory_that_runs_out_is_a_failure_of_the_rung(rungs):
    class Hungry(FakeTranslator):
        def translate(self, text):
            raise MemoryError

    rungs["mid"] = FakeTranslator()
    assert laddered("mt", Hungry(), []).translate("hello") == "hola"


def test_a_mistake_of_the_program_is_no_failure_of_the_rung(rungs):
    class Wrong(FakeTranslator):
        def translate(self, text):
            raise TypeError

    with pytest.raises(TypeError):
        laddered("mt", Wrong(), []).translate("hello")


def test_a_recogniser_takes_its_ear_along_when_it_steps_down(rungs):
    top, rungs["mid"], told = FakeRecogniser(failures=ALWAYS), FakeRecogniser(), []
    recogniser = laddered("stt", top, told)
    ear = recogniser.ear()
    ear.feed(AudioChunk(utter("one"), 16000, 0.0))
    assert [word.text for word in ear.words()] == ["one"]
    assert recogniser.recognise(segment("two three")).text == "two three"
    assert not top.closed, "its ear still listens"
    ear.feed(AudioChunk(utter("four"), 16000, 1.0))
    assert top.closed
    assert [word.text for word in ear.words()] == ["four"]
    ear.close()
    recogniser.close()


def test_an_ear_that_fails_steps_down_and_the_segment_loses_captions_only(rungs):
    class Deaf(FakeRecogniser):
        def ear(self):
            ear = super().ear()
            ear.words = lambda patience=0.0: (_ for _ in ()).throw(EngineFailed("deaf"))
            return ear

    rungs["mid"], told = FakeRecogniser(), []
    recogniser = laddered("stt", Deaf(), told)
    ear = recogniser.ear()
    ear.feed(AudioChunk(utter("one"), 16000, 0.0))
    assert ear.words() == ()
    assert told == ["top failed (deaf); mid goes on."]
    ear.feed(AudioChunk(utter("two"), 16000, 1.0))
    assert [word.text for word in ear.words()] == ["two"]


def test_a_rung_without_an_ear_leaves_the_captions_to_the_end(rungs):
    rungs["mid"] = FakeRecogniser(streaming=False)
    recogniser = laddered("stt", FakeRecogniser(failures=ALWAYS), [])
    ear = recogniser.ear()
    recogniser.recognise(segment())
    ear.feed(AudioChunk(utter("one"), 16000, 0.0))
    assert ear.words() == ()
    assert ear.caught_up
    ear.restart()


def test_a_voice_that_fails_before_its_first_sound_is_replaced(rungs):
    top, rungs["mid"] = FakeVoice(failures=ALWAYS), FakeVoice(rate=22050)
    voice = laddered("tts", top, [])
    assert voice.rate == 16000
    (speech,) = voice.speak(translation())
    assert speech.audio.rate == voice.rate == 22050
    assert len(speech.audio.samples)


def test_a_voice_that_fails_in_mid_sentence_is_not_begun_again(rungs):
    class Breaks(FakeVoice):
        def speak(self, translation):
            first = next(iter(super().speak(translation)))
            yield first
            raise EngineFailed("no memory left")

    rungs["mid"], told = FakeVoice(), []
    voice = laddered("tts", Breaks(), told)
    pieces = voice.speak(translation("hola. mundo."))
    assert len(next(pieces).audio.samples)
    with pytest.raises(EngineFailed, match="no memory"):
        next(pieces)
    assert told == ["top failed (no memory left); mid goes on."]
    assert np.abs(next(voice.speak(translation())).audio.samples).max() > 0


def test_what_the_user_wants_by_name_is_never_replaced(rungs):
    choice = Choice("mt", "top", FakeTranslator())
    assert on_rungs(choice, "top", {}, None, print) is choice
    last = Choice("mt", "low", FakeTranslator())
    assert on_rungs(last, "auto", {}, None, print) is last


def test_only_what_is_below_is_tried(rungs):
    rungs["low"] = FakeTranslator()
    assert auto("mt", below="mid").name == "low"
    with pytest.raises(EngineUnavailable, match="left"):
        auto("mt", below="low")
    assert ladder.Rungs
