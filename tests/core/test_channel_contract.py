"""What every channel promises, whatever lies between its ends."""

import threading
import time
from dataclasses import replace
from functools import partial
from uuid import uuid4

import numpy as np
import pytest

from core import channel as channels
from core.channel import Closed, LocalChannel
from core.types import AudioChunk, Segment
from engines.broker import topology
from engines.broker.link import Link
from engines.broker.parcel import Parcel
from engines.broker.rabbitmq import RabbitChannel
from engines.broker.topology import Box
from tests.brokers import needs_broker

PAUSES = (0.02, 0.05)


def parcel(number: int) -> Parcel:
    sound = AudioChunk(np.full(16000, number / 64, np.float32), 16000, float(number))
    return Parcel(Segment(number, sound), "a session", number)


@pytest.fixture(
    params=["local", pytest.param("rabbitmq", marks=[pytest.mark.broker, needs_broker])]
)
def make(request, monkeypatch):
    """Makes channels that hold two parcels at most."""
    monkeypatch.setattr(channels, "PAUSES_S", PAUSES)
    monkeypatch.setattr(topology, "PAUSES_S", PAUSES)
    if request.param == "local":
        yield partial(LocalChannel[Parcel], "parcels", depth=2)
        return
    link = Link(request.getfixturevalue("broker").url, "tests")
    box = Box(f"audio_queue.{uuid4().hex}", limit=70_000)
    made = []

    def make():
        made.append(RabbitChannel(link, box))
        return made[-1]

    yield make
    for channel in made:
        channel.cancel()
    link.close()


def until(condition, patience=10.0):
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.005)


def test_parcels_come_out_whole_and_in_the_order_they_went_in(make):
    channel = make()
    for number in range(2):
        assert channel.put(parcel(number))
    for number in range(2):
        got = channel.get(10)
        assert (got.id, got.item.number) == (("a session", number), number)
        np.testing.assert_array_equal(got.item.audio.samples, parcel(number).item.audio.samples)
        channel.ack()


def test_a_parcel_is_pending_until_it_is_acknowledged(make):
    channel = make()
    channel.put(parcel(1))
    assert channel.pending == 1
    channel.get(10)
    assert channel.pending == 1
    channel.ack()
    until(lambda: channel.pending == 0)


def test_a_full_channel_holds_the_writer_and_loses_nothing(make):
    channel = make()
    put = []

    def write():
        for number in range(4):
            assert channel.put(parcel(number))
            put.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    until(lambda: len(put) == 2)
    writer.join(0.2)
    assert put == [0, 1]
    got = []
    for _ in range(4):
        got.append(channel.get(10).number)
        channel.ack()
    writer.join(10)
    assert got == put == [0, 1, 2, 3]


def test_a_rejected_parcel_comes_again_and_the_third_time_is_the_last(make):
    channel = make()
    channel.put(parcel(5))
    fates = []
    for _ in range(3):
        assert channel.get(10).number == 5
        fates.append(channel.reject("It broke."))
    assert fates == [True, True, False]
    until(lambda: channel.pending == 0)
    with pytest.raises(TimeoutError):
        channel.get(0.2)


def test_a_rejected_parcel_is_not_offered_before_its_pause_is_over(make, monkeypatch):
    for module in (channels, topology):
        monkeypatch.setattr(module, "PAUSES_S", (0.3, 0.3))
    channel = make()
    channel.put(parcel(1))
    channel.get(10)
    assert channel.reject()
    with pytest.raises(TimeoutError):
        channel.get(0.1)
    assert channel.pending == 1
    assert channel.get(10).number == 1
    channel.ack()


def test_a_closed_channel_gives_out_what_it_holds_and_then_ends(make):
    channel = make()
    channel.put(parcel(1))
    channel.put(parcel(2))
    channel.close()
    assert channel.put(parcel(3)) is False
    for number in (1, 2):
        assert channel.get(10).number == number
        channel.ack()
    with pytest.raises(Closed):
        channel.get(10)


def test_a_closed_channel_still_brings_back_what_is_rejected(make):
    channel = make()
    channel.put(parcel(1))
    channel.get(10)
    channel.close()
    assert channel.reject()
    assert channel.get(10).number == 1
    channel.ack()
    with pytest.raises(Closed):
        channel.get(10)


def test_cancel_frees_a_writer_that_waits_and_a_reader_that_waits(make):
    full, results = make(), []
    for number in range(2):
        full.put(parcel(number))

    def write():
        results.append(full.put(parcel(2)))

    writer = threading.Thread(target=write)
    writer.start()
    writer.join(0.1)
    full.cancel()
    writer.join(10)
    assert results == [False]
    with pytest.raises(Closed):
        full.get(10)
    assert full.put(replace(parcel(3))) is False


def test_a_reader_that_waits_is_freed_by_cancel(make):
    empty, results = make(), []

    def read():
        try:
            results.append(empty.get())
        except Closed:
            results.append("closed")

    reader = threading.Thread(target=read)
    reader.start()
    reader.join(0.2)
    empty.cancel()
    reader.join(10)
    assert results == ["closed"]


def test_nothing_in_time_is_a_timeout(make):
    with pytest.raises(TimeoutError):
        make().get(timeout=0.01)
