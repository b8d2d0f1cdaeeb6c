"""The better engine comes back once the machine has been calm for a good while, and stays."""

from dataclasses import replace

import pytest

from core.clock import ManualClock
from core.errors import EngineFailed, EngineUnavailable
from core.types import AudioChunk, Segment
from engines.candidates import Candidate
from engines.ladder import on_rungs
from engines.mt.fake import FakeTranslator
from engines.registry import Choice
from engines.rungs import Telling, Time
from engines.stt.fake import FakeRecogniser
from engines.stt.tones import utter

TEXT = "hello one two three four five six seven eight nine ten eleven"
IDLE, BUSY = 1.0, 3.0
SLOW, QUICK = 0.25, 0.04
"""Seconds for a sentence on an idle machine; 0.48 would do."""
MINUTE = 60.0


class Machine:
    """On a clock of its own, as busy as the test says; two engines, and all that is told of them.
    What is done aside is done at once."""

    def __init__(self, kind="mt", *, hurry=True, rungs=None, begins="top", **about):
        self.clock = ManualClock(auto=True)
        self.busy, self.behind = IDLE, False
        self.told, self.changed, self.built = [], [], []
        self._kind = kind
        self._rungs = rungs or {"top": lambda: self.translator(SLOW), "low": self.quick}
        telling = Telling(
            self.told.append, self.changed.append, behind=lambda: self.behind, hurry=hurry
        )
        self.choice = on_rungs(
            replace(self.exactly(Candidate(begins)), **about),
            "auto",
            {},
            None,
            telling,
            make=self,
            time=Time(self.clock, lambda work: work()),
        )
        self.engine = self.choice.engine

    def below(self, at):
        if at.name == "low":
            raise EngineUnavailable("Nothing is left.")
        return self.exactly(Candidate("low"))

    def exactly(self, wanted):
        self.built.append(wanted.name)
        return Choice(self._kind, wanted.name, self._rungs[wanted.name]())

    @property
    def at_work(self):
        return self.changed[-1].name if self.changed else "top"

    def quick(self):
        return self.translator(QUICK)

    def translator(self, takes, failures=()):
        machine = self

        class Translator(FakeTranslator):
            def translate(self, text):
                machine.clock.advance(takes * machine.busy)
                return super().translate(text)

        return Translator(failures=failures)

    def talk(self, seconds, pause=4.0):
        end = self.clock.now() + seconds
        while self.clock.now() < end:
            self.engine.translate(TEXT)
            self.clock.advance(pause)


@pytest.fixture
def stepped():
    """It was too busy, and is idle again."""
    machine = Machine()
    machine.busy = BUSY
    machine.talk(0.5 * MINUTE)
    assert machine.at_work == "low"
    machine.busy = IDLE
    return machine


def stepped_down():
    """A machine that was too busy for its best engine, and is idle."""
    machine = Machine()
    machine.busy = BUSY
    machine.talk(0.5 * MINUTE)
    machine.busy = IDLE
    return machine


def test_after_two_calm_minutes_the_better_engine_is_back_and_the_user_is_told(stepped):
    stepped.talk(1.7 * MINUTE)
    assert stepped.at_work == "low"
    stepped.talk(1 * MINUTE)
    assert stepped.at_work == "top"
    assert len(stepped.told) == 2
    assert stepped.told[1] == "top does well here again and is back in place of low."
    stepped.talk(20 * MINUTE)
    assert len(stepped.told) == 2, "and it stays"


def test_the_reason_says_why_the_better_one_is_not_at_work_for_as_long_as_it_is_not(stepped):
    assert stepped.changed[-1].reason == (
        "mt: low; not top: This machine is too busy for it at the moment."
    )
    stepped.talk(3 * MINUTE)
    assert stepped.changed[-1].reason == "mt: top"


def test_each_busy_moment_begins_the_calm_anew(stepped):
    for _ in range(10):
        stepped.talk(1.5 * MINUTE)
        stepped.busy = BUSY
        stepped.talk(0.5 * MINUTE)
        stepped.busy = IDLE
    assert stepped.built == ["top", "low"], "it was not even tried"


def test_nothing_is_tried_while_the_voice_is_behind(stepped):
    stepped.behind = True
    stepped.talk(10 * MINUTE)
    assert stepped.built == ["top", "low"]


def test_a_machine_that_is_just_quick_enough_to_stay_is_too_slow_to_climb(stepped):
    stepped.busy = 1.6  # the better one would take 0.40 s of the 0.48
    stepped.talk(30 * MINUTE)
    assert stepped.at_work == "low"


def test_a_machine_that_is_busy_every_few_minutes_is_not_tried_more_and_more_often(stepped):
    for _ in range(30):
        stepped.talk(4 * MINUTE)
        stepped.busy = BUSY
        stepped.talk(0.5 * MINUTE)
        stepped.busy = IDLE
    climbs = [one.name for one in stepped.changed].count("top")
    assert 1 <= climbs <= 2


