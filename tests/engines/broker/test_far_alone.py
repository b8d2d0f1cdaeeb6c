"""The session's end of a broker, on queues that only note what is sent."""

import threading
from dataclasses import replace
from itertools import count
from types import SimpleNamespace

import numpy as np
import pytest

from core.channel import Closed
from core.errors import EngineFailed
from core.types import AudioChunk, Segment, Transcript
from engines.broker import far
from engines.broker.far import FarStage
from engines.broker.presence import Worker

SILENCE = AudioChunk(np.zeros(0, np.float32), 16000, 0.0)
WORKER = Worker("mt", ("en", "es"), "here")


class Queue:
    """Keeps what is sent; nothing ever comes out of it."""

    def __init__(self, link, box, *, sound=False):
        self.name = "queue"
        self.sent, self._over = [], threading.Event()

    def send(self, parcel, *, again=False):
        self.sent.append(parcel)

    def listen(self):
        pass

    def get(self, timeout):
        self._over.wait(20)
        raise Closed

    def cancel(self):
        self._over.set()


class WatchedLock:
    """Tells when somebody has to wait for it."""

    def __init__(self, waited_for):
        self._lock, self._waited_for = threading.Lock(), waited_for

    def __enter__(self):
        if not self._lock.acquire(blocking=False):
            self._waited_for()
            self._lock.acquire()

    def __exit__(self, *error):
        self._lock.release()


@pytest.fixture
def office(monkeypatch):
    monkeypatch.setattr(far, "RabbitChannel", Queue)
    return SimpleNamespace(
        session="s",
        numbers=count(),
        link=SimpleNamespace(up=False),
        attendance=SimpleNamespace(workers=(WORKER,)),
        tell=print,
        left=lambda stage: None,
    )


@pytest.fixture
def stage(office):
    stage = FarStage(office, WORKER, "mt", ("en", "es"), "")
    yield stage
    stage.close()


def test_what_is_wanted_at_the_moment_at_which_its_turn_comes_is_asked_once(office, stage):
    item = Transcript(Segment(0, SILENCE), "hello", "en")
    met = threading.Event()
    stage._lock = WatchedLock(met.set)

    def want():
        with pytest.raises(EngineFailed):
            list(stage.process(item))

    wanting = threading.Thread(target=want)

    def number():
        """Who wants the item comes in between."""
        if threading.current_thread() is wanting:
            met.set()
            return 1
        wanting.start()
        assert met.wait(20)
        return 0

    office.numbers = iter(number, None)
    stage.ahead(item)
    stage.give_up()
    wanting.join(20)
    assert not wanting.is_alive()
    assert [one.number for one in stage._requests.sent] == [0]


@pytest.mark.parametrize(
    ("held", "there", "done"),
    [(("s/0",), (WORKER,), True), ((), (WORKER,), False), (("s/0",), (), False)],
    ids=["held", "idle", "last"],
)
def test_what_a_worker_that_has_ended_had_is_done_by_others_if_there_are_any(
    office, stage, held, there, done
):
    told = []
    office.tell, office.attendance.workers = told.append, there
    ended = replace(WORKER, id="ended", held=held)
    stage.take_from(ended, None)
    rest = "; what it had is done by others" if done else ""
    assert told == [f"The {ended.name} has ended{rest}."]
