import logging
from uuid import uuid4

import pytest

from core.errors import EngineFailed
from engines.broker.link import Link
from engines.broker.parcel import Parcel
from engines.broker.rabbitmq import RabbitChannel
from engines.broker.survey import survey
from engines.broker.topology import Box, work
from tests.brokers import needs_broker
from tests.engines.broker.test_far import transcript

pytestmark = [pytest.mark.broker, needs_broker]


def test_what_is_not_there_is_none(link):
    assert survey(link, Box(f"nothing.{uuid4().hex}")) is None
    assert link.up


def test_what_waits_is_counted_and_left(link):
    box = Box(f"audio_queue.{uuid4().hex}")
    channel = RabbitChannel(link, box)
    for number in range(3):
        channel.put(Parcel(None, "s", number))
    channel.send(Parcel(None, "s", 3), again=True).result(10)
    for _ in range(2):
        found = survey(link, box)
        assert (found.waiting, found.dead, found.reasons) == (4, 0, ())


def test_dead_letters_are_told_with_their_reasons_until_they_are_thrown_away(bench, caplog):
    def fail(item):
        raise EngineFailed("The model is broken.")

    bench.worker(fail)
    with caplog.at_level(logging.CRITICAL), pytest.raises(EngineFailed):
        list(bench.stage().process(transcript("hello")))
    box = work("mt", (bench.language,))
    link = Link(bench.broker.url, "tests")
    for discard in (False, True):
        found = survey(link, box, discard=discard)
        assert (found.dead, found.reasons) == (1, ("The model is broken.",))
    assert survey(link, box).dead == 0
    link.close()
