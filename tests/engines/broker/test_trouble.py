"""What goes wrong on the way, and that it costs time and not words."""

import sys
import threading
import time
from contextlib import ExitStack

import msgpack
import numpy as np
import psutil
import pytest

from core.errors import EngineFailed
from core.process import RemoteStage
from core.types import AudioChunk, Segment, Transcript
from engines.broker.link import Link
from engines.broker.parcel import Parcel
from engines.broker.presence import Attendance, Worker, _read
from engines.broker.private import PrivateBroker
from engines.broker.rabbitmq import RabbitChannel
from engines.broker.serving import Serving
from engines.broker.topology import Box, work
from tests.brokers import needs_broker
from tests.engines.broker.conftest import Bench, until

pytestmark = [pytest.mark.broker, needs_broker]

WORKSHOP = """
import os, signal, time
from pathlib import Path
from core.types import Translation

class Once:
    # Hangs, or dies, with the first item of each life until there were enough.
    def __init__(self, how, lives):
        self.how, self.lives = how, Path(lives)
    def process(self, item):
        left = int(self.lives.read_text())
        if left > 0:
            self.lives.write_text(str(left - 1))
            time.sleep(600) if self.how == "hangs" else os.kill(os.getpid(), signal.SIGKILL)
        return [Translation(item, item.text.upper(), "es")]
    def flush(self): return ()
    def close(self): pass
"""


def transcript(text: str) -> Transcript:
    return Transcript(Segment(0, AudioChunk(np.zeros(0, np.float32), 16000, 0.0)), text, "en")


@pytest.fixture
def remote(tmp_path, monkeypatch, bench):
    """Serves by a stage in a process that hangs or dies so many times first."""
    (tmp_path / "workshop.py").write_text(WORKSHOP)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "workshop", raising=False)
    made = []

    def remote(how: str, times: int) -> RemoteStage:
        lives = tmp_path / "lives"
        lives.write_text(str(times))
        options = {"how": how, "lives": str(lives)}
        made.append(RemoteStage("workshop:Once", options, timeout=0.5, tries=1))
        bench.worker(made[-1].process)
        return made[-1]

    yield remote
    for stage in made:
        stage.close()


@pytest.mark.parametrize("how", ["hangs", "dies"])
def test_an_engine_that_hangs_or_dies_is_replaced_and_the_item_done(bench, remote, how):
    stage = remote(how, 1)
    first = stage.remote.pid
    (done,) = bench.stage().process(transcript("hello"))
    assert done.text == "HELLO"
    assert stage.remote.restarts == 1
    assert not psutil.pid_exists(first)


def test_an_item_that_kills_every_engine_is_given_up_after_three_and_the_next_is_done(
    bench, remote
):
    remote("dies", 3)
    stage = bench.stage()
    with pytest.raises(EngineFailed, match="crashed"):
        list(stage.process(transcript("poison")))
    (done,) = stage.process(transcript("hello"))
    assert done.text == "HELLO"


def test_what_is_put_while_the_broker_is_away_arrives_when_it_is_back():
    with PrivateBroker() as broker, ExitStack() as ending:
        link = Link(broker.url, "tests")
        ending.callback(link.close)
        channel = RabbitChannel(link, Box("audio_queue.outage"))
        ending.callback(channel.cancel)
        for number in range(3):
            channel.put(Parcel(None, "before", number))
        broker.kill()
        late = []
        writer = threading.Thread(target=lambda: late.append(channel.put(Parcel(None, "late"))))
        writer.start()
        writer.join(0.5)
        assert not late
        broker.start()
        writer.join(20)
        assert late == [True]
        got = []
        while len(got) < 4:
            got.append(channel.get(20).id)
            channel.ack()
        assert sorted(got) == [*(("before", number) for number in range(3)), ("late", 0)]


def test_what_a_dead_receiver_had_in_hand_comes_to_another(broker):
    links = [Link(broker.url, "tests") for _ in range(2)]
    box = Box("audio_queue.heirs")
    first, second = (RabbitChannel(link, box) for link in links)
    first.put(Parcel(None, "s", 7))
    assert first.get(10).number == 7
    links[0].close()
    assert second.get(10).number == 7
    second.ack()
    second.cancel()
    links[1].close()


def test_a_queue_that_is_deleted_is_made_again_and_work_goes_on(bench):
    bench.worker(lambda item: [item])
    stage = bench.stage()
    list(stage.process(transcript("before")))
    link = Link(bench.broker.url, "tests")
    link.do(_deleted(link, work("mt", (bench.language,)).name))
    link.close()
    until(lambda: stage._office.link.up)
    (after,) = stage.process(transcript("after"))
    assert after.text == "after"


async def _deleted(link, name):
    await link.channel.queue_delete(name)


def test_who_is_there_is_known_and_who_leaves_is_forgotten(bench):
    link = Link(bench.broker.url, "tests")
    attendance = Attendance(link)
    serving = bench.worker(lambda item: [item], name="a note")
    found = attendance.await_one("mt", (bench.language,), "")
    assert (found.engine, found.note) == ("here", "a note")
    assert attendance.await_one("mt", (bench.language,), "another", patience=0.1) is None
    assert attendance.await_one("stt", (bench.language,), "", patience=0.1) is None
    serving.stop()
    until(lambda: found.id not in [worker.id for worker in attendance.workers])
    attendance.close()
    link.close()


@pytest.mark.parametrize(
    "fields", [3, [1], [2, *([""] * 10)], [1, "mt", [1], "", "", 0, "", 0, "", [], False]]
)
def test_what_is_no_announcement_is_refused(fields):
    with pytest.raises((ValueError, TypeError)):
        _read(msgpack.packb(fields))


def test_a_worker_ends_within_a_moment(bench: Bench):
    link = Link(bench.broker.url, "worker")
    stage = type("Stage", (), {"process": staticmethod(lambda item: [item])})()
    serving = Serving(link, Worker("mt", (bench.language,), "here"), stage)
    thread = threading.Thread(target=serving.run)
    thread.start()
    time.sleep(0.1)
    serving.stop()
    thread.join(5)
    assert not thread.is_alive()
    link.close()
