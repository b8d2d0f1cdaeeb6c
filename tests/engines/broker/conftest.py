"""A worker and a session at a real broker, in this process, around stages written in the test."""

import threading
import time
from contextlib import ExitStack
from uuid import uuid4

import pytest

from engines.broker.far import Office
from engines.broker.link import Link
from engines.broker.presence import Worker
from engines.broker.serving import Serving


class Bench:
    """What a test needs at the broker, and its end. Languages of its own keep tests apart."""

    def __init__(self, broker, ending: ExitStack) -> None:
        self.broker = broker
        self.language = uuid4().hex
        self.told: list[str] = []
        self._ending = ending

    def worker(self, process, kind: str = "mt", name: str = "") -> Serving:
        """Serves by `process`, which is given an item and returns what it becomes."""
        link = Link(self.broker.url, "worker")
        stage = type("Stage", (), {"process": staticmethod(process)})()
        serving = Serving(link, Worker(kind, (self.language,), "here", note=name), stage)
        thread = threading.Thread(target=serving.run)
        thread.start()

        def end() -> None:
            serving.stop()
            thread.join(10)
            link.close()

        self._ending.callback(end)
        return serving

    def stage(self, kind: str = "mt"):
        office = Office(self.broker.url, self.told.append)
        stage = office.stage(kind, (self.language,))
        self._ending.callback(stage.close)
        return stage


@pytest.fixture
def bench(broker):
    with ExitStack() as ending:
        yield Bench(broker, ending)


def until(condition, patience: float = 20.0) -> None:
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)
