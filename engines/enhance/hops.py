"""Sound of any length as whole hops, and what comes of them with its times."""

import numpy as np

from core.types import AudioChunk, Samples
from engines.enhance.features import HOP, RATE


class Hops:
    """For one stream; of `hop` samples. What comes back is `delay` behind what was taken."""

    def __init__(self, delay: int, hop: int = HOP) -> None:
        self._delay, self._hop = delay, hop
        self._early = delay
        self._rest = np.zeros(0, np.float32)
        self.end = 0.0
        """The time up to which hops have been taken."""

    def take(self, audio: AudioChunk) -> Samples:
        """Those that are complete, without what is no sound: a NaN would stay in a network's
        memory for good."""
        if audio.rate != RATE:
            raise ValueError(f"an enhancer wants {RATE} Hz, not {audio.rate}")
        fresh = np.clip(np.nan_to_num(audio.samples), -1.0, 1.0).astype(np.float32)
        sound = np.concatenate((self._rest, fresh))
        whole = len(sound) // self._hop * self._hop
        self._rest = sound[whole:]
        self.end = audio.end - len(self._rest) / RATE
        return sound[:whole]

    def dated(self, done: Samples) -> AudioChunk:
        """What was made of the hops taken last; without what lies before the stream's beginning."""
        pts = self.end - (self._delay + len(done)) / RATE
        early = min(self._early, len(done))
        self._early -= early
        return AudioChunk(done[early:], RATE, pts + early / RATE)
