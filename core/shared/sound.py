"""A stretch of sound that moves on: positions count samples from the beginning and never wrap."""

import numpy as np

from core.shared.memory import Block
from core.types import Samples

_HEAD = 64


class SharedSound:
    """The newest `capacity` samples of a mono float32 stream, by absolute position.

    One process writes at its end (`append`) or anywhere ahead of the reader (`write`); one or
    more read any position that is not too old. `taken` clears what it reads, so that whatever
    nobody writes later is silence; only one process may do that.
    """

    def __init__(self, capacity: int, name: str | None = None) -> None:
        self._block = Block(name, _HEAD + 4 * capacity)
        self._end = self._block.array("i8", 1)
        self._data: Samples = self._block.array("f4", capacity, _HEAD)
        self.capacity = capacity

    @property
    def name(self) -> str:
        return self._block.name

    @property
    def end(self) -> int:
        """The position after the last sample that was appended."""
        return int(self._end[0])

    def append(self, samples: Samples) -> int:
        """At the end; the end's new position. The oldest samples give way."""
        end = self.end
        self.write(end, samples[-self.capacity :])
        self._end[0] = end + len(samples)
        return end + len(samples)

    def write(self, position: int, samples: Samples) -> None:
        at = position % self.capacity
        first = min(len(samples), self.capacity - at)
        self._data[at : at + first] = samples[:first]
        self._data[: len(samples) - first] = samples[first:]

    def read(self, position: int, count: int) -> Samples:
        """A copy; what it holds is only sound if it is neither too old nor ahead of `end`."""
        at = position % self.capacity
        first = min(count, self.capacity - at)
        return np.concatenate([self._data[at : at + first], self._data[: count - first]])

    def take(self, position: int, count: int) -> Samples:
        """A copy; silence is left behind."""
        samples = self.read(position, count)
        self.write(position, np.zeros(count, np.float32))
        return samples

    def silent(self, position: int, count: int) -> bool:
        """Whether nothing is to be heard there."""
        at = position % self.capacity
        first = min(count, self.capacity - at)
        return not (self._data[at : at + first].any() or self._data[: count - first].any())

    def close(self) -> None:
        del self._end, self._data
        self._block.close()
