"""What placing the work elsewhere costs and gives: through a real broker on this machine, with
workers in processes of their own.

The speed-up is measured with work that only waits, since a machine of few cores cannot show what
several machines would: it tells what the broker and the session leave of each worker's time.
"""

import math
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import numpy as np

from app.bench import live_kills
from app.bench.kills import KINDS, Toll, toll
from app.bench.report import Figure, Figures
from app.placement import Places
from core.channel import Closed, LocalChannel
from core.config import Placement
from core.errors import EngineUnavailable
from core.process import Remote
from core.types import AudioChunk, Samples, Segment, Transcript
from engines.broker.far import Office
from engines.broker.private import PrivateBroker

RATE = 16000
ROUND_TRIPS = 200
SEGMENTS = 100
SHARED, WORK_S = 48, 0.25
KILLS = 3
_AHEAD = 12
_FACTORY = "app.bench.far_worker:SleepingWorker"
_ENGINES = {
    "stt": {"language": "en"},
    "mt": {"source": "en", "target": "es"},
    "tts": {"language": "es"},
}


def run() -> Figures:
    with PrivateBroker() as broker:
        here, there = np.percentile(_local(), (50, 99)), np.percentile(_far(broker), (50, 99))
        one, two, four = (_throughput(broker, workers) for workers in (1, 2, 4))
        killed = toll(broker, SEGMENTS)
    return {
        "broker_extra_p99_ms": Figure(1000 * (there[1] - here[1]), "ms", at_most=25),
        "broker_extra_p50_ms": Figure(1000 * (there[0] - here[0]), "ms"),
        **_survived(killed),
        "segments_per_s_1": Figure(one, "1/s"),
        "two_worker_speedup": Figure(two / one, "x", at_least=1.9),
        "four_worker_speedup": Figure(four / one, "x", at_least=3.6),
        "process_restart_s": Figure(_restart(), "s", at_most=3),
        **live_kills.run(),
    }


def _survived(killed: Toll) -> Figures:
    return {
        "lost": Figure(killed.lost, at_most=0),
        "duplicates": Figure(killed.duplicates, at_most=0),
        "disorder": Figure(killed.disorder, at_most=0),
        "workers_restarted": Figure(killed.restarts, at_least=len(KINDS)),
    }


def _segment(number: int, seconds: float = 10.0) -> Segment:
    return Segment(number, AudioChunk(_noise(seconds), RATE, float(number)))


def _noise(seconds: float) -> Samples:
    return np.random.default_rng(0).uniform(-0.5, 0.5, round(seconds * RATE)).astype(np.float32)


def _timed(round_trip: Callable[[Segment], None]) -> list[float]:
    """Seconds of each; the first ones warm it up."""
    segment, times = _segment(0), []
    for _ in range(ROUND_TRIPS + 20):
        begun = time.perf_counter()
        round_trip(segment)
        times.append(time.perf_counter() - begun)
    return times[20:]


def _local() -> list[float]:
    """A segment to another thread and its transcript back."""
    asked, answered = LocalChannel[Segment]("asked"), LocalChannel[Transcript]("answered")

    def answer() -> None:
        try:
            while True:
                answered.put(Transcript(asked.get(), "", "en"))
                asked.ack()
        except Closed:
            answered.close()

    def round_trip(segment: Segment) -> None:
        asked.put(segment)
        answered.get()
        answered.ack()

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        return _timed(round_trip)
    finally:
        asked.close()
        thread.join()


def _far(broker: PrivateBroker) -> list[float]:
    """The same through the broker, to another process and back."""
    with ExitStack() as ending:
        language = _workers(broker, 1, 0.0, ending)
        stage = Office(broker.url).stage("stt", (language,))
        ending.callback(stage.close)
        return _timed(lambda segment: list(stage.process(segment)).clear())


def _throughput(broker: PrivateBroker, workers: int) -> float:
    """Segments a second that so many workers do, whose work takes WORK_S each."""
    with ExitStack() as ending:
        language = _workers(broker, workers, WORK_S, ending)
        stage = Office(broker.url).stage("stt", (language,))
        ending.callback(stage.close)
        segments = [_segment(number, 3.0) for number in range(SHARED)]
        begun = time.perf_counter()
        for segment in segments[:_AHEAD]:
            stage.ahead(segment)
        for number, segment in enumerate(segments):
            list(stage.process(segment))
            if number + _AHEAD < SHARED:
                stage.ahead(segments[number + _AHEAD])
        return SHARED / (time.perf_counter() - begun)


def _workers(broker: PrivateBroker, count: int, seconds: float, ending: ExitStack) -> str:
    """Starts them, for a language of their own, which is returned."""
    language = uuid4().hex
    options = {"broker": broker.url, "language": language, "seconds": seconds}
    for _ in range(count):
        ending.callback(Remote(_FACTORY, options).close)
    return language


def _restart() -> float:
    """The longest time from the kill of a worker process to its next answer, over all kinds with
    the best engine of each that this machine has; NaN where it has none."""
    places = Places(Placement("process", "process", "process"), ("en", "es"))
    times = []
    for kind, options in _ENGINES.items():
        try:
            engine = places.choose(kind, "auto", options).engine
        except EngineUnavailable:
            continue
        remote = _remote(engine)
        for _ in range(KILLS):
            remote.call("about")
            os.kill(remote.pid, signal.SIGKILL)
            begun = time.perf_counter()
            remote.call("about")
            times.append(time.perf_counter() - begun)
        engine.close()
    return max(times, default=math.nan)


def _remote(engine: Any) -> Remote:
    """The worker process of an engine, or of the rung that is in use."""
    rungs = getattr(engine, "_rungs", None)
    stage = (engine if rungs is None else rungs.engine)._stage
    remote: Remote = stage.remote
    return remote
