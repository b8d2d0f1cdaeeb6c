"""What stands in for a virtual microphone where none can be had."""

from core.clock import Clock
from core.types import Samples
from engines.virtual_microphone.pace import Pace


class NoMicrophone:
    """Nobody hears it, but it keeps the pace, so that everything else works as always."""

    name = ""
    backend = "none"
    latency = 0.0
    underruns = 0
    watched = False
    at_ease = False

    def __init__(self, reason: str = "", clock: Clock | None = None) -> None:
        self.reason = reason
        self._pace = Pace(clock)

    def play(self, samples: Samples) -> None:
        self._pace.wait(len(samples))

    def replace(self, samples: Samples) -> bool:
        return False

    def close(self) -> None:
        pass
