"""What is wrong with the sound of a microphone that works: silence, and being too loud."""

import numpy as np

from core.devices import RATE
from core.types import Samples

_SILENT_S = 4.0
_WINDOW_S = 2.0
_ZERO = 1e-6
_FULL = 0.99
_CLIPPED = 0.002
"""The share of samples at full level from which on people hear it."""
_CALM_S = 10.0
"""Seconds without clipping after which nothing is said of it any more."""


class LevelWatch:
    """Fed with all that is heard; `says` is a sentence while something is wrong. One thread
    feeds; any may ask."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._silent = self._heard = self._calm = 0
        self._full = 0
        self._clips = False
        self.says = ""

    def feed(self, samples: Samples) -> None:
        """Mono at RATE."""
        loud = np.abs(samples)
        if float(loud.max(initial=0.0)) <= _ZERO:
            self._silent += len(samples)
        else:
            self._silent = 0
            self._count(len(samples), int(np.count_nonzero(loud >= _FULL)))
        self.says = self._sentence()

    def _count(self, heard: int, full: int) -> None:
        self._heard += heard
        self._full += full
        self._calm = 0 if full else self._calm + heard
        if self._heard >= _WINDOW_S * RATE:
            if self._full > _CLIPPED * self._heard:
                self._clips = True
            self._heard = self._full = 0
        if self._calm > _CALM_S * RATE:
            self._clips = False

    def _sentence(self) -> str:
        if self._silent >= _SILENT_S * RATE:
            return (
                f"The microphone {self._name} gives nothing but silence. Is it muted, or is this "
                f"program not allowed to listen?"
            )
        if self._clips:
            return f"The microphone {self._name} is too loud and distorts: turn its level down."
        return ""
