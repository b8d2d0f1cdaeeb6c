"""Several speakers take turns at one engine, and none of them waits for another's whole talk."""

import threading
import time

import numpy as np
import pytest

from core.errors import EngineFailed
from core.sharing import SharedEngine, SharedLane, Turns
from core.types import AudioChunk, Segment, Transcript, Translation
from engines.mt.fake import FakeTranslator
from engines.stt.fake import FakeRecogniser, utter
from engines.tts.fake import FakeVoice

WORK = 1.0


def until(condition):
    """Waits on the thing itself."""
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def simulated(arrivals, seconds):
    """A lane on a simulated clock: (source, moment) of each question, sorted; the longest that
    each source waited from its question to its answer."""
    turns, now, longest = Turns(), 0.0, {}
    while arrivals or len(turns):
        if not len(turns):
            now = max(now, arrivals[0][1])
        while arrivals and arrivals[0][1] <= now:
            turns.join(arrivals[0][0], arrivals.pop(0))
        source, asked = turns.next()
        now += seconds
        longest[source] = max(longest.get(source, 0.0), now - asked)
        assert len(turns) < 2000
    return longest


def test_who_speaks_now_and_then_waits_for_one_turn_of_who_never_stops():
    without_pause = [("a", 0.5 * number) for number in range(200)]  # twice what can be done
    now_and_then = [("b", 0.25 + 7.0 * number) for number in range(14)]
    arrivals = sorted(without_pause + now_and_then, key=lambda one: one[1])
    longest = simulated(arrivals, WORK)
    assert longest["b"] <= 2 * WORK
    assert longest["a"] > 50 * WORK  # theirs is the delay


def test_of_several_who_never_stop_each_gets_as_much_as_the_others():
    turns = Turns()
    for source in "abc":
        for number in range(20):
            turns.join(source, (source, number))
    first = [turns.next() for _ in range(30)]
    assert {source: sum(one[0] == source for one in first) for source in "abc"} == {
        "a": 10,
        "b": 10,
        "c": 10,
    }


def test_what_one_source_asks_is_done_in_its_order():
    turns = Turns()
    for number in range(5):
        turns.join("a", ("a", number))
        turns.join("b", ("b", number))
    done = [turns.next() for _ in range(10)]
    assert [number for source, number in done if source == "a"] == list(range(5))
    assert turns.next() is None


def test_who_leaves_is_waited_for_no_more():
    turns = Turns()
    turns.join("a", 1)
    turns.join("a", 2)
    turns.join("b", 3)
    assert turns.leave("a") == [1, 2]
    assert turns.next() == 3


class Held:
    """Work that is held until it is let go, and keeps a list of what was done."""

    def __init__(self):
        self.go = threading.Event()
        self.begun = threading.Event()
        self.done = []

    def work(self, name):
        def work():
            self.begun.set()
            assert self.go.wait(20)
            self.done.append(name)
            return [name]

        return work


def test_on_the_lane_the_others_come_before_a_second_turn():
    held, ended = Held(), threading.Event()
    lane = SharedLane("test", ended.set)
    answers = [lane.ask("a", held.work("a1"))]
    assert held.begun.wait(20)
    answers += [lane.ask("a", held.work("a2")), lane.ask("a", held.work("a3"))]
    answers += [lane.ask("b", held.work("b1")), lane.ask("c", held.work("c1"))]
    assert lane.waiting == 4
    held.go.set()
    for answer in answers:
        list(answer)
    assert held.done == ["a1", "b1", "c1", "a2", "a3"]
    lane.close()
    assert ended.wait(20)


def test_what_is_slow_to_be_taken_keeps_nobody_waiting():
    lane = SharedLane("test", lambda: None)
    untaken = lane.ask("a", lambda: range(1000))
    assert list(lane.ask("b", lambda: ["mine"])) == ["mine"]
    assert list(untaken) == list(range(1000))
    lane.close()


def test_what_is_not_wanted_any_more_ends_with_the_piece_at_hand():
    """Of another's sentence nobody hears the rest."""
    made, go_on, let_go = [], threading.Event(), threading.Event()

    def sentence():
        try:
            for number in range(5):
                made.append(number)
                yield number
                assert go_on.wait(20)
        finally:
            let_go.set()

    lane = SharedLane("test", lambda: None)
    answers = lane.ask("a", sentence)
    assert next(answers) == 0
    answers.close()
    go_on.set()
    assert list(lane.ask("b", lambda: ["mine"])) == ["mine"]
    assert made in ([0], [0, 1])
    assert let_go.is_set()
    lane.close()


def test_an_error_is_raised_where_the_work_was_asked_for_and_the_lane_goes_on():
    lane = SharedLane("test", lambda: None)
    with pytest.raises(ZeroDivisionError):
        list(lane.ask("a", lambda: [1 / 0]))
    assert list(lane.ask("a", lambda: [1])) == [1]
    lane.close()
    with pytest.raises(EngineFailed):
        lane.ask("a", lambda: [1])


def test_who_gives_up_does_not_wait_for_the_turn_of_another():
    held = Held()
    lane = SharedLane("test", lambda: None)
    first = lane.ask("a", held.work("a1"))
    assert held.begun.wait(20)
    second = lane.ask("b", held.work("b1"))
    lane.leave("b")
    with pytest.raises(EngineFailed):
        list(second)
    held.go.set()
    assert list(first) == ["a1"]
    lane.close()


def test_an_engine_is_closed_when_the_last_who_shares_it_has_left():
    engine, over = FakeTranslator("en", "es"), threading.Event()
    shared = SharedEngine("mt", engine, over.set)
    mine, theirs = shared.join(), shared.join()
    assert mine.translate("hello world") == theirs.translate("hello world")
    mine.close()
    mine.close()
    assert not engine.closed
    assert not over.is_set()
    theirs.close()
    until(lambda: engine.closed)
    assert over.is_set()


def test_nobody_joins_an_engine_whose_last_user_is_leaving():
    shared, refused = SharedEngine("mt", FakeTranslator("en", "es")), []

    def come():
        with pytest.raises(EngineFailed) as error:
            shared.join()
        refused.append(error)

    shared.join(left=come).close()
    assert refused


def test_a_shared_engine_answers_as_the_engine_itself():
    segment = Segment(3, AudioChunk(utter("hello world"), 16000, 1.0))
    recogniser = SharedEngine("stt", FakeRecogniser("en")).join()
    heard = recogniser.recognise(segment)
    assert (heard.text, heard.segment) == ("hello world", segment)
    assert list(recogniser.languages) == ["en"]
    ear = recogniser.ear()
    ear.feed(segment.audio)
    assert [word.text for word in ear.words(20)] == ["hello", "world"]
    ear.close()
    voice = SharedEngine("tts", FakeVoice("es")).join()
    translation = Translation(Transcript(segment, "hello", "en"), "hola mundo", "es")
    pieces = list(voice.speak(translation))
    assert pieces[-1].last
    assert np.abs(pieces[0].audio.samples).max() > 0.1
    assert (voice.language, voice.rate) == ("es", 16000)
    recogniser.close()
    voice.close()
