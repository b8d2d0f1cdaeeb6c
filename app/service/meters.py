"""What Prometheus is told: counts and times, never words or names."""

import os
import time
from collections.abc import Mapping, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from app.service.cards import look

_JOBS_S = (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
_STAGES_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
_LINK_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28)
_PREFIX = "translated_camera_"
_CARDS_EVERY = 10.0


class Meters:
    """Of one service; any thread may call."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()

        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(_PREFIX + name, text, labels, registry=registry)

        def gauge(name: str, text: str, *labels: str) -> Gauge:
            return Gauge(_PREFIX + name, text, labels, registry=registry)

        def histogram(name: str, text: str, edges: Sequence[float], *labels: str) -> Histogram:
            return Histogram(_PREFIX + name, text, labels, registry=registry, buckets=edges)

        self.jobs = counter("jobs", "Jobs that ended, by how", "outcome")
        self.refused = counter("refused", "Requests that were refused, by why", "reason")
        self.restarts = counter("worker_deaths", "Worker processes that died at work")
        self.waiting = gauge("queue_depth", "Jobs that wait")
        self.running = gauge("jobs_running", "Jobs that are worked on")
        self.job_seconds = histogram("job_seconds", "Wall time of a job", _JOBS_S)
        self.stage_seconds = histogram(
            "stage_seconds", "Time that one item takes in a stage", _STAGES_S, "stage"
        )
        self.fps = gauge(
            "fps", "Pictures a second: of the newest job, of a stream just now", "kind"
        )
        self.streams = gauge("streams", "Live streams that are open")
        self.chunks = counter("stream_chunks", "Chunks of live streams", "kind")
        self.dropped = counter("stream_dropped", "Chunks that were left out or came late", "kind")
        self.t_comm = histogram(
            "stream_t_comm_seconds", "There and back of a chunk, as clients measure it", _LINK_S
        )
        self.exchange = histogram(
            "stream_exchange_seconds", "What one exchange with a stream's worker takes", _LINK_S
        )
        self._memory = gauge("memory_bytes", "Resident memory", "process")
        self._cards = gauge("gpus", "Graphics cards that NVIDIA's driver names")
        self._card_memory = gauge("gpu_memory_used_bytes", "Memory in use on a card", "card")
        self._card_whole = gauge("gpu_memory_bytes", "Memory of a card", "card")
        self._card_busy = gauge("gpu_busy", "Share of time in which a card computed", "card")
        self._cards_looked = -_CARDS_EVERY

    def stages(self, timings: Mapping[str, Sequence[float]]) -> None:
        for stage, seconds in timings.items():
            for one in seconds:
                self.stage_seconds.labels(stage).observe(one)

    def text(self, workers: Mapping[str, int]) -> bytes:
        """The exposition; `workers` are process numbers by what they do."""
        self._memory.clear()
        for name, pid in {"service": os.getpid(), **workers}.items():
            if (resident := memory_of(pid)) is not None:
                self._memory.labels(name).set(resident)
        if time.monotonic() - self._cards_looked > _CARDS_EVERY:
            self._cards_looked = time.monotonic()
            self._look_at_cards()
        return generate_latest(self._registry)

    def _look_at_cards(self) -> None:
        found = look()
        self._cards.set(len(found))
        for card in found:
            self._card_memory.labels(str(card.index)).set(card.used)
            self._card_whole.labels(str(card.index)).set(card.memory)
            self._card_busy.labels(str(card.index)).set(card.busy)


def memory_of(pid: int) -> int | None:
    """Resident bytes of a process; None where that cannot be told, or it is gone."""
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return None
