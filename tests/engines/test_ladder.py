from dataclasses import replace

import numpy as np
import pytest

from core.clock import ManualClock
from core.errors import EngineFailed, EngineUnavailable, RestLost
from core.types import AudioChunk, Segment, Transcript, Translation
from engines import registry
from engines.candidates import Candidate
from engines.ladder import on_rungs
from engines.mt.fake import FakeTranslator
from engines.registry import Choice, auto
from engines.rungs import Telling, Time
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
    return on_rungs(Choice(kind, "top", engine), "auto", {}, None, Telling(told.append)).engine


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


class Breaks(FakeVoice):
    """Behind its first piece; `silent` tells no words."""

    def __init__(self, silent=False):
        super().__init__()
        self.silent = silent

    def speak(self, translation):
        first = next(iter(super().speak(translation)))
        yield replace(first, words=()) if self.silent else first
        raise EngineFailed("no memory left")


def test_a_sentence_in_which_a_voice_fails_is_not_begun_again_but_gone_on_with(rungs):
    rungs["mid"], rungs["low"], told = Breaks(), FakeVoice(rate=22050), []
    voice = laddered("tts", Breaks(), told)
    whole = translation("uno dos. tres cuatro. cinco seis. siete.")
    pieces = list(voice.speak(whole))
    assert [word.text for piece in pieces for word in piece.words] == whole.text.split()
    assert [piece.audio.rate for piece in pieces] == [16000, 16000, 22050, 22050]
    assert all(piece.translation is whole for piece in pieces)
    assert [piece.last for piece in pieces] == [False, False, False, True]
    assert told == [
        "top failed (no memory left); mid goes on.",
        "mid failed (no memory left); low goes on.",
    ]


def test_where_a_voice_does_not_tell_its_words_a_sentence_in_which_it_fails_is_not_begun_again(
    rungs,
):
    rungs["mid"], told = FakeVoice(), []
    voice = laddered("tts", Breaks(silent=True), told)
    pieces = voice.speak(translation("hola. mundo."))
    assert len(next(pieces).audio.samples)
    with pytest.raises(EngineFailed, match="does not tell at which word"):
        next(pieces)
    assert told == ["top failed (no memory left); mid goes on."]
    assert np.abs(next(voice.speak(translation())).audio.samples).max() > 0


class Replaced(FakeVoice):
    """In a process of its own that crashes in the sentences of these numbers, and is replaced."""

    def __init__(self, crashes):
        super().__init__()
        self.crashes = crashes
        self.sentences = 0

    def speak(self, translation):
        self.sentences += 1
        crashes = self.sentences - 1 in self.crashes
        yield next(iter(super().speak(translation)))
        if crashes:
            raise RestLost("It does not tell at which word.")


def test_a_voice_that_is_itself_again_after_a_crash_costs_the_sentence_and_keeps_its_rung(rungs):
    top, rungs["mid"], told = Replaced([0, 2]), FakeVoice(), []
    voice = laddered("tts", top, told)
    for crashes in (True, False, True, False):
        pieces = voice.speak(translation("hola. mundo."))
        assert len(next(pieces).audio.samples)
        if crashes:
            with pytest.raises(RestLost):
                next(pieces)
        else:
            assert not list(pieces)
    assert (told, top.sentences) == ([], 4)


def test_a_voice_that_loses_two_sentences_in_a_row_steps_down(rungs):
    top, rungs["mid"], told = Replaced(ALWAYS), FakeVoice(rate=22050), []
    voice = laddered("tts", top, told)
    with pytest.raises(RestLost):
        list(voice.speak(translation("hola. mundo.")))
    whole = translation("uno dos. tres cuatro.")
    pieces = list(voice.speak(whole))
    assert [word.text for piece in pieces for word in piece.words] == whole.text.split()
    assert [piece.audio.rate for piece in pieces] == [16000, 22050]
    assert told == ["top failed (It does not tell at which word.); mid goes on."]


def test_what_the_user_wants_by_name_is_never_replaced(rungs):
    choice = Choice("mt", "top", FakeTranslator())
    assert on_rungs(choice, "top", {}, None, Telling()) is choice
    last = Choice("mt", "low", FakeTranslator())
    assert on_rungs(last, "auto", {}, None, Telling()) is last