def test_an_engine_whose_trial_disappoints_is_tried_ever_later():
    """The quick one tells nothing of how busy the machine is."""
    machine = Machine()
    machine._rungs["low"] = FakeTranslator
    machine.busy = BUSY
    machine.talk(60 * MINUTE)
    assert machine.at_work == "low"
    assert 3 <= machine.built.count("top") - 1 <= 5
    machine.busy = IDLE
    machine.talk(60 * MINUTE)
    assert machine.at_work == "top"


def failing(*failures):
    """The first engine, and those that are built after it, by when they fail."""
    left = list(failures)
    machine = Machine(
        rungs={
            "top": lambda: FakeTranslator(failures=left.pop(0)),
            "low": FakeTranslator,
        }
    )
    return machine


ALWAYS, NEVER = range(1000), ()


def test_an_engine_that_failed_once_comes_back_when_it_works_again():
    machine = failing(ALWAYS, NEVER)
    machine.talk(1 * MINUTE)
    assert machine.changed[-1].reason == (
        "mt: low; not top: It failed (The fake translator failed as it was told to.)."
    )
    machine.talk(2 * MINUTE)
    assert machine.at_work == "top"


def test_an_engine_that_is_broken_is_given_up_after_three_failures(caplog):
    machine = failing(ALWAYS, ALWAYS, ALWAYS)
    machine.talk(240 * MINUTE)
    assert machine.built == ["top", "low", "top", "top"]
    assert len(machine.told) == 1
    assert caplog.text.count("is given up") == 1


def test_an_engine_that_cannot_be_built_any_more_is_not_tried_again():
    def gone():
        raise EngineUnavailable("No model is here.")

    machine = stepped_down()
    machine._rungs["top"] = gone
    machine.talk(240 * MINUTE)
    assert machine.built == ["top", "low", "top"]
    assert machine.at_work == "low"


def test_a_process_that_dies_while_the_engine_is_built_is_a_failure_like_others():
    def dies():
        raise EngineFailed("It crashed.")

    machine = stepped_down()
    machine._rungs["top"] = dies
    machine.talk(240 * MINUTE)
    assert machine.built.count("top") - 1 == 3


def test_in_a_recording_too_an_engine_that_failed_is_tried_again():
    machine = Machine(
        hurry=False,
        rungs={"top": lambda: FakeTranslator(failures=range(2)), "low": FakeTranslator},
    )
    machine.talk(0.5 * MINUTE)
    assert machine.at_work == "low"
    machine._rungs["top"] = FakeTranslator
    machine.talk(3 * MINUTE)
    assert machine.at_work == "top"


def test_an_ear_hears_its_utterance_to_the_end_before_it_follows_upwards():
    machine = Machine(
        "stt", rungs={"top": lambda: FakeRecogniser(failures=ALWAYS), "low": FakeRecogniser}
    )
    recogniser = machine.engine
    recogniser.recognise(segment("one"))
    ear = recogniser.ear()
    ear.feed(AudioChunk(utter("two"), 16000, 0.0))
    machine._rungs["top"] = FakeRecogniser
    for _ in range(40):
        recogniser.recognise(segment("one"))
        machine.clock.advance(4.0)
    assert machine.at_work == "top"
    ear.feed(AudioChunk(utter("three"), 16000, 1.0))
    assert [word.text for word in ear.words()] == ["two", "three"]
    ear.restart()
    ear.feed(AudioChunk(utter("four"), 16000, 9.0))
    assert [word.text for word in ear.words()] == ["four"]
    assert ear._of is recogniser._rungs.engine
    ear.close()
    recogniser.close()


def segment(text):
    return Segment(0, AudioChunk(utter(text), 16000, 0.0))


def test_what_was_passed_over_for_a_busy_moment_at_the_start_is_tried_later():
    refusals = ("best: No model is here.", "top: too slow here")
    machine = Machine(begins="low", refusals=refusals, doubtful=(Candidate("top"),))
    assert machine.choice.reason == "mt: low; not best: No model is here.; not top: too slow here"
    machine.talk(3 * MINUTE)
    assert machine.changed[-1].reason == "mt: top; not best: No model is here."


def test_a_better_engine_that_does_not_listen_yet_leaves_the_ear_as_it_is(monkeypatch):
    machine = Machine(
        "stt", rungs={"top": lambda: FakeRecogniser(failures=ALWAYS), "low": FakeRecogniser}
    )
    recogniser = machine.engine
    recogniser.recognise(segment("one"))
    ear = recogniser.ear()
    machine._rungs["top"] = FakeRecogniser
    for _ in range(40):
        recogniser.recognise(segment("one"))
        machine.clock.advance(4.0)
    better = recogniser._rungs.engine
    with monkeypatch.context() as still:
        still.setattr(better, "ear", refuses)
        ear.restart()
        ear.feed(AudioChunk(utter("two"), 16000, 0.0))
        assert [word.text for word in ear.words()] == ["two"]
    ear.restart()
    assert ear._of is better
    ear.close()
    recogniser.close()


def refuses():
    raise EngineFailed("It has no ear yet.")
