import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest

from core.config import Picture
from core.metrics import Metrics
from core.orchestrator import Orchestrator
from core.types import Frame, Moment
from core.visual import VisualPipeline


class Way:
    """Sees the frame's own number, and draws it into a corner beside what it was asked."""

    def __init__(self) -> None:
        self.fails_on = -1
        self.hold = threading.Event()
        self.hold.set()
        self.entered = threading.Event()

    def see(self, frame: Frame) -> int:
        self.entered.set()
        self.hold.wait(20)
        if frame.number == self.fails_on:
            raise RuntimeError("boom")
        return int(frame.image[0, 0, 0])

    def draw(self, frame: Frame, sight: int, moment: Moment) -> Frame:
        image = frame.image.copy()
        image[0, 1] = sight
        return replace(frame, image=image)


def frame(number: int, pts: float | None = None) -> Frame:
    return Frame(np.full((4, 4, 3), number, np.uint8), number / 30 if pts is None else pts, number)


@contextmanager
def running(
    way: Way, settings: Picture | None = None, heard=lambda: 0.0, metrics: Metrics | None = None
) -> Iterator[VisualPipeline[int]]:
    pipeline = VisualPipeline(way, Orchestrator(settings or Picture()), heard, metrics)
    thread = threading.Thread(target=pipeline.run)
    thread.start()
    try:
        yield pipeline
    finally:
        way.hold.set()
        pipeline.stop()
        thread.join(5)
        assert not thread.is_alive()


def shown_after(pipeline: VisualPipeline[int], version: int) -> Frame:
    done = threading.Event()
    for _ in range(500):
        found = pipeline.shown.get(after=version)
        if found is not None:
            return found[1]
        done.wait(0.01)
    raise AssertionError("no frame was shown")


def test_a_live_frame_is_drawn_and_shown_at_once():
    with running(Way()) as pipeline:
        pipeline.push(frame(7))
        assert shown_after(pipeline, 0).image[0, 1, 0] == 7


def test_only_the_newest_of_the_waiting_frames_is_drawn():
    way = Way()
    way.hold.clear()
    with running(way) as pipeline:
        pipeline.push(frame(1))
        assert way.entered.wait(5)
        for number in (2, 3, 4):
            pipeline.push(frame(number))
        way.hold.set()
        shown_after(pipeline, 0)
        assert shown_after(pipeline, 1).number == 4


def test_the_dubbed_picture_shows_the_frame_of_the_wanted_time_with_its_own_face():
    now = [0.0]
    settings = Picture(mode="dubbed", delay=0.5)
    with running(Way(), settings, heard=lambda: now[0]) as pipeline:
        last = frame(0)
        for number in range(30):
            now[0] = number / 30
            version = pipeline.shown.version
            pipeline.push(frame(number))
            last = shown_after(pipeline, version)
    assert abs(last.pts - (29 / 30 - 0.5)) <= 0.05
    assert last.image[0, 1, 0] == last.image[0, 0, 0]


def test_the_dubbed_picture_shows_what_comes_until_its_delay_is_filled():
    with running(Way(), Picture(mode="dubbed", delay=4.0), heard=lambda: 0.0) as pipeline:
        pipeline.push(frame(3))
        assert shown_after(pipeline, 0).number == 3


def test_a_frame_that_something_fails_on_is_shown_as_it_is_and_the_picture_goes_on(caplog):
    way, metrics = Way(), Metrics()
    way.fails_on = 1
    with running(way, metrics=metrics) as pipeline:
        pipeline.push(frame(1))
        assert shown_after(pipeline, 0).image[0, 1, 0] == 1
        pipeline.push(frame(2))
        assert shown_after(pipeline, 1).image[0, 1, 0] == 2
    assert metrics.snapshot()["counters"] == {"picture.failed": 1}
    assert "The picture is shown as it is" in caplog.text


@pytest.mark.parametrize("mode", ["live", "dubbed"])
def test_frames_of_another_size_in_mid_stream_are_shown(mode):
    with running(Way(), Picture(mode=mode, delay=0.5), heard=lambda: 0.5) as pipeline:
        for number, size in enumerate((4, 8, 6)):
            version = pipeline.shown.version
            pipeline.push(Frame(np.zeros((size, size, 3), np.uint8), number / 30, number))
            assert shown_after(pipeline, version).image.shape[0] == size