def test_only_what_is_below_is_tried(rungs):
    rungs["low"] = FakeTranslator()
    assert auto("mt", below=Candidate("mid")).name == "low"
    with pytest.raises(EngineUnavailable, match="left"):
        auto("mt", below=Candidate("low"))


class Session:
    """On a clock of its own; what is done aside is done at once, or when the test says so."""

    def __init__(self, *, budget=4.0, behind=False, hurry=True):
        self.clock = ManualClock(auto=True)
        self.told, self.changed, self.aside = [], [], []
        self.behind = behind
        self._telling = Telling(
            self.told.append,
            self.changed.append,
            behind=lambda: self.behind,
            budget=lambda: budget,
            hurry=hurry,
        )

    def on_rungs(self, kind, engine):
        time = Time(self.clock, self.aside.append)
        return on_rungs(
            Choice(kind, "top", engine), "auto", {}, None, self._telling, time=time
        ).engine

    def search(self):
        while self.aside:
            self.aside.pop()()


def test_a_machine_that_becomes_busy_gets_a_quicker_translator(rungs):
    session = Session()
    top = FakeTranslator(clock=session.clock, delay=0.3)
    rungs["mid"] = FakeTranslator(clock=session.clock, delay=0.05)
    translator = session.on_rungs("mt", top)
    text = "hello one two three four five six seven eight nine ten eleven"
    for _ in range(10):
        translator.translate(text)
    assert not session.aside, "0.4 s would do"
    top._delay = 0.9
    for _ in range(3):
        translator.translate(text)
    assert len(session.aside) == 1
    assert not session.told, "it is looked for beside the work"
    session.search()
    assert [one.name for one in session.changed] == ["mid"]
    assert session.told == [
        "This machine is too busy for top, which takes 1.6 times as long as it may; mid goes on."
    ]
    translator.translate(text)
    assert top.closed
    assert len(rungs["mid"].calls) > 1


def test_a_rung_that_is_no_quicker_is_not_taken_for_its_speed(rungs):
    session = Session()
    rungs["mid"] = FakeTranslator(clock=session.clock, delay=0.8)
    rungs["low"] = FakeTranslator(clock=session.clock, delay=0.1)
    translator = session.on_rungs("mt", FakeTranslator(clock=session.clock, delay=0.9))
    for _ in range(4):
        translator.translate("hello")
    session.search()
    assert [one.name for one in session.changed] == ["low"]
    assert rungs["mid"].closed


def test_when_nothing_is_quicker_the_search_rests(rungs):
    session = Session()
    rungs["mid"] = rungs["low"] = EngineUnavailable("No model.")
    translator = session.on_rungs("mt", FakeTranslator(clock=session.clock, delay=0.9))
    for _ in range(20):
        translator.translate("hello")
        session.search()
    assert session.told == []
    before = session.clock.now()
    while not session.aside:
        translator.translate("hello")
    assert session.clock.now() - before > 30


def test_a_little_too_slow_counts_once_the_voice_is_behind(rungs):
    session = Session()
    rungs["mid"] = FakeRecogniser(clock=session.clock, per_second=0.05)
    recogniser = session.on_rungs("stt", FakeRecogniser(clock=session.clock, per_second=0.25))
    for _ in range(8):
        recogniser.recognise(long_segment())
    assert not session.aside
    session.behind = True
    recogniser.recognise(long_segment())
    assert session.aside


def test_a_voice_is_timed_by_what_it_does_and_not_by_who_takes_its_pieces(rungs):
    session = Session()
    rungs["mid"] = FakeVoice(clock=session.clock, delay=0.01)
    voice = session.on_rungs("tts", FakeVoice(clock=session.clock, delay=0.1))
    for _ in range(6):
        for _piece in voice.speak(translation("hola mundo. hola mundo. hola mundo.")):
            session.clock.advance(5.0)
    assert not session.aside
    slow = FakeVoice(clock=session.clock, delay=0.8)
    voice = session.on_rungs("tts", slow)
    for _ in range(4):
        list(voice.speak(translation("hola mundo. hola mundo. hola mundo.")))
    session.search()
    assert [one.name for one in session.changed] == ["mid"]
    speaking = voice.speak(translation("hola. mundo."))
    assert len(next(speaking).audio.samples)
    speaking.close()
    assert slow.closed


