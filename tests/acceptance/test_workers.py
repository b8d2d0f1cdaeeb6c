"""Workers from outside: the commands as people start them, a real RabbitMQ, and what kill -9 does
to each of them."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import wave
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import psutil
import pytest

from app.placement import VARIABLE
from core.types import AudioChunk, Segment
from engines.broker.far import Office
from engines.broker.private import PrivateBroker
from engines.stt.tones import RATE, utter
from tests.brokers import needs_broker

pytestmark = [pytest.mark.acceptance, pytest.mark.broker, needs_broker]

SEGMENTS = 100
WORDS = ("hello", "world", "good", "morning", "one", "two", "three", "four", "five", "six")
SENTENCES = ("the house is very big", "we have a lot of work to do")
needs_engines = pytest.mark.skipif(
    not (shutil.which("flite") and shutil.which("apertium")),
    reason="flite and apertium are not installed: nothing to speak with, or to translate with",
)


@pytest.fixture
def start(broker):
    """Starts `worker` commands, and ends them. They are at the common broker unless another is
    given."""
    with ExitStack() as ending:

        def start(*arguments: str, at: PrivateBroker = broker) -> subprocess.Popen[str]:
            worker = subprocess.Popen(
                [sys.executable, "-m", "app.main", "worker", *arguments],
                env={**os.environ, VARIABLE: at.url},
                stderr=subprocess.PIPE,
                text=True,
            )
            ending.callback(end, worker)
            greeting = worker.stderr.readline()
            assert "ready" in greeting, greeting + worker.stderr.read()
            assert "guest" not in greeting
            threading.Thread(target=worker.stderr.read, daemon=True).start()
            return worker

        yield start


def end(worker: subprocess.Popen[str]) -> None:
    worker.send_signal(signal.SIGCONT)
    worker.terminate()
    worker.wait(20)
    worker.stderr.close()


def segments():
    """Each says which it is, in the tone language: two words for two digits."""
    for number in range(SEGMENTS):
        text = f"{WORDS[number // 10]} {WORDS[number % 10]}"
        yield text, Segment(number, AudioChunk(utter(text), RATE, float(number)))


def spoken(stage, disturb) -> list[str]:
    """What the far recogniser says to a hundred segments, eight under way at any time."""
    items = list(segments())
    for _, item in items[:8]:
        stage.ahead(item)
    heard = []
    for number, (_, item) in enumerate(items):
        heard += [transcript.text for transcript in stage.process(item)]
        disturb(number)
        if number + 8 < len(items):
            stage.ahead(items[number + 8][1])
    return heard


@pytest.fixture
def mortal():
    """A broker that may be killed."""
    with PrivateBroker() as running:
        yield running


def test_kills_of_every_worker_and_the_broker_lose_nothing_and_repeat_nothing(mortal, start):
    workers = [start("stt", "--engine", "fake", at=mortal) for _ in range(2)]
    office = Office(mortal.url)
    stage = office.stage("stt", ("en",))

    def disturb(number: int) -> None:
        if number in (20, 40):
            workers[number // 40].kill()
            workers.append(start("stt", "--engine", "fake", at=mortal))
        if number == 70:
            mortal.vanish(1.0)

    try:
        heard = spoken(stage, disturb)
        assert heard == [text for text, _ in segments()]
        assert office.link.losses >= 1
    finally:
        stage.close()


def test_a_worker_s_engine_that_is_killed_is_started_again_and_its_request_done(broker, start):
    worker = start("stt", "--engine", "fake")
    office = Office(broker.url)
    stage = office.stage("stt", ("en",))

    def disturb(number: int) -> None:
        if number in (30, 60):
            for child in psutil.Process(worker.pid).children():
                child.kill()

    try:
        assert spoken(stage, disturb) == [text for text, _ in segments()]
    finally:
        stage.close()


def test_a_stopped_worker_holds_nothing_up_for_longer_than_seconds(broker, start):
    """SIGSTOP: its connection stays, and it does nothing."""
    hung = start("stt", "--engine", "fake")
    start("stt", "--engine", "fake")
    told: list[str] = []
    office = Office(broker.url, told.append)
    stage = office.stage("stt", ("en",))
    try:
        heard = spoken(stage, lambda n: hung.send_signal(signal.SIGSTOP) if n == 30 else None)
        assert heard == [text for text, _ in segments()]
    finally:
        hung.send_signal(signal.SIGCONT)
        stage.close()


def clip(path: Path) -> Path:
    parts = [np.zeros(8000, np.int16)]
    for sentence in SENTENCES * 2:
        subprocess.run(["flite", "-voice", "rms", "-t", sentence, "-o", str(path)], check=True)
        with wave.open(str(path)) as file:
            parts.append(np.frombuffer(file.readframes(file.getnframes()), np.int16))
        parts.append(np.zeros(19200, np.int16))
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes(np.concatenate(parts).tobytes())
    return path


def translate(source: Path, target: Path, *arguments: str, **environment: str):
    report = target.with_suffix(".json")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "app.main",
            "translate",
            str(source),
            str(target),
            "--json",
            str(report),
            *arguments,
        ],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    return done, json.loads(report.read_text("utf-8")) if report.exists() else None


@needs_engines
def test_a_clip_translated_elsewhere_says_what_it_says_when_translated_here(
    broker, start, tmp_path
):
    source = clip(tmp_path / "in.wav")
    here, expected = translate(source, tmp_path / "here.wav")
    assert here.returncode == 0, here.stderr
    for kind in ("stt", "mt", "tts", "lips"):
        start(kind, "--from", "en", "--to", "es")
    for place in (["broker", "--placement", "lips=broker"], ["process"]):
        target = tmp_path / f"{place[0]}.wav"
        done, report = translate(source, target, "--placement", *place, **{VARIABLE: broker.url})
        assert done.returncode == 0, done.stderr
        assert texts(report) == texts(expected)
        where = "by workers" if place[0] == "broker" else "in a process of its own"
        assert len(re.findall(where, done.stderr)) == 3


def texts(report) -> list[tuple[str, str]]:
    return [(one["text"], one["translation"]) for one in report["segments"]]


@needs_engines
def test_a_clip_whose_workers_are_missing_ends_with_5_and_the_command_that_helps(broker, tmp_path):
    source = clip(tmp_path / "in.wav")
    done, _ = translate(
        source, tmp_path / "out.wav", "--placement", "broker", "--broker", broker.url
    )
    assert done.returncode == 5
    assert "translated-camera worker mt" in done.stderr
    assert "guest" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("nothing", "--broker", "amqp://host/"), 2, "no 'nothing' worker"),
        (("stt",), 2, "Which broker"),
        (("stt", "--broker", "http://host/"), 2, "is written amqp://"),
        (("stt", "--broker", "amqp://me:letmein@127.0.0.1:9/", "--engine", "fake"), 5, "No broker"),
        (("mt", "--broker", "amqp://host/", "--engine", "babel"), 2, "no mt engine named 'babel'"),
    ],
)
def test_what_is_wrong_with_a_worker_s_command_is_a_sentence(arguments, code, sentence):
    done = subprocess.run(
        [sys.executable, "-m", "app.main", "worker", *arguments],
        env={key: value for key, value in os.environ.items() if key != VARIABLE},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == code
    assert sentence in done.stderr
    assert "letmein" not in done.stderr


def test_who_is_at_the_broker_is_listed(broker, start):
    start("mt", "--from", "en", "--to", "es", "--engine", "fake")
    done = subprocess.run(
        [sys.executable, "-m", "app.main", "workers", "--broker", broker.url],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert re.search(r"mt\W+en to es\W+fake", done.stdout)


def test_a_worker_that_is_told_to_end_finishes_cleanly(broker, start):
    worker = start("tts", "--to", "es", "--engine", "fake")
    children = psutil.Process(worker.pid).children()
    worker.terminate()
    assert worker.wait(20) == 0
    deadline = time.monotonic() + 10
    while any(child.is_running() and child.status() != "zombie" for child in children):
        assert time.monotonic() < deadline
        time.sleep(0.05)
