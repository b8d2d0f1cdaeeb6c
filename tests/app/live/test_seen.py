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


def drawn(desk: Desk, time: Time, monkeypatch, lasts: dict[int, float]) -> list[tuple[float, int]]:
    """When which picture went out, in the last two of three seconds. Each is drawn for 10 ms, or
    for as long as `lasts` says; after that the newest is drawn."""
    out, sent, free, number = PictureOut(desk, "off"), [], 0.0, 0
    coming = [(one / FPS, desk.taken, one) for one in range(1, 3 * FPS)]
    while number < 3 * FPS:
        begun = max(free, (number + 1) / FPS)
        number = int(begun * FPS + 1e-6)
        free = begun + lasts.get(number, 0.01)
        coming.append((free, desk.shown, number))
    coming = sorted([one for one in coming if one[0] < 3.0], key=lambda one: one[0])
    image = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)

    def sleeping(duration: float) -> None:
        end = time.now + duration
        while coming and coming[0][0] <= end:
            time.now, pictures, number = coming.pop(0)
            pictures.put(image, time.now, number)
        time.now = end
        if not coming:
            out.stop()

    desk.board.write(Row.ORDER, Order.TRANSLATED)
    monkeypatch.setattr(
        desk.sent, "put", lambda image, moment, number: sent.append((moment, number))
    )
    monkeypatch.setattr(time, "sleep", sleeping)
    out.run()
    return sent[FPS:]


def test_a_picture_that_is_drawn_late_goes_out_when_it_is_there_and_none_goes_twice(
    desk, time, monkeypatch
):
    sent = drawn(desk, time, monkeypatch, {50: 0.03})
    moments, numbers = np.array(sent).T
    assert set(np.diff(numbers)) == {1}
    assert np.diff(moments).max() < 1 / FPS + 0.015
    assert (moments - numbers / FPS).max() < 0.033


@pytest.mark.parametrize("phase", range(5))
def test_no_picture_stands_for_a_tenth_of_a_second_when_drawing_hangs(
    desk, time, monkeypatch, phase
):
    time.now = phase / 5 / FPS
    moments, numbers = np.array(drawn(desk, time, monkeypatch, {50: 0.5, 70: 2.0})).T
    fresh = moments[np.flatnonzero(np.diff(numbers, prepend=0))]
    assert np.diff(fresh).max() < 0.095
    assert np.diff(moments).max() < 0.095
    assert numbers[-1] >= 3 * FPS - 2


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