def test_an_engine_that_speaks_while_another_takes_over_is_closed_afterwards(rungs):
    session = Session()
    rungs["mid"] = FakeVoice(clock=session.clock, delay=0.01)
    slow = FakeVoice(clock=session.clock, delay=0.9)
    voice = session.on_rungs("tts", slow)
    for _ in range(4):
        list(voice.speak(translation("hola mundo.")))
    speaking = voice.speak(translation("hola. mundo."))
    next(speaking)
    session.search()
    assert session.changed and not slow.closed
    assert len(list(speaking)) == 1
    assert slow.closed


def test_in_a_recording_nobody_waits_and_the_best_goes_on(rungs):
    session = Session(hurry=False)
    rungs["mid"] = FakeTranslator()
    translator = session.on_rungs("mt", FakeTranslator(clock=session.clock, delay=9.0))
    for _ in range(9):
        translator.translate("hello")
    assert not session.aside


def test_a_session_that_ended_meanwhile_takes_nothing(rungs):
    class Ending(FakeTranslator):
        def translate(self, text):
            translator.close()
            return super().translate(text)

    session = Session()
    rungs["mid"] = Ending(clock=session.clock)
    top = FakeTranslator(clock=session.clock, delay=0.9)
    translator = session.on_rungs("mt", top)
    for _ in range(4):
        translator.translate("hello")
    session.search()
    assert top.closed and rungs["mid"].closed
    assert session.changed == []


def test_the_engine_that_goes_on_after_a_failure_is_told(rungs):
    session = Session()
    rungs["mid"] = FakeTranslator()
    session.on_rungs("mt", FakeTranslator(failures=ALWAYS)).translate("hello")
    assert [one.name for one in session.changed] == ["mid"]


def long_segment():
    return Segment(0, AudioChunk(np.zeros(5 * 16000, np.float32), 16000, 0.0))


def too_slow(session, kind="mt"):
    """One that works too slowly; another is about to be looked for."""
    if kind == "tts":
        voice = session.on_rungs("tts", FakeVoice(clock=session.clock, delay=0.9))
        for _ in range(4):
            list(voice.speak(translation("hola mundo.")))
        return voice
    translator = session.on_rungs("mt", FakeTranslator(clock=session.clock, delay=0.9))
    for _ in range(4):
        translator.translate("hello")
    return translator


def test_a_mistake_in_an_engine_that_is_tried_for_its_speed_is_logged_and_leaks_nothing(
    rungs, caplog
):
    class Wrong(FakeTranslator):
        def translate(self, text):
            raise TypeError("a mistake")

    session, rungs["mid"] = Session(), Wrong()
    translator = too_slow(session)
    session.search()
    assert rungs["mid"].closed
    assert "a mistake" in caplog.text
    assert (session.changed, session.told) == ([], [])
    assert translator.translate("hello") == "hola"


def test_a_voice_that_fails_in_its_trial_is_held_by_nobody_afterwards(rungs):
    class Breaks(FakeVoice):
        def speak(self, translation):
            yield next(iter(super().speak(translation)))
            raise EngineFailed("no memory left")

    session, rungs["mid"] = Session(), Breaks()
    rungs["low"] = EngineUnavailable("No model.")
    voice = too_slow(session, "tts")
    session.search()
    assert rungs["mid"].closed
    assert not +voice._rungs._users


def test_nothing_is_loaded_any_more_once_the_session_has_ended(rungs):
    session, loaded = Session(), []

    class Slow(FakeTranslator):
        def translate(self, text):
            translator.close()
            return super().translate(text)

    rungs["mid"] = Slow(clock=session.clock, delay=2.0)
    rungs["low"] = FakeTranslator(clock=session.clock)
    translator = too_slow(session)
    make = translator._rungs._make
    translator._rungs._make = Noting(make.below, loaded)
    session.search()
    assert loaded == ["mid"]
    assert rungs["mid"].closed


class Noting:
    def __init__(self, below, loaded):
        self._below, self._loaded = below, loaded

    def below(self, at):
        choice = self._below(at)
        self._loaded.append(choice.name)
        return choice
