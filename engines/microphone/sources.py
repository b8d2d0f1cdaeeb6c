"""What stands in for a microphone: a tone, silence, the demo speaker, a file in real time.

Each begins at `epoch`, a moment of the machine's clock, which may lie in the past: what would
have been heard until then is left out. A camera's source with the same `epoch` fits to it.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from core.clock import Clock, MachineClock
from core.devices import RATE, Heard, SourceEnded
from core.types import Samples
from engines.demo.performance import Performance, demo_performance
from engines.media.reader import read_audio

BLOCK = RATE // 100
LONGEST = 5 * RATE
"""What is kept for a reader who comes late."""


class PacedMicrophone:
    """Sound that exists already, handed out when a microphone would have heard it."""

    def __init__(self, epoch: float, clock: Clock | None = None) -> None:
        self._epoch = epoch
        self._clock = clock or MachineClock()
        self._dropped = 0
        self._position = max(0, self._due())

    @property
    def dropped(self) -> int:
        return self._dropped

    def read(self, timeout: float = 1.0) -> Heard | None:
        wait = self._epoch + (self._position + BLOCK) / RATE - self._clock.now()
        if wait > 0:
            # A microsecond more, so that the rounding of the clock does not cost a sample.
            self._clock.sleep(min(wait + 1e-6, timeout))
        due = self._due() - self._position
        if due < BLOCK:
            return None
        if due > LONGEST:
            self._dropped += due - LONGEST
            self._position += due - LONGEST
        first = self._position
        samples = self.take(first, min(due, LONGEST))
        self._position += len(samples)
        return Heard(samples, self._epoch + first / RATE)

    def take(self, first: int, count: int) -> Samples:
        """The samples from `first` on, in ascending order from call to call; fewer at the end.
        SourceEnded after it."""
        raise NotImplementedError

    def close(self) -> None:
        """Nothing is held."""

    def _due(self) -> int:
        return int((self._clock.now() - self._epoch) * RATE // 1)


class ToneMicrophone(PacedMicrophone):
    """A steady tone; with `level` 0 silence."""

    def __init__(
        self,
        epoch: float,
        clock: Clock | None = None,
        *,
        frequency: float = 440.0,
        level: float = 0.1,
    ) -> None:
        super().__init__(epoch, clock)
        self._step = 2 * np.pi * frequency / RATE
        self._level = level

    def take(self, first: int, count: int) -> Samples:
        phase = np.arange(first, first + count) * self._step
        return np.asarray(self._level * np.sin(phase), np.float32)


class DemoMicrophone(PacedMicrophone):
    """A speaker who does not exist says a few sentences without end."""

    def __init__(
        self, epoch: float, clock: Clock | None = None, performance: Performance | None = None
    ) -> None:
        self._performance = performance or demo_performance()
        super().__init__(epoch, clock)

    def take(self, first: int, count: int) -> Samples:
        return self._performance.samples(first, count)


class FileMicrophone(PacedMicrophone):
    """The sound of a file, as mono, at its own pace. SourceEnded after the last sample."""

    def __init__(self, path: str | Path, epoch: float, clock: Clock | None = None) -> None:
        self._name = Path(path).name
        self._chunks: Iterator[Samples] = (
            chunk.samples for chunk in read_audio(Path(path), rate=RATE)
        )
        self._held: Samples = np.zeros(0, np.float32)
        self._first = 0  # the position of the first sample held
        super().__init__(epoch, clock)

    def take(self, first: int, count: int) -> Samples:
        parts, end = [self._held], self._first + len(self._held)
        while end < first + count and (chunk := next(self._chunks, None)) is not None:
            parts.append(chunk)
            end += len(chunk)
        held = np.concatenate(parts)
        skipped, until = first - self._first, first - self._first + count
        samples, self._held = held[skipped:until].copy(), held[until:]
        self._first = min(first + count, end)
        if not len(samples):
            raise SourceEnded(f"The sound of {self._name} has ended.")
        return samples

    def close(self) -> None:
        self._chunks = iter(())
