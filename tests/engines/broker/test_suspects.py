"""What a message costs whose receivers end with it in hand, and what it costs its neighbours."""

import asyncio
import logging
import threading
from contextlib import suppress
from types import SimpleNamespace
from uuid import uuid4

import pytest

from core.channel import Closed
from engines.broker import rabbitmq, suspects
from engines.broker.envelope import attempts
from engines.broker.link import Link
from engines.broker.parcel import Parcel
from engines.broker.presence import Announcer, Attendance, Worker
from engines.broker.rabbitmq import RabbitChannel
from engines.broker.survey import survey
from engines.broker.topology import Box
from tests.brokers import needs_broker
from tests.engines.broker.conftest import until

pytestmark = [pytest.mark.broker, needs_broker]


@pytest.fixture(autouse=True)
def quiet(caplog):
    with caplog.at_level(logging.CRITICAL):
        yield


@pytest.fixture
def box() -> Box:
    return Box(f"audio_queue.{uuid4().hex}")


@pytest.fixture
def receiver(broker, box):
    """Makes one with a connection of its own, which ends as a process does that is killed."""
    links = []

    def receiver(**options) -> tuple[RabbitChannel, Link]:
        links.append(Link(broker.url, "tests"))
        return RabbitChannel(links[-1], box, **options), links[-1]

    yield receiver
    for link in links:
        link.close()


def ends_over(receiver, number: int) -> list[int]:
    """A receiver that does what it gets, until it gets this one, and ends. What it has done."""
    channel, link = receiver()
    done = []
    while (got := channel.get(20).number) != number:
        channel.ack()
        done.append(got)
    link.close()
    return done


def done_until(over, channel: RabbitChannel) -> list[int]:
    done = []

    def turn() -> bool:
        with suppress(TimeoutError):
            done.append(channel.get(0.1).number)
            channel.ack()
        return over()

    until(turn)
    return done


def test_what_three_receivers_ended_over_is_given_up_with_its_reason(link, box, receiver):
    refused = []
    writer = RabbitChannel(link, box)
    writer.put(Parcel(None, "s", 7))
    for _ in range(3):
        assert not ends_over(receiver, 7)
    last, _ = receiver(refused=lambda message, reason: refused.append(message.message_id))
    assert not done_until(lambda: survey(link, box).dead == 1, last)
    assert refused == ["s/7"]
    assert survey(link, box).reasons == (suspects.REASON,)
    until(lambda: writer.pending == 0)


def test_what_was_held_beside_it_is_done_however_often_it_comes_again(link, box, receiver):
    writer = RabbitChannel(link, box)
    for number in range(8):
        writer.put(Parcel(None, "s", number))
    done = [number for _ in range(3) for number in ends_over(receiver, 0)]
    last, _ = receiver()
    done += done_until(lambda: survey(link, box).dead == 1 and writer.pending == 0, last)
    assert set(done) == set(range(1, 8))


def test_what_comes_again_twice_and_is_done_then_is_no_dead_letter(link, box, receiver):
    writer = RabbitChannel(link, box)
    writer.put(Parcel(None, "s", 7))
    for _ in range(2):
        ends_over(receiver, 7)
    last, _ = receiver()
    assert last.get(10).number == 7
    last.ack()
    until(lambda: writer.pending == 0)
    assert survey(link, box).dead == 0


def test_a_receiver_that_was_never_at_a_message_is_not_counted(link, box, receiver):
    writer = RabbitChannel(link, box)
    for number in range(2):
        writer.put(Parcel(None, "s", number))
    # Once is all: set aside, they are given to nobody who only listens.
    idle, ending = receiver()
    idle.listen()
    until(lambda: len(idle.held) == 2)
    ending.close()
    last, _ = receiver()
    got = [last.get(10).number for _ in range(2)]
    assert sorted(got) == [0, 1]
    assert [attempts(delivery.message) for delivery in last._in_hand] == [1, 1]


def test_a_look_that_takes_too_long_is_not_held_against_what_it_finds(
    link, box, receiver, monkeypatch
):
    monkeypatch.setattr(rabbitmq, "_COUNT_S", 0.1)
    RabbitChannel(link, box).send(Parcel(None, "s", 7), again=True).result(10)
    slow, _ = receiver()
    take, arrive = slow._suspects.take, slow._suspects.arrived
    for _ in range(3):
        began, late, back = threading.Event(), threading.Event(), threading.Event()

        async def looked(channel, began=began, late=late):
            began.set()
            await asyncio.to_thread(late.wait)
            return await take(channel)

        def arrived(back=back):
            arrive()
            back.set()

        monkeypatch.setattr(slow._suspects, "arrived", arrived)
        monkeypatch.setattr(slow._suspects, "take", looked)
        assert not done_until(began.is_set, slow)
        monkeypatch.setattr(slow._suspects, "take", take)
        late.set()
        assert back.wait(20)
    assert slow.get(10).number == 7
    assert attempts(slow._in_hand[0].message) == 1


def test_a_receiver_whose_connection_is_away_looks_for_none_until_it_is_due(monkeypatch):
    async def attach(opener) -> None:
        pass

    monkeypatch.setattr(suspects, "LOOK_S", 60.0)
    away = SimpleNamespace(attach=attach)
    nowhere = SimpleNamespace(outward=away, inward=away, do=lambda work: work.close())
    channel = RabbitChannel(nowhere, Box("audio_queue"))
    assert channel._suspect() is None
    assert channel._suspects.due > 0


def test_what_is_sent_again_is_given_to_nobody_in_advance(link, box, receiver):
    hung, _ = receiver()
    hung.listen()
    writer = RabbitChannel(link, box)
    writer.send(Parcel(None, "s", 3), again=True).result(10)
    quick, _ = receiver()
    assert quick.get(10).number == 3
    assert not hung.held


def test_a_receiver_that_waits_for_the_end_does_what_came_again_first(link, box, receiver):
    writer = RabbitChannel(link, box)
    writer.put(Parcel(None, "s", 7))
    ends_over(receiver, 7)
    last, _ = receiver()
    last.close()
    assert last.get(10).number == 7
    last.ack()
    with pytest.raises(Closed):
        last.get(10)


def test_none_is_looked_for_while_one_is_on_its_way_there():
    waiting = suspects.Suspects([Box("audio_queue")])
    assert waiting.due == 0
    waiting.leaving()
    waiting.leaving()
    waiting.arrived()
    assert waiting.due > suspects.LOOK_S
    waiting.arrived()
    assert waiting.due == 0
    assert suspects.Suspects([Box("answers", private=True)]).due == float("inf")


@pytest.mark.parametrize("ended", [True, False], ids=["ended", "hangs"])
def test_who_has_ended_is_told_from_who_hangs(broker, link, ended):
    silent = []
    worker = Worker("mt", (uuid4().hex,), "here")
    attendance = Attendance(link, lambda who, heard: silent.append((who.id, heard)))
    theirs = Link(broker.url, "worker")
    announcer = Announcer(theirs, worker, list)
    assert attendance.await_one("mt", worker.languages, "") is not None
    theirs.close() if ended else announcer._saying.cancel()
    until(lambda: silent)
    assert [(who, heard is None) for who, heard in silent] == [(worker.id, ended)]
    attendance.close()
    theirs.close()
