"""The microphone's way into the translation."""

import threading
from itertools import pairwise

import numpy as np
import pytest

from app.live.clock import SessionClock
from app.live.desk import Desk, Row
from app.live.listening import Listening
from core.devices import RATE


@pytest.fixture
def desk():
    desk = Desk()
    yield desk
    desk.close()


def heard_by(desk, listening, seconds):
    """Runs it until it has fed so many seconds."""
    thread = threading.Thread(target=listening.run)
    thread.start()
    desk.heard.append(np.full(round(seconds * RATE), 0.5, np.float32))
    thread.join(0.3)
    listening.stop()
    thread.join()


def test_sound_arrives_at_the_pipelines_rate_without_a_gap(desk):
    fed = []
    desk.board.write(Row.CLOCK, 5.0)
    listening = Listening(desk, SessionClock(desk.board), fed.append, lambda: True)
    heard_by(desk, listening, 1.0)
    assert {chunk.rate for chunk in fed} == {16000}
    assert sum(len(chunk.samples) for chunk in fed) == pytest.approx(16000, abs=400)
    for before, after in pairwise(fed):
        assert after.pts == pytest.approx(before.end, abs=1e-6)
    assert listening.level == pytest.approx(-6.0, abs=0.1)


def test_silence_is_fed_while_nothing_is_to_be_translated(desk):
    fed = []
    desk.board.write(Row.CLOCK, 5.0)
    listening = Listening(desk, SessionClock(desk.board), fed.append, lambda: False)
    heard_by(desk, listening, 0.5)
    assert fed
    assert not any(chunk.samples.any() for chunk in fed)
    assert listening.level > -10  # the meter shows what the microphone hears all the same


def test_what_was_not_heard_in_time_is_counted(desk):
    fed = []
    desk.board.write(Row.CLOCK, 5.0)
    listening = Listening(desk, SessionClock(desk.board), fed.append, lambda: True)
    heard_by(desk, listening, 70.0)
    assert listening.lost == pytest.approx(11.0, abs=0.1)
