"""What a message costs whose receivers end with it in hand, and what it costs its neighbours."""

import logging
from contextlib import suppress
from uuid import uuid4

import pytest

from core.channel import Closed
from engines.broker import suspects
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
    for _ in range(5):
        idle, ending = receiver()
        idle.listen()
        until(lambda idle=idle: len(idle.held) == 2 or idle.pending > 0)
        ending.close()
    last, _ = receiver()
    assert sorted(last.get(10).number for _ in range(2)) == [0, 1]


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
