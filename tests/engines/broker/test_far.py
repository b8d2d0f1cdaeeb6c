import logging
import threading
import time

import aio_pika
import numpy as np
import pytest

from core.errors import EngineFailed, EngineUnavailable, UsageError
from core.types import AudioChunk, Segment, Speech, Transcript, Translation
from engines.broker.answer import Answer
from engines.broker.envelope import sealed
from engines.broker.far import Office
from engines.broker.link import Link
from engines.broker.parcel import Parcel
from engines.broker.presence import Announcer, Worker
from engines.broker.rabbitmq import RabbitChannel
from engines.broker.topology import Box, answers, work
from engines.broker.wire import pack
from tests.brokers import needs_broker
from tests.engines.broker.conftest import until

pytestmark = [pytest.mark.broker, needs_broker]

SILENCE = AudioChunk(np.zeros(0, np.float32), 16000, 0.0)


def transcript(text: str, number: int = 0) -> Transcript:
    return Transcript(Segment(number, SILENCE), text, "en")


def upper(item: Transcript):
    return [Translation(item, item.text.upper(), "es")]


def texts(stage, items):
    for item in items:
        stage.ahead(item)
    return [one.text for item in items for one in stage.process(item)]


def test_a_worker_does_what_it_is_asked(bench):
    bench.worker(upper)
    assert texts(bench.stage(), [transcript("hello")]) == ["HELLO"]


def test_the_order_is_that_of_asking_whoever_is_quicker(bench):
    def slow_first(item):
        time.sleep(0.3 if item.text == "w0" else 0.0)
        return upper(item)

    bench.worker(slow_first)
    bench.worker(slow_first)
    words = [f"w{n}" for n in range(12)]
    assert texts(bench.stage(), [transcript(word) for word in words]) == [
        word.upper() for word in words
    ]


def test_two_workers_share_the_load(bench):
    def busy(item):
        time.sleep(0.05)
        return upper(item)

    workers = [bench.worker(busy), bench.worker(busy)]
    texts(bench.stage(), [transcript(f"w{n}") for n in range(12)])
    until(lambda: sum(worker.done for worker in workers) == 12)
    assert min(worker.done for worker in workers) >= 4


def test_one_item_may_become_several_or_none(bench):
    bench.worker(lambda item: [*upper(item), *upper(item)] if item.text else [])
    stage = bench.stage()
    assert texts(stage, [transcript("two"), transcript("")]) == ["TWO", "TWO"]


def test_sound_comes_back_and_that_of_the_segment_does_not_travel_twice(bench):
    ramp = np.arange(16000, dtype=np.float32) / 32768

    def speak(item):
        assert not item.transcript.segment.audio.samples.any()
        return [Speech(item, AudioChunk(ramp, 16000, 0.0))]

    bench.worker(speak, kind="tts")
    segment = Segment(3, AudioChunk(ramp, 16000, 0.0))
    (speech,) = bench.stage("tts").process(Translation(Transcript(segment, "a", "en"), "b", "es"))
    np.testing.assert_array_equal(speech.audio.samples, ramp)


def test_what_fails_is_tried_three_times_then_reported_and_kept_with_its_reason(bench, caplog):
    tried = []

    def fail(item):
        tried.append(item.text)
        raise EngineFailed("The model is broken.")

    bench.worker(fail)
    stage = bench.stage()
    with caplog.at_level(logging.CRITICAL), pytest.raises(EngineFailed, match="model is broken"):
        list(stage.process(transcript("hello")))
    assert tried == ["hello"] * 3
    (letter,) = dead_letters(bench)
    assert letter.headers["x-reason"] == "The model is broken."


def test_what_failed_once_is_done_by_the_next_attempt(bench, caplog):
    failures = [EngineFailed("Not today.")]

    def process(item):
        if failures:
            raise failures.pop()
        return upper(item)

    bench.worker(process)
    with caplog.at_level(logging.CRITICAL):
        assert texts(bench.stage(), [transcript("hello")]) == ["HELLO"]
    assert not dead_letters(bench)


def dead_letters(bench):
    """What lies there, taken out."""
    link = Link(bench.broker.url, "tests")
    try:
        return link.do(_taken(link, work("mt", (bench.language,)).dead))
    finally:
        link.close()


async def _taken(link, name):
    queue = await link.channel.declare_queue(name, passive=True)
    found = []
    while (message := await queue.get(fail=False, no_ack=True)) is not None:
        found.append(message)
    return found


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"hello", "not made by"),
        (b"TCAM\x07" + bytes(20), "wire version 7"),
        (pack(Parcel(transcript("x")))[:-3], "damaged"),
        (bytes(33 * 1024 * 1024), "larger than any"),
    ],
    ids=["foreign", "another version", "cut short", "oversize"],
)
def test_what_cannot_be_read_goes_to_the_dead_letters_and_its_sender_is_told(
    bench, caplog, body, why
):
    bench.worker(upper)
    stage = bench.stage()
    office = stage._office
    request = Parcel(
        transcript("x"), office.session, next(office.numbers), reply=stage._answers.name
    )
    waiting = stage._under_way[request.number] = Answer(request.item, request)
    message = sealed(request)
    message.body, message.body_size = body, len(body)
    with caplog.at_level(logging.CRITICAL):
        office.link.do(office.link.publish(stage._requests.name, message), 30)
        with pytest.raises(EngineFailed, match=why):
            list(waiting)
        until(lambda: any(why in letter.headers["x-reason"] for letter in dead_letters(bench)))


