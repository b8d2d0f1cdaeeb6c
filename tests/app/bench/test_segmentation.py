import shutil
from itertools import pairwise
from threading import Barrier, Event

import numpy as np
import pytest

from app.bench import meeting, segmentation
from app.bench.meeting import MEETINGS, RATE, Said, hold
from app.bench.segmentation import TimedJudge, run
from engines.turn.fake import FakeTurn

needs_flite = pytest.mark.skipif(not shutil.which("flite"), reason="flite is not installed")

TALK = ("Nobody told me / that the date had changed.", "We like the.. red one.")


def level(sound: np.ndarray, start: float, end: float) -> float:
    part = sound[round(start * RATE) : round(end * RATE)]
    return 10 * float(np.log10(np.mean(np.square(part)) + 1e-12))


@needs_flite
def test_a_meeting_is_loud_in_its_sentences_and_at_the_noise_floor_between_them():
    held = hold(TALK, "rms")
    first, second = held.sentences
    for said in held.sentences:
        assert level(held.sound, said.start, said.end) > -35
    assert second.start - first.end >= meeting.BETWEEN[0] - 1e-6
    for quiet in ((0, first.start), (first.end, second.start), (second.end, second.end + 2)):
        assert level(held.sound, *quiet) == pytest.approx(meeting.NOISE_DB, abs=1)


@needs_flite
def test_marks_become_times_within_their_sentence():
    first, second = hold(TALK, "rms").sentences
    assert first.start < first.clauses[0] < first.end
    assert (first.hesitations, second.clauses) == ((), ())
    assert second.start < second.hesitations[0] < second.end


@needs_flite
def test_at_a_hesitation_there_is_silence():
    held = hold(TALK, "rms")
    at = held.sentences[1].hesitations[0]
    assert level(held.sound, at + 0.01, at + meeting.HESITATION[0]) == pytest.approx(-55, abs=1)


@needs_flite
def test_the_same_meeting_sounds_the_same():
    assert np.array_equal(hold(TALK, "rms").sound, hold(TALK, "rms").sound)


@needs_flite
def test_a_mark_that_cannot_be_placed_is_refused():
    with pytest.raises(ValueError, match=r"a\.\."):
        hold(("Is there enough money for a.. third test?",), "rms")


@needs_flite
@pytest.mark.parametrize(("sentences", "voice"), MEETINGS)
def test_sentences_follow_each_other(sentences, voice):
    said: tuple[Said, ...] = hold(sentences, voice).sentences
    assert len(said) == len(sentences)
    assert all(before.end < after.start for before, after in pairwise(said))


def test_the_judge_is_timed_and_not_changed():
    judge = TimedJudge(FakeTurn(script=[0.3, 0.9]))
    answers = [judge.complete(None, (), "en") for _ in range(2)]
    assert answers == [0.3, 0.9]
    assert len(judge.took) == 2


def test_ctrl_c_waits_for_no_meeting_to_be_heard_to_its_end(monkeypatch):
    at_work = Barrier(2)
    stopped = []

    def hear(number, stop):
        at_work.wait(10)
        if number == 0:
            raise KeyboardInterrupt
        stopped.append(stop.wait(60))

    monkeypatch.setattr(segmentation, "MEETINGS", ((0,), (1,)))
    monkeypatch.setattr(segmentation, "hold", lambda number: number)
    monkeypatch.setattr(segmentation, "hear", hear)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert stopped == [True]


def test_of_a_meeting_that_is_stopped_nothing_more_is_played():
    talk, stop = meeting.Meeting(np.zeros(10 * segmentation.BLOCK, np.float32), ()), Event()
    chunks = segmentation._played(talk, stop)
    next(chunks)
    stop.set()
    assert list(chunks) == []


@needs_flite
@pytest.mark.slow
def test_the_bounds_hold():
    figures = run()
    assert all(figure.met for figure in figures.values()), figures
