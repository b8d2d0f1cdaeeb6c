from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from core.config import Enhance
from core.enhancing import FADE, EnhancedHearing, Enhancing, LipsSeen, lips_of
from core.errors import EngineFailed, EngineUnavailable
from core.types import MOUTH_PARAMETERS, AudioChunk, Face, LipSight

RATE, BLOCK = 16000, 320


class Halving:
    """Half of everything, 20 ms late."""

    sees = True

    def __init__(self, breaks=10**9):
        self.breaks, self.calls, self.told, self.resets, self.closed = breaks, 0, [], 0, False
        self._begin = None
        self._held = np.zeros(0, np.float32)

    def enhance(self, audio, lips=()):
        self.calls += 1
        self.told += lips
        if self.calls > self.breaks:
            raise EngineFailed("It broke.")
        start = audio.pts - len(self._held) / RATE
        sound = np.concatenate((self._held, audio.samples / 2))
        count = max(0, len(sound) - 320)
        self._held = sound[count:]
        return AudioChunk(sound[:count], RATE, start)

    def reset(self):
        self.resets += 1
        self._held = np.zeros(0, np.float32)

    def close(self):
        self.closed = True


def _stage(engine=None, told=None, look=lambda until: (), name="av"):
    def choose(wanted):
        if engine is None:
            raise EngineUnavailable("There is none.")
        return engine

    tell = (told if told is not None else []).append
    return Enhancing(Enhance(engine=name), choose, look=look, tell=tell)


def _fed(stage, sound, pts=1.0, rest=True):
    out = []
    for at in range(0, len(sound), BLOCK):
        out += stage.process(AudioChunk(sound[at : at + BLOCK], RATE, pts + at / RATE))
    return [*out, *stage.flush()] if rest else out


def _joined(chunks):
    for before, after in pairwise(chunks):
        assert after.pts == pytest.approx(before.end, abs=1e-6)
    return np.concatenate([chunk.samples for chunk in chunks])


ONES = np.ones(RATE, np.float32)


def test_switched_off_every_chunk_leaves_as_it_came_and_at_once():
    stage = _stage(name="off")
    chunk = AudioChunk(ONES[:BLOCK], RATE, 3.0)
    (out,) = stage.process(chunk)
    assert out.pts == 3.0
    np.testing.assert_array_equal(out.samples, chunk.samples)


def test_every_sample_comes_out_once_at_its_own_time():
    out = _fed(_stage(Halving()), ONES)
    assert out[0].pts == 1.0
    assert len(_joined(out)) == len(ONES)


def test_an_engine_is_faded_in_without_a_step():
    sound = _joined(_fed(_stage(Halving()), ONES))
    assert sound[-1000] == pytest.approx(0.5)
    assert np.abs(np.diff(sound)).max() < 1.5 * 0.5 / (FADE * RATE)


def test_strength_is_how_far_it_goes():
    stage = _stage(Halving())
    stage.settings = replace(stage.settings, strength=0.5)
    assert _joined(_fed(stage, ONES))[-1000] == pytest.approx(0.75)


def test_switching_off_while_it_runs_fades_out_and_loses_nothing():
    engine = Halving()
    stage = _stage(engine)
    out = _fed(stage, ONES, rest=False)
    stage.settings = Enhance(engine="off")
    sound = _joined([*out, *_fed(stage, ONES, pts=2.0)])
    assert len(sound) == 2 * len(ONES)
    assert engine.closed
    assert sound[-1] == 1.0
    assert np.abs(np.diff(sound)).max() < 1.5 * 0.5 / (FADE * RATE)


def test_an_engine_that_cannot_be_built_is_told_and_the_sound_stays():
    told = []
    sound = _joined(_fed(_stage(None, told), ONES))
    np.testing.assert_array_equal(sound, ONES)
    assert told == ["You are heard as you are: There is none."]


def test_an_engine_that_breaks_is_told_once_and_no_sample_is_lost():
    told = []
    engine = Halving(breaks=20)
    sound = _joined(_fed(_stage(engine, told), ONES))
    assert len(sound) == len(ONES)
    assert sound[-1] == 1.0
    assert told == ["You are heard as you are: It broke."]
    assert engine.closed


def test_after_a_break_in_the_sound_the_engine_begins_anew():
    engine = Halving()
    stage = _stage(engine)
    out = [*_fed(stage, ONES, rest=False), *_fed(stage, ONES, pts=9.0)]
    assert engine.resets == 1
    late = [chunk for chunk in out if chunk.pts >= 9.0]
    assert late[0].pts == 9.0
    assert len(_joined(late)) == len(ONES)
    assert len(_joined([chunk for chunk in out if chunk.pts < 9.0])) == len(ONES)


def test_what_is_no_sound_becomes_silence_while_an_engine_works():
    bad = np.full(RATE, np.nan, np.float32)
    assert np.isfinite(_joined(_fed(_stage(Halving()), bad))).all()


def test_lips_are_asked_for_up_to_the_end_of_what_is_heard():
    asked = []

    def look(until):
        asked.append(until)
        return (LipSight(until),)

    engine = Halving()
    _fed(_stage(engine, look=look), ONES[: 2 * BLOCK], rest=False)
    assert asked == pytest.approx([1.02, 1.04])
    assert [sight.pts for sight in engine.told] == pytest.approx([1.02, 1.04])


def test_levels_tell_what_was_taken_away():
    stage = _stage(Halving())
    _fed(stage, np.tile(ONES, 3), rest=False)
    assert stage.levels.before_db == pytest.approx(0.0, abs=0.1)
    assert stage.levels.after_db == pytest.approx(-6.0, abs=0.2)


def test_the_last_five_seconds_can_be_listened_to_before_and_after():
    stage = _stage(Halving())
    _fed(stage, np.tile(ONES, 8), rest=False)
    before, after = stage.lately
    assert before.duration == after.duration == pytest.approx(5.0, abs=0.05)
    assert before.pts == after.pts
    assert before.samples[-1] == 1.0
    assert after.samples[-1] == 0.5


def test_a_segmenter_behind_it_hears_what_came_of_it():
    class Sums:
        closed = False

        def process(self, chunk):
            yield float(chunk.samples.sum())

        def flush(self):
            yield "end"

        def close(self):
            self.closed = True

    sums = Sums()
    hearing = EnhancedHearing(_stage(name="off"), sums)
    assert list(hearing.process(AudioChunk(ONES[:BLOCK], RATE, 0.0))) == [BLOCK]
    assert list(hearing.flush()) == ["end"]
    hearing.close()
    assert sums.closed


def test_lips_wait_for_their_hearer_and_the_oldest_give_way():
    seen = LipsSeen()
    for number in range(200):
        seen.put(None, number / 25)
    given = seen.take()
    assert len(given) == 120
    assert given[-1] == LipSight(199 / 25)
    assert not seen.take()


def test_lips_are_read_from_the_mouth_of_a_face():
    mouth = np.zeros(len(MOUTH_PARAMETERS), np.float32)
    mouth[MOUTH_PARAMETERS.index("jaw")] = 0.5
    mouth[MOUTH_PARAMETERS.index("round")] = 0.25
    face = Face(np.zeros((468, 3), np.float32), np.zeros(6, np.float32), mouth, 0.75, 2.0)
    assert lips_of(face, 2.0) == LipSight(2.0, 0.5, -0.25, 0.75)
