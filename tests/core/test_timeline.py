import itertools
from dataclasses import replace

import numpy as np
import pytest

from core.config import Lag
from core.lag import Governor
from core.timeline import Timeline
from core.types import AudioChunk, Segment, Speech, Transcript, Translation

RATE = 1000


def speech(number: int, seconds: float, last: bool = True) -> Speech:
    segment = Segment(number, AudioChunk(np.zeros(10, np.float32), RATE, 0.0))
    voice = AudioChunk(np.ones(round(seconds * RATE), np.float32), RATE, 0.0)
    return Speech(Translation(Transcript(segment, "a", "en"), "b", "es"), voice, last=last)


def faster(one: Speech, tempo: float) -> Speech:
    samples = one.audio.samples[: round(len(one.audio.samples) / tempo)]
    return replace(one, audio=replace(one.audio, samples=samples))


def timeline(**lag) -> Timeline:
    return Timeline(Governor(Lag(**lag)), faster)


def test_a_voice_starts_when_it_is_due():
    placed = timeline().place(speech(0, 2.0), due=3.0)
    assert (placed.start, placed.end, placed.lag, placed.tempo) == (3.0, 5.0, 0.0, 1.0)


def test_a_voice_that_is_ready_late_starts_late():
    placed = timeline().place(speech(0, 2.0), due=3.0, ready=3.5)
    assert (placed.start, placed.lag) == (3.5, 0.5)


def test_voices_never_overlap_and_are_never_faster_than_allowed():
    line = timeline()
    placed = [line.place(speech(n, 3.4), due=3.0 * n) for n in range(40)]
    for before, after in itertools.pairwise(placed):
        assert after.start >= before.end
    assert max(one.tempo for one in placed) <= 1.25
    assert max(one.lag for one in placed) <= 4.0


def test_a_voice_is_hurried_to_fit_the_room_it_has():
    assert timeline().place(speech(0, 2.2), due=0.0, wanted=1.1).tempo == pytest.approx(1.1)
    assert timeline().place(speech(0, 4.4), due=0.0, wanted=2.2).tempo == pytest.approx(1.25)


def test_what_is_hopelessly_late_becomes_a_caption_and_costs_no_time():
    line = timeline()
    line.place(speech(0, 30.0), due=0.0)
    late = line.place(speech(1, 2.0), due=3.0)
    assert not late.spoken
    assert late.lag > 4.0
    assert line.free == 30.0
    assert line.place(speech(2, 2.0), due=29.0).spoken


def test_pieces_of_one_segment_follow_without_a_gap_at_one_tempo():
    line = timeline()
    first = line.place(speech(0, 2.0, last=False), due=1.0, wanted=1.2)
    second = line.place(speech(0, 2.0), due=1.0)
    assert second.start == pytest.approx(first.end)
    assert second.tempo == first.tempo == pytest.approx(1.2)


def test_a_further_piece_is_as_late_as_the_first_and_later_only_if_it_was_waited_for():
    line = timeline()
    pieces = [
        line.place(speech(1, 1.0, last=False), due=1.0, ready=1.5),
        line.place(speech(1, 1.0, last=False), due=1.0, ready=1.6),
        line.place(speech(1, 1.0), due=1.0, ready=3.8),
    ]
    assert [piece.start for piece in pieces] == [1.5, 2.5, 3.8]
    assert [piece.lag for piece in pieces] == pytest.approx([0.5, 0.5, 0.8])


def test_all_pieces_of_a_segment_that_is_only_shown_are_silent():
    line = timeline()
    line.place(speech(0, 30.0), due=0.0)
    pieces = [line.place(speech(1, 1.0, last=False), due=1.0), line.place(speech(1, 1.0), due=1.0)]
    assert [piece.spoken for piece in pieces] == [False, False]
