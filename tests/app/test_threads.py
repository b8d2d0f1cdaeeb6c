import gc
import threading
from collections.abc import Iterable

from PySide6.QtCore import QThread

from app.threads import LaneThread, lane_thread, running
from core.channel import Closed, LocalChannel
from core.pipeline import Pipeline, Step


class Notes:
    """Passes items on and notes which thread it is on; hangs on 13 until released."""

    def __init__(self) -> None:
        self.threads: set[QThread] = set()
        self.names: set[str] = set()
        self.entered, self.released = threading.Event(), threading.Event()
        self.closed = threading.Event()

    def process(self, item: int) -> Iterable[int]:
        self.threads.add(QThread.currentThread())
        self.names.add(threading.current_thread().name)
        if item == 13:
            self.entered.set()
            self.released.wait(20)
        yield item + 1

    def flush(self) -> Iterable[int]:
        return ()

    def close(self) -> None:
        self.closed.set()


def pipeline(*stages: Notes) -> Pipeline:
    steps = [Step(f"stage{i}", stage, LocalChannel(f"q{i}", 4)) for i, stage in enumerate(stages)]
    return Pipeline(LocalChannel("in", 4), steps, spawn=lane_thread)


def drained(pipe: Pipeline) -> list[int]:
    items = []
    while True:
        try:
            items.append(pipe.outbox.get(timeout=10))
            pipe.outbox.ack()
        except Closed:
            return items


def test_each_lane_of_a_pipeline_runs_on_a_qthread_of_its_own():
    stages = Notes(), Notes()
    pipe = pipeline(*stages)
    pipe.start()
    for number in range(3):
        pipe.inbox.put(number)
    pipe.finish()
    assert drained(pipe) == [2, 3, 4]
    assert pipe.stop(10) == []
    used = [thread for stage in stages for thread in stage.threads]
    assert all(isinstance(thread, LaneThread) for thread in used)
    assert len(set(used)) == 2 and QThread.currentThread() not in used


def test_a_lane_is_known_by_its_name_in_the_log():
    stage = Notes()
    pipe = pipeline(stage)
    pipe.start()
    pipe.inbox.put(1)
    pipe.finish()
    drained(pipe)
    pipe.stop(10)
    assert stage.names == {"stage0"}


def test_stop_joins_every_lane():
    stages = Notes(), Notes()
    pipe = pipeline(*stages)
    pipe.start()
    assert pipe.stop(10) == []
    assert all(stage.closed.is_set() for stage in stages)
    assert running() == []


def test_a_lane_that_hangs_is_named_and_outlives_its_pipeline_without_ending_the_program():
    stage = Notes()
    pipe = pipeline(stage)
    pipe.start()
    pipe.inbox.put(13)
    assert stage.entered.wait(10)
    assert pipe.stop(0.01) == ["stage0"]
    del pipe
    gc.collect()
    assert running() == ["stage0"]
    stage.released.set()
    assert stage.closed.wait(10)


def test_a_thread_that_was_never_started_is_joined_at_once():
    thread = lane_thread("idle", lambda: None)
    thread.join(10)
    thread.join()
    assert not thread.is_alive()
