"""Time in a live stream: how much of the client's sound has come."""


class StreamClock:
    """Moved on by whoever takes the sound in; any thread may ask."""

    def __init__(self) -> None:
        self._now = 0.0

    def now(self) -> float:
        return self._now

    def move(self, now: float) -> None:
        self._now = now

    def sleep(self, seconds: float) -> None:
        raise NotImplementedError("nobody waits for a client's sound by this clock")
