import threading
import time
from collections.abc import Iterable

import pytest

from core.channel import Closed, LocalChannel
from core.lane import Watch
from core.pipeline import Pipeline, Step


class Plus:
    """Adds one, fails on a given number, and hangs on another until released."""

    def __init__(self, fails_on=None, hangs_on=None):
        self.fails_on, self.hangs_on = fails_on, hangs_on
        self.released = threading.Event()
        self.entered = threading.Event()
        self.closed = False

    def process(self, item: int) -> Iterable[int]:
        if item == self.fails_on:
            raise RuntimeError("boom")
        if item == self.hangs_on:
            self.entered.set()
            self.released.wait(20)
        yield item + 1

    def flush(self) -> Iterable[int]:
        yield 1000

    def close(self) -> None:
        self.closed = True


def pipeline(*stages, depth=4, **watch):
    steps = [Step(f"s{i}", stage, LocalChannel(f"q{i}", depth)) for i, stage in enumerate(stages)]
    return Pipeline(LocalChannel("in", depth), steps, Watch(**watch))


def drain(pipe):
    items = []
    while True:
        try:
            items.append(pipe.outbox.get(timeout=5))
            pipe.outbox.ack()
        except Closed:
            return items


def test_items_pass_all_stages_in_order_and_what_was_held_back_comes_last():
    pipe = pipeline(Plus(), Plus())
    pipe.start()
    for n in (1, 2):
        pipe.inbox.put(n)
    pipe.finish()
    assert drain(pipe) == [3, 4, 1001, 1000]
    assert pipe.stop() == []


def test_a_bad_item_costs_itself_and_is_reported_with_its_stage():
    failures = []
    pipe = pipeline(Plus(), Plus(fails_on=2), failed=lambda *what: failures.append(what))
    pipe.start()
    for n in (1, 2):
        pipe.inbox.put(n)
    pipe.finish()
    assert drain(pipe) == [4, 1001, 1000]
    assert [(lane, item, str(error)) for lane, item, error in failures] == [("s1", 2, "boom")]


def test_stages_are_closed_when_the_stream_ends():
    stages = [Plus(), Plus()]
    pipe = pipeline(*stages)
    pipe.start()
    pipe.finish()
    drain(pipe)
    pipe.stop()
    assert all(stage.closed for stage in stages)


def test_stop_returns_in_time_and_names_the_lane_that_hangs():
    stuck = Plus(hangs_on=1)
    pipe = pipeline(Plus(), stuck, depth=1)
    pipe.start()
    for n in (0, 0, 0):
        pipe.inbox.put(n)
    assert stuck.entered.wait(5)
    start = time.monotonic()
    assert pipe.stop(timeout=0.3) == ["s1"]
    assert time.monotonic() - start < 2
    stuck.released.set()


@pytest.mark.parametrize("full", [0, 1, 2])
def test_stop_ends_lanes_that_wait_for_room(full):
    pipe = pipeline(*[Plus() for _ in range(full + 1)], depth=1)
    pipe.start()
    feeder = threading.Thread(target=lambda: [pipe.inbox.put(n) for n in range(50)])
    feeder.start()
    assert pipe.stop() == []
    feeder.join(2)
    assert not feeder.is_alive()


def test_late_results_of_a_cancelled_turn_are_dropped():
    current = threading.Event()
    current.set()
    slow = Plus(hangs_on=1)
    pipe = pipeline(slow, current=lambda item: current.is_set() or item == 5)
    pipe.start()
    pipe.inbox.put(1)
    assert slow.entered.wait(5)
    current.clear()
    slow.released.set()
    pipe.inbox.put(5)
    pipe.finish()
    assert drain(pipe) == []


def test_what_is_left_of_an_item_that_nobody_waits_for_is_not_made():
    current, made = {1, 2}, []

    class Pieces(Plus):
        def process(self, item):
            try:
                for piece in range(5):
                    made.append((item, piece))
                    yield item
                    if (item, piece) == (1, 1):
                        current.remove(1)
            finally:
                made.append((item, "let go"))

    pipe = pipeline(Pieces(), current=lambda item: item in current)
    pipe.start()
    pipe.inbox.put(1)
    pipe.inbox.put(2)
    pipe.finish()
    assert drain(pipe) == [1, 1, 2, 2, 2, 2, 2]
    assert made == [
        *((1, 0), (1, 1), (1, 2), (1, "let go")),
        *((2, 0), (2, 1), (2, 2), (2, 3), (2, 4), (2, "let go")),
    ]
