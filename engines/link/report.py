"""How well a link carries what it has to: the time there and back against the length of a chunk."""

import threading
from collections import deque
from dataclasses import dataclass

import numpy as np

from engines.link.wire import CHUNK_S

_NEWEST = 1500
"""Chunks that the figures are taken over: a minute of sound."""


@dataclass(frozen=True)
class ServiceTimes:
    """Seconds, as the service measures them: t_Δ between two chunks that come, and t_a that it
    hears one of them for. It keeps up while t_Δ > t_a."""

    interval: float = 0.0
    computing: float = 0.0

    @property
    def keeps_up(self) -> bool:
        return self.interval > self.computing

    def __str__(self) -> str:
        sign = ">" if self.keeps_up else "≤"
        return f"t_Δ {self.interval * 1e3:.1f} ms {sign} t_a {self.computing * 1e3:.1f} ms"


@dataclass(frozen=True)
class LinkReport:
    """Seconds. `holds` is the condition of a stream that never falls behind: t_comm, the time a
    chunk takes there with its answer back, is not longer than the chunk."""

    chunks: int = 0
    t_comm_p50: float = 0.0
    t_comm_p95: float = 0.0
    t_comm_max: float = 0.0
    over: float = 0.0
    """The share of chunks that took longer than they last."""
    dropped: int = 0
    """Chunks that were not sent because the ones before them had not left yet."""
    late: int = 0
    """Chunks of the voice that came after they were to be heard."""
    factor: float = 1.0
    """How many times smaller sound and pictures were made."""
    service: ServiceTimes | None = None
    """Known when the stream is over."""

    @property
    def holds(self) -> bool:
        return self.t_comm_p95 <= CHUNK_S

    def __str__(self) -> str:
        sign = "≤" if self.holds else ">"
        return (
            f"t_comm {self.t_comm_p50 * 1e3:.1f} ms (95 %: {self.t_comm_p95 * 1e3:.1f} {sign} "
            f"t_chunk {CHUNK_S * 1e3:g} ms; {self.over:.1%} over), {self.dropped} dropped, "
            f"{self.late} late, compressed {self.factor:.1f}:1"
            + (f"; service: {self.service}" if self.service else "")
        )


class LinkTimes:
    """Any thread may call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent: dict[tuple[int, int], float] = {}
        self._took: deque[float] = deque(maxlen=_NEWEST)
        self._unreported: list[float] = []
        self._count = 0
        self._raw = self._packed = 0
        self.dropped = 0
        self.late = 0
        self.service: ServiceTimes | None = None

    def compressed(self, raw: int, packed: int) -> None:
        """So many bytes were made of so many."""
        with self._lock:
            self._raw += raw
            self._packed += packed

    def sent(self, kind: int, number: int, moment: float) -> None:
        with self._lock:
            self._sent[kind, number] = moment

    def answered(self, kind: int, number: int, moment: float) -> None:
        with self._lock:
            begun = self._sent.pop((kind, number), None)
            if begun is None:
                return
            self._count += 1
            self._took.append(moment - begun)
            self._unreported.append(moment - begun)

    @property
    def waiting(self) -> int:
        """Chunks that were sent and not answered yet."""
        return len(self._sent)

    def unreported(self) -> list[float]:
        """The times since this was asked last."""
        with self._lock:
            taken, self._unreported = self._unreported, []
        return taken

    def report(self) -> LinkReport:
        with self._lock:
            took = np.array(self._took or [0.0])
            factor = self._raw / self._packed if self._packed else 1.0
        p50, p95 = np.percentile(took, (50, 95))
        return LinkReport(
            self._count,
            float(p50),
            float(p95),
            float(took.max()),
            float(np.mean(took > CHUNK_S)),
            self.dropped,
            self.late,
            factor,
            self.service,
        )
