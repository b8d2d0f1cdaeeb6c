"""The client's buffer of the translated voice, and the figures of the link."""

import numpy as np
import pytest

from engines.link.report import LinkTimes
from engines.link.sound import RATE
from engines.link.voice import LONGEST, VoiceBuffer
from engines.link.wire import CHUNK_S


def ones(seconds: float = CHUNK_S) -> np.ndarray:
    return np.ones(round(seconds * RATE), np.float32)


def test_a_voice_is_heard_at_its_time_and_once():
    buffer = VoiceBuffer()
    buffer.put(0.1, ones())
    heard = buffer.take(RATE)
    assert np.flatnonzero(heard)[[0, -1]] == pytest.approx([0.1 * RATE, 0.14 * RATE - 1])
    assert not buffer.take(round(LONGEST * RATE)).any()
    assert buffer.end == pytest.approx(0.14)


def test_chunks_that_touch_make_one_voice_and_ones_that_overlap_add_up():
    buffer = VoiceBuffer()
    buffer.put(0.0, ones())
    buffer.put(0.04, ones())
    buffer.put(0.06, ones())
    heard = buffer.take(round(0.1 * RATE))
    assert set(heard[: round(0.06 * RATE)]) == {1.0}
    assert set(heard[round(0.06 * RATE) : round(0.08 * RATE)]) == {2.0}


def test_what_comes_late_is_counted_and_its_rest_heard():
    buffer = VoiceBuffer()
    buffer.take(round(0.02 * RATE))
    buffer.put(0.0, ones())
    assert buffer.late == 1
    assert np.count_nonzero(buffer.take(RATE)) == round(0.02 * RATE)


def test_what_is_too_far_ahead_is_refused_and_counted():
    buffer = VoiceBuffer()
    buffer.put(LONGEST, ones())
    assert (buffer.refused, buffer.end) == (1, 0.0)


def test_the_link_holds_when_chunks_come_back_sooner_than_they_last():
    times = LinkTimes()
    for number in range(100):
        times.sent(1, number, number * CHUNK_S)
        times.answered(1, number, number * CHUNK_S + (0.1 if number < 4 else 0.005))
    report = times.report()
    assert (report.chunks, report.over) == (100, 0.04)
    assert report.t_comm_p50 == pytest.approx(0.005)
    assert report.holds
    assert "≤ t_chunk 40 ms" in str(report)
    assert len(times.unreported()) == 100
    assert times.unreported() == []


def test_the_link_does_not_hold_when_they_take_longer():
    times = LinkTimes()
    times.sent(1, 0, 0.0)
    times.answered(1, 0, 0.05)
    times.answered(1, 7, 0.05)  # never sent
    assert not times.report().holds
    assert "> t_chunk" in str(times.report())
    assert times.waiting == 0
