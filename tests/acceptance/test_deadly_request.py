"""A request that kills whatever worker's process has it in hand, seen from outside: the command as
people start it, kept running by somebody who starts it again whenever it ends."""

import os
import subprocess
import sys
import threading
from collections import Counter

import pytest

from app.placement import VARIABLE
from core.errors import EngineFailed
from core.types import AudioChunk, Segment
from engines.broker.far import Office
from engines.broker.suspects import REASON
from engines.stt.tones import RATE, utter
from tests.brokers import needs_broker
from tests.services import until

pytestmark = [pytest.mark.acceptance, pytest.mark.broker, needs_broker]

WORDS = ("hello", "world", "good", "morning", "one", "two", "three", "four")
DEADLY = 3
WORKERS = 2
COMMAND = f"""
import os, signal
from app.main import main
from engines.broker.serving import Serving

def serve(self, request, serve=Serving._serve):
    if request.item.number == {DEADLY}:
        os.kill(os.getpid(), signal.SIGKILL)
    serve(self, request)

Serving._serve = serve
main()
"""


class Keeper:
    """Keeps so many workers running, as systemd or Docker does, and counts how they end."""

    def __init__(self, url: str, count: int) -> None:
        self.ends: Counter[int] = Counter()
        self.ready = threading.Semaphore(0)
        self._url = url
        self._over = threading.Event()
        self._running: dict[int, subprocess.Popen[str]] = {}
        self._threads = [threading.Thread(target=self._keep, args=(n,)) for n in range(count)]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        self._over.set()
        for worker in list(self._running.values()):
            worker.terminate()
        for thread in self._threads:
            thread.join(30)

    def _keep(self, place: int) -> None:
        arguments = ["worker", "stt", "--engine", "fake"]
        while not self._over.is_set():
            with subprocess.Popen(
                [sys.executable, "-c", COMMAND, *arguments],
                env={**os.environ, VARIABLE: self._url},
                stderr=subprocess.PIPE,
                text=True,
            ) as worker:
                self._running[place] = worker
                if self._over.is_set():
                    worker.terminate()
                worker.stderr.readline()
                self.ready.release()
                worker.stderr.read()
            self.ends[worker.returncode] += 1


def test_it_is_given_up_after_three_and_the_rest_is_done_once_and_in_order(broker):
    keeper = Keeper(broker.url, WORKERS)
    for _ in range(WORKERS):
        assert keeper.ready.acquire(timeout=30)
    office = Office(broker.url)
    stage = office.stage("stt", ("en",))
    items = [Segment(n, AudioChunk(utter(word), RATE, float(n))) for n, word in enumerate(WORDS)]
    heard, failed = [], []
    try:
        for item in items:
            stage.ahead(item)
        for item in items:
            try:
                heard += [transcript.text for transcript in stage.process(item)]
            except EngineFailed as error:
                failed.append((item.number, str(error)))
        assert failed == [(DEADLY, REASON)]
        assert heard == [word for word in WORDS if word != WORDS[DEADLY]]
        assert REASON in listed(broker.url, "--discard")
        assert REASON not in listed(broker.url)
        until(lambda: keeper.ends.total() >= 3)
        assert set(keeper.ends) == {-9}
        # A worker that got no processor for seconds counts as one that hangs; its work goes twice.
        assert stage.resent or keeper.ends.total() == 3
    finally:
        stage.close()
        keeper.close()


def listed(url: str, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "app.main", "workers", *arguments],
        env={**os.environ, VARIABLE: url},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
