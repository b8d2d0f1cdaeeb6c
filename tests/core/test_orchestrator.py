import numpy as np
import pytest

from core.config import Picture
from core.orchestrator import LONGEST_DELAY, Orchestrator
from core.timeline import Placed
from core.types import AudioChunk, MouthTrack, Segment, Speech, Transcript, Translation

RATE = 1000


def segment(number: int, start: float, seconds: float = 1.0) -> Segment:
    return Segment(number, AudioChunk(np.zeros(round(seconds * RATE), np.float32), RATE, start))


def placed(number: int, start: float, seconds: float, lag: float = 0.0) -> Placed:
    audio = AudioChunk(np.ones(round(seconds * RATE), np.float32), RATE, 0.0)
    times = np.linspace(0, seconds, 50, dtype=np.float32)
    shapes = np.zeros((50, 6), np.float32)
    shapes[:, 0] = np.linspace(0, 1, 50)
    translation = Translation(Transcript(segment(number, 0.0), "a", "en"), "b", "es")
    return Placed(Speech(translation, audio, MouthTrack(times, shapes)), start, lag)


def test_the_mouth_is_where_the_voice_is():
    one = Orchestrator(Picture())
    one.add(placed(0, 2.0, 1.0))
    moment = one.moment(2.5)
    assert moment.shape[0] == pytest.approx(0.5, abs=0.02)
    assert (moment.strength, moment.into, moment.left) == pytest.approx((1.0, 0.5, 0.5))


def test_the_own_mouth_is_shown_while_nothing_is_heard():
    one = Orchestrator(Picture())
    one.add(placed(0, 2.0, 1.0))
    assert one.moment(1.0).strength == 0.0
    assert one.moment(3.5).strength == 0.0
    assert one.moment(3.5).speech is None


def test_the_mouth_goes_over_and_back_without_a_jump():
    one = Orchestrator(Picture())
    one.add(placed(0, 2.0, 1.0))
    strengths = [one.moment(1.8 + n / 100).strength for n in range(150)]
    assert np.abs(np.diff(strengths)).max() <= 0.15
    assert strengths[20] == 1.0


def test_the_mouth_rests_over_a_short_pause():
    one = Orchestrator(Picture())
    one.add(placed(0, 1.0, 1.0))
    one.add(placed(1, 2.3, 1.0))
    moment = one.moment(2.15)
    assert moment.strength == 1.0
    assert not moment.shape.any()


def test_the_mouth_can_be_held_at_rest_while_the_speaker_talks():
    moment = Orchestrator(Picture(rest=True)).moment(1.0)
    assert moment.strength == 1.0
    assert not moment.shape.any()


def test_what_is_left_counts_all_pieces_of_a_segment():
    one = Orchestrator(Picture())
    one.add(placed(0, 1.0, 1.0))
    one.add(placed(0, 2.0, 1.0))
    assert one.moment(1.5).left == pytest.approx(1.5)


def test_live_frames_are_shown_at_once_and_voices_after_their_segment():
    one = Orchestrator(Picture(delay=4.0))
    assert one.wanted(7.0) == 7.0
    assert one.due(segment(0, 2.0)) == 3.0


def test_the_dubbed_picture_meets_its_voice():
    one = Orchestrator(Picture(mode="dubbed", delay=4.0))
    spoken = segment(0, 2.0)
    assert one.wanted(one.due(spoken)) == pytest.approx(spoken.start)


def test_a_late_voice_makes_the_dubbed_picture_wait_and_the_next_one_meets_it():
    one = Orchestrator(Picture(mode="dubbed", delay=3.0))
    one.add(placed(0, 5.0, 1.0, lag=0.05))
    assert (one.delay, one.resynchronised) == (3.0, 0)
    one.add(placed(1, 7.0, 1.0, lag=0.7))
    assert (one.delay, one.resynchronised) == (pytest.approx(3.7), 1)
    one.add(placed(2, 9.0, 1.0, lag=30.0))
    assert one.delay == LONGEST_DELAY


def test_a_caption_only_does_not_move_the_mouth():
    one = Orchestrator(Picture())
    one.add(placed(0, 2.0, 0.0))
    assert one.moment(2.0).strength == 0.0
