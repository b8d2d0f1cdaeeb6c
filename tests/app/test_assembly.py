from dataclasses import replace

import numpy as np
import pytest

from app.assembly import Assembly
from app.card import ABSENT
from core.config import Config, Engines, Languages, Models
from core.errors import EngineUnavailable
from core.events import EngineChosen, Fate, Notice, Recognised, Settled
from core.session import Session
from core.types import AudioChunk
from engines import registry
from engines.stt.tones import RATE, utter

FAKE = Engines(
    vad="energy", turn="fake", stt="fake", mt="fake", tts="fake", face="fake", lips="off"
)
PAUSE = np.zeros(round(1.5 * RATE), np.float32)


class Run:
    """A whole pipeline with the settings' own engines, fed from memory."""

    def __init__(self, languages, models=None, **engines):
        config = Config(
            languages=languages, engines=replace(FAKE, **engines), models=models or Models()
        )
        self.assembly = Assembly(config, live=False)
        self.session = Session(self.assembly.pipeline)
        self.told = []
        self.session.listen(self.told.append)

    def say(self, *texts):
        self.session.start()
        sound = np.concatenate([part for text in texts for part in (utter(text), PAUSE)])
        for at in range(0, len(sound), RATE // 10):
            self.session.feed(AudioChunk(sound[at : at + RATE // 10], RATE, at / RATE))
        self.session.finish()
        found = []
        while (speech := self.session.receive(30.0)) is not None:
            found.append(speech)
        self.session.stop()
        return found

    def events(self, kind):
        return [event for event in self.told if isinstance(event, kind)]


@pytest.mark.parametrize(("wish", "told"), [("cuda", 1), ("auto", 0)])
def test_a_card_that_is_asked_for_and_absent_is_told_once_and_the_session_goes_on(
    wish, told, monkeypatch
):
    monkeypatch.setattr("engines.device.cards", lambda: 0)
    run = Run(Languages("en", "es"), models=Models(device=wish))
    assert [one.translation.text for one in run.say("hello world")] == ["Hola mundo."]
    assert [one.text for one in run.events(Notice)] == [ABSENT] * told


@pytest.mark.parametrize(
    "languages", [Languages("auto", "es"), Languages("en", "es", pass_theirs=True)]
)
def test_each_segment_goes_the_way_of_the_language_that_it_is_in(languages):
    run = Run(languages)
    translated, own = run.say("hello world good morning", "one two three four")
    assert [one.transcript.language for one in run.events(Recognised)] == ["en", "es"]
    assert translated.translation.text == "Hola mundo buen mañana."
    assert (own.translation.own, own.translation.text) == (True, "One two three four.")
    assert own.audio.samples is own.segment.audio.samples
    assert len(own.mouth.times)
    assert "mt" in {one.kind for one in run.events(EngineChosen)}


def test_without_the_wish_a_segment_in_the_others_language_is_taken_for_the_own():
    (said,) = Run(Languages("en", "es")).say("one two three four")
    assert not said.translation.own and said.translation.text == "Uno dos tres ruof."


def test_a_language_that_cannot_be_translated_fails_its_segment_with_a_sentence(monkeypatch):
    run = Run(Languages("auto", "tr"), mt="no such")
    monkeypatch.setitem(registry._ENGINES, ("mt", "no such"), "engines.no_such:Translator")
    assert run.say("hello world good morning") == []
    (settled,) = run.events(Settled)
    assert settled.fate is Fate.FAILED
    assert "Nothing here translates English into Turkish." in settled.reason


def test_without_a_recogniser_that_finds_out_the_language_the_start_says_so():
    with pytest.raises(EngineUnavailable, match=r"^No recogniser here finds out .* Choose your"):
        Run(Languages("auto", "es"), stt="sphinx").session.start()


def test_without_one_that_tells_the_others_language_the_session_runs_and_says_so(monkeypatch):
    monkeypatch.setattr(registry, "DETECTING", ())
    run = Run(Languages("en", "es", pass_theirs=True))
    assert run.say("hello world good morning")
    (notice,) = run.events(Notice)
    assert "does not find out which language" in notice.text
