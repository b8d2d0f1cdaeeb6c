"""An enhancer for tests: all sound becomes softer, more so while the lips are closed."""

from collections.abc import Collection, Sequence

import numpy as np

from core.errors import EngineFailed
from core.types import AudioChunk, LipSight, Samples
from engines.enhance.hops import Hops

_HOP = 160


class FakeEnhancer:
    """Everything times `factor`, times it again while the last lips that were told are closed,
    `delay` samples late. The calls whose numbers (from 0) are in `failures` raise EngineFailed."""

    sees = True

    def __init__(
        self, *, factor: float = 0.5, delay: int = 320, failures: Collection[int] = ()
    ) -> None:
        self._factor, self._delay, self._failures = factor, delay, failures
        self.calls = 0
        self.told: list[LipSight] = []
        self.closed = False
        self._hops, self._held = self._begun()

    def enhance(self, audio: AudioChunk, lips: Sequence[LipSight] = ()) -> AudioChunk:
        call, self.calls = self.calls, self.calls + 1
        self.told += lips
        if call in self._failures:
            raise EngineFailed("The fake enhancer failed as it was told to.")
        taken = self._hops.take(audio)
        closed = bool(self.told) and self.told[-1].opening < 0.1
        sound = np.concatenate((self._held, taken * self._factor ** (2 if closed else 1)))
        done, self._held = sound[: len(taken)], sound[len(taken) :]
        return self._hops.dated(done.astype(np.float32))

    def reset(self) -> None:
        self._hops, self._held = self._begun()

    def _begun(self) -> tuple[Hops, Samples]:
        return Hops(self._delay, _HOP), np.zeros(self._delay, np.float32)

    def close(self) -> None:
        self.closed = True
