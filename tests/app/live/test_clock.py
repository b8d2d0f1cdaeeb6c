"""The session clock is the position that is played."""

import time

import pytest

from app.live.clock import Pace, SessionClock
from app.live.desk import Row
from core.shared.board import Board


@pytest.fixture
def board():
    board = Board(len(Row))
    yield board
    board.close()


def test_it_stands_at_zero_until_the_outputs_run(board):
    clock = SessionClock(board)
    assert (clock.now(), clock.heard(), clock.runs) == (0.0, 0.0, False)


def test_what_is_heard_is_behind_what_is_handed_over_by_the_latency(board):
    clock = SessionClock(board)
    board.write(Row.CLOCK, 100.0 - time.perf_counter(), 0.25)
    assert clock.now() == pytest.approx(100.0, abs=0.05)
    assert clock.now() - clock.heard() == pytest.approx(0.25, abs=0.01)


def test_lumps_of_a_device_hardly_move_the_clock():
    pace = Pace()
    offsets = []
    for block in range(500):  # 10 ms of sound each, taken two at a time
        moment = 50.0 + (block - block % 2) / 100
        offsets.append(pace.update(block / 100, moment))
    assert max(offsets[200:]) - min(offsets[200:]) < 0.001
    assert offsets[-1] == pytest.approx(-50.0, abs=0.011)


def test_a_real_jump_is_followed_at_once():
    pace = Pace()
    pace.update(10.0, 10.0)
    assert pace.update(10.5, 12.0) == -1.5
