"""The picture's half of the outputs, on a clock moved by hand."""

from collections.abc import Iterator

import numpy as np
import pytest

from app.live import seen
from app.live.desk import Desk, Order, Row
from app.live.seen import PictureOut
from core.devices import FPS, SIZE
from core.shared import frames


class Time:
    """Sleeping takes no time, but for the clock."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept = 0

    def perf_counter(self) -> float:
        return self.now

    def thread_time(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += 1


@pytest.fixture
def time(monkeypatch) -> Time:
    time = Time()
    monkeypatch.setattr(seen, "time", time)
    monkeypatch.setattr(frames, "time", time)
    return time


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    desk.board.write(Row.WISHES, 30, 1)  # somebody sees the picture
    yield desk
    desk.close()


def sent(desk: Desk, time: Time, monkeypatch, seconds: float, key: float = 1e9) -> list[float]:
    """The moments at which pictures were sent, until the end; at `key` the order changes."""
    out, moments = PictureOut(desk, "off"), []
    sleep = time.sleep

    def note(image: object, moment: float, number: int) -> None:
        moments.append(moment)
        if moment >= seconds:
            out.stop()

    def sleeping(duration: float) -> None:
        if time.now < key <= time.now + duration:
            desk.board.write(Row.ORDER, Order.MUTED)
        sleep(duration)

    monkeypatch.setattr(desk.sent, "put", note)
    monkeypatch.setattr(time, "sleep", sleeping)
    desk.taken.put(np.zeros((SIZE[1], SIZE[0], 3), np.uint8), 0.0)
    out.run()
    return moments


def test_thirty_pictures_a_second_are_sent(desk, time, monkeypatch):
    moments = sent(desk, time, monkeypatch, 2.0)
    np.testing.assert_allclose(np.diff(moments), 1 / FPS, atol=0.0011)


def test_the_panic_key_does_not_wait_for_the_next_picture(desk, time, monkeypatch):
    moments = sent(desk, time, monkeypatch, 2.0, key=1.001)
    first = next(moment for moment in moments if moment >= 1.001)
    assert first - 1.001 < 0.013
    assert max(np.diff(moments)) < 1 / FPS + 0.0011


def test_no_picture_that_comes_in_step_is_left_out_or_sent_twice(desk, time, monkeypatch):
    out, numbers, due, count = PictureOut(desk, "off"), [], [0.034], [0]
    image = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    sleep = time.sleep

    def sleeping(duration: float) -> None:
        end = time.now + duration
        while due[0] <= end:
            count[0] += 1
            time.now, now = due[0], time.now
            desk.taken.put(image, due[0] - 0.02, count[0])
            time.now = now
            due[0] += (1 + 0.1 * (-1) ** count[0]) / FPS
        sleep(duration)
        if len(numbers) > 3 * FPS:
            out.stop()

    monkeypatch.setattr(desk.sent, "put", lambda image, moment, number: numbers.append(number))
    monkeypatch.setattr(time, "sleep", sleeping)
    out.run()
    assert set(np.diff(numbers[FPS:-1])) == {1}


def test_while_nobody_sees_it_there_is_one_look_a_picture(desk, time, monkeypatch):
    desk.board.write(Row.WISHES, 2, 0)
    out = PictureOut(desk, "off")
    sleep = time.sleep

    def sleeping(duration: float) -> None:
        sleep(duration)
        if time.now > 1.99:
            out.stop()

    monkeypatch.setattr(time, "sleep", sleeping)
    out.run()
    assert time.slept <= 2 * FPS + 1


def test_pictures_that_nobody_would_have_seen_were_not_missed(desk, time, monkeypatch):
    """Else the first minute of a meeting would be later than need be."""
    desk.board.write(Row.WISHES, 2, 0)
    out, missed = PictureOut(desk, "off"), []
    sleep = time.sleep
    image = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)

    def sleeping(duration: float) -> None:
        sleep(duration)
        desk.taken.put(image, time.now)
        if len(missed) > 10:
            out.stop()

    monkeypatch.setattr(seen.Beat, "sent", lambda beat, came, lost: missed.append(lost))
    monkeypatch.setattr(time, "sleep", sleeping)
    out._watched = False
    out.run()
    assert not any(missed)
