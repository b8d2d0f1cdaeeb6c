"""Whether the microphone hears what went out, as far as the shared memory tells."""

import time

import numpy as np
import pytest

from app.live.clock import SessionClock
from app.live.desk import Desk, Row
from app.live.echo import EchoWatch
from core.devices import RATE

NOISE = (0.1 * np.random.default_rng(5).standard_normal(20 * RATE)).astype(np.float32)


@pytest.fixture
def desk():
    desk = Desk()
    now = time.perf_counter()
    desk.board.write(Row.CLOCK, 20.0 - now)
    desk.board.write(Row.MICROPHONE, 20.0 - now)
    desk.said.write(0, NOISE)
    yield desk
    desk.close()


def looks(desk, monkeypatch, count=3):
    monkeypatch.setattr("app.live.echo._EVERY", 0.0)
    watch = EchoWatch(desk, SessionClock(desk.board))
    return [watch.look(100.0) for _ in range(count)], watch.heard


def test_what_comes_back_is_told_once_when_it_is_sure(desk, monkeypatch):
    desk.heard.write(RATE // 5, 0.3 * NOISE)
    told, heard = looks(desk, monkeypatch)
    assert told == [False, True, False]
    assert heard


def test_another_sound_is_nothing_to_tell(desk, monkeypatch):
    desk.heard.write(0, NOISE[::-1].copy())
    assert looks(desk, monkeypatch) == ([False] * 3, False)


def test_without_a_translated_voice_there_is_nothing_to_hear(desk, monkeypatch):
    desk.heard.write(RATE // 5, 0.3 * NOISE)
    monkeypatch.setattr("app.live.echo._EVERY", 0.0)
    watch = EchoWatch(desk, SessionClock(desk.board))
    assert not any(watch.look(1.0) for _ in range(3))