def test_nobody_who_can_do_it_is_refused_with_the_command_that_helps(bench):
    bench.worker(upper)
    office = Office(bench.broker.url)
    try:
        with pytest.raises(EngineUnavailable, match=r"No mt worker for English to Spanish .*Start"):
            office.stage("mt", ("en", "es"))
    finally:
        office.close()


def test_a_message_for_one_engine_reaches_only_that(bench):
    bench.worker(upper)
    office = Office(bench.broker.url)
    stage = office.stage("mt", (bench.language,), "here")
    try:
        assert texts(stage, [transcript("hello")]) == ["HELLO"]
    finally:
        stage.close()


def test_what_a_silent_worker_holds_is_done_by_another_and_the_user_is_told(bench):
    released = threading.Event()
    hung = threading.Event()

    def hang(item):
        hung.set()
        released.wait(30)
        return upper(item)

    silent = bench.worker(hang, name="silent")
    stage = bench.stage()
    item = transcript("hello")
    stage.ahead(item)
    assert hung.wait(10)
    until(lambda: any(w.held for w in stage._office.attendance.workers))
    silent._announcer._saying.cancel()  # as a stopped process: alive to the broker, and silent
    bench.worker(upper)
    assert [one.text for one in stage.process(item)] == ["HELLO"]
    assert any("does not answer; 1 of its requests" in text for text in bench.told)
    later = transcript("still there")
    released.set()
    assert texts(stage, [later]) == ["STILL THERE"]
    until(lambda: stage.duplicates >= 1)


def test_a_second_answer_is_dropped(bench):
    bench.worker(upper)
    stage = bench.stage()
    item = transcript("hello")
    stage.ahead(item)
    (answer,) = stage._under_way.values()
    stage._again(answer)
    assert [one.text for one in stage.process(item)] == ["HELLO"]
    until(lambda: stage.duplicates == 1)


def test_giving_up_frees_whoever_waits(bench):
    link = Link(bench.broker.url, "tests")
    announcer = Announcer(link, Worker("mt", (bench.language,), "nobody"), list)
    stage = bench.stage()
    item = transcript("hello")
    stage.ahead(item)
    threading.Timer(0.2, stage.give_up).start()
    with pytest.raises(EngineFailed, match="session is over"):
        list(stage.process(item))
    announcer.close()
    link.close()


def test_an_item_too_large_is_refused_when_it_is_asked(bench, monkeypatch):
    bench.worker(upper)
    stage = bench.stage()
    monkeypatch.setattr("engines.broker.wire.LARGEST", 100)
    with pytest.raises(EngineFailed, match="too large"):
        list(stage.process(transcript("hello " * 50)))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda url: url.replace("guest:guest", "guest:letmein"), "user name or password"),
        (lambda url: url + "elsewhere", "no such virtual host"),
        (lambda url: "amqp://guest:letmein@127.0.0.1:9/", "No broker answers"),
    ],
    ids=["password", "virtual host", "port"],
)
def test_what_is_wrong_with_an_address_is_said_without_the_password(broker, caplog, change, why):
    with caplog.at_level(logging.DEBUG), pytest.raises(EngineUnavailable, match=why) as raised:
        Link(change(broker.url), "tests")
    assert "letmein" not in caplog.text + str(raised.value)
    assert "guest:guest" not in caplog.text + str(raised.value)


@pytest.mark.parametrize("text", ["", "localhost", "http://host/", "amqp://", "amqp://host:port/"])
def test_what_is_no_address_is_a_usage_error(text):
    with pytest.raises(UsageError, match="amqp://user:password@host"):
        Link(text, "tests")


def test_a_queue_declared_otherwise_is_named(broker):
    link = Link(broker.url, "tests")
    box = Box("somebody_elses_queue")
    link.do(_declared(link, box.name))
    try:
        with pytest.raises(
            EngineUnavailable, match=r"other settings.*somebody_elses_queue.*Delete"
        ):
            RabbitChannel(link, box)
    finally:
        link.close()


async def _declared(link, name):
    await link.channel.declare_queue(name, durable=True, arguments={"x-max-length": 7})


def test_messages_outlive_the_broker():
    message = sealed(Parcel(None, "s", 1))
    assert message.delivery_mode is aio_pika.DeliveryMode.PERSISTENT


def test_a_session_s_stages_do_not_take_each_other_s_answers():
    kinds = ("stt", "mt", "tts", "lips")
    assert len({answers(kind, "session").name for kind in kinds}) == len(kinds)


def test_who_asks_for_much_ahead_keeps_another_waiting_for_little(bench):
    go, done = threading.Event(), []

    def work(item):
        assert go.wait(20)
        done.append(item.text)
        return [Translation(item, item.text.upper(), "es")]

    bench.worker(work)
    talker, other = bench.stage(), bench.stage()
    talk = [transcript(f"talk {number}") for number in range(12)]
    for item in talk:
        talker.ahead(item)
    word = transcript("a word")
    other.ahead(word)
    until(lambda: talker._requests.pending >= 2)  # beside those that the worker holds
    go.set()
    assert [answer.text for answer in other.process(word)] == ["A WORD"]
    assert done.index("a word") < len(talk) / 2
    said = [answer.text for item in talk for answer in talker.process(item)]
    assert said == [item.text.upper() for item in talk]
