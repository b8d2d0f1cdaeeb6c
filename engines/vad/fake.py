"""A voice detector for tests: whatever sounds is speech."""

from collections.abc import Collection

import numpy as np

from core.errors import EngineFailed
from core.types import Samples


class FakeVad:
    """1.0 for a frame whose RMS reaches `level`, else 0.0. The calls whose numbers (from 0)
    are in `failures` raise EngineFailed."""

    frame = 512

    def __init__(self, *, level: float = 0.01, failures: Collection[int] = ()) -> None:
        self._level = level
        self._failures = failures
        self.calls = 0
        self.resets = 0
        self.closed = False

    def speech(self, frame: Samples) -> float:
        if len(frame) != self.frame:
            raise ValueError(f"frame holds {len(frame)} samples, not {self.frame}")
        call, self.calls = self.calls, self.calls + 1
        if call in self._failures:
            raise EngineFailed("The fake voice detector failed as it was told to.")
        return float(np.sqrt(np.mean(np.square(frame))) >= self._level)

    def reset(self) -> None:
        self.resets += 1

    def close(self) -> None:
        self.closed = True
