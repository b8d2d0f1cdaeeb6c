"""The streams that are heard at the moment, as one sound."""

import logging
import threading
from collections.abc import Sequence

import numpy as np

from core.errors import DeviceUnavailable
from core.types import Samples
from engines.programs.playing import Program
from engines.programs.tap import Tap

log = logging.getLogger(__name__)


class Taps:
    """One thread follows the programs, another takes what they play."""

    def __init__(self) -> None:
        self._taps: dict[int, Tap] = {}
        self._changing = threading.Lock()

    def follow(self, found: Sequence[Program]) -> None:
        """These are to be heard, and no others."""
        for program in found:
            if program.index not in self._taps:
                self._add(program)
        with self._changing:
            for index in set(self._taps) - {one.index for one in found}:
                self._taps.pop(index).close()

    def amplify(self, gain: float) -> None:
        """All of them by so much, since their volume was turned down."""
        with self._changing:
            for tap in self._taps.values():
                tap.gain = gain

    def take(self, count: int) -> Samples:
        """The next samples of all together. A stream that has ended is let go; where it only was
        moved, `follow` finds it again."""
        mixed = np.zeros(count, np.float32)
        with self._changing:
            for index, tap in list(self._taps.items()):
                try:
                    mixed += tap.take(count)
                except DeviceUnavailable as exc:
                    log.debug("%s is over: %s", tap.program.name, exc)
                    self._taps.pop(index).close()
        return mixed

    def close(self) -> None:
        self.follow(())

    def _add(self, program: Program) -> None:
        try:
            tap = Tap(program)
        except DeviceUnavailable as exc:  # it was over sooner than it could be heard
            log.debug("%s cannot be heard: %s", program.name, exc)
            return
        with self._changing:
            self._taps[program.index] = tap
