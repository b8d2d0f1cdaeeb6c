"""Workers for `bench scale`, each in a process of its own: one whose work is a sleep, and one with
an engine, as the command `worker` starts it."""

import logging
import threading
import time
from collections.abc import Iterable

from app.worker import BrokerWorker, Job
from core.config import Config
from core.types import Segment, Transcript
from engines.broker.link import Link
from engines.broker.presence import Worker
from engines.broker.serving import Serving

# What is killed here is killed on purpose.
logging.getLogger("engines.broker").setLevel(logging.ERROR)


class _Sleep:
    """Takes its time and no processor."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def process(self, segment: Segment) -> Iterable[Transcript]:
        time.sleep(self._seconds)
        return [Transcript(segment, str(segment.number), "en")]

    def flush(self) -> Iterable[Transcript]:
        return ()

    def close(self) -> None:
        pass


class SleepingWorker:
    """Recognises nothing, after so many seconds."""

    def __init__(self, broker: str, language: str, seconds: float) -> None:
        self._link = Link(broker, "simulated worker")
        worker = Worker("stt", (language,), "sleep")
        self._serving = Serving(self._link, worker, _Sleep(seconds))
        self._thread = threading.Thread(target=self._serving.run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._serving.stop()
        self._thread.join(2)
        self._link.close()


class EngineWorker:
    """As `translated-camera worker KIND --engine fake`."""

    def __init__(self, broker: str, kind: str, languages: tuple[str, str]) -> None:
        self._worker = BrokerWorker(Job(kind, broker, *languages, "fake"), Config())
        self._thread = threading.Thread(target=self._worker.run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._worker.stop()
        self._thread.join(2)
        self._worker.close()
