"""The client's buffer of the translated voice: put as it comes, taken as it is to be heard."""

import threading

import numpy as np

from core.types import Samples
from engines.link.sound import RATE

LONGEST = 30.0
"""Seconds ahead of what is heard that are kept."""


class VoiceBuffer:
    """One thread puts, another takes. Mono at 48 kHz. Chunks that lie partly over one another, as
    at the seam of two pieces, add up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ring = np.zeros(round(LONGEST * RATE), np.float32)
        self._position = 0
        self.late = 0
        """Chunks that came, or began, after their time: what is left of them is heard."""
        self.refused = 0
        """Chunks too far ahead to be kept."""
        self.end = 0.0
        """Where the last voice ends, in seconds."""

    def put(self, pts: float, samples: Samples) -> None:
        first = round(pts * RATE)
        with self._lock:
            if first + len(samples) > self._position + len(self._ring):
                self.refused += 1
                return
            if first < self._position:
                self.late += 1
                samples = samples[self._position - first :]
                first = self._position
            places = np.arange(first, first + len(samples)) % len(self._ring)
            self._ring[places] += samples
            self.end = max(self.end, (first + len(samples)) / RATE)

    def take(self, count: int) -> Samples:
        """The next samples; silence where there is no voice."""
        with self._lock:
            places = np.arange(self._position, self._position + count) % len(self._ring)
            taken = self._ring[places]
            self._ring[places] = 0
            self._position += count
        return taken
