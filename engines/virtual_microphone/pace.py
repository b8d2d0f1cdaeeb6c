"""Time kept by the clock where no device keeps it."""

from core.clock import Clock, RealClock
from core.devices import RATE

_FORGIVEN = 0.2


class Pace:
    """Lets samples pass as fast as a device would play them. A caller who was late for less than
    0.2 s catches up; a longer absence is forgotten."""

    def __init__(self, clock: Clock | None = None, *, lead: float = 0.02) -> None:
        self._clock = clock or RealClock()
        self._lead = lead
        self._until = float("-inf")

    def wait(self, count: int) -> None:
        """Returns when all but `lead` seconds of what was given would have been played."""
        now = self._clock.now()
        if now - self._until > _FORGIVEN:
            self._until = now
        self._until += count / RATE
        self._clock.sleep(self._until - self._lead - now)
