"""How much sound is kept between the program and the sound server."""

_LEAST, _MOST, _STEP = 1440, 2880, 480
_CALM_S = 120.0


class Cushion:
    """30 ms, of which about 25 are heard as delay; 10 more after each underrun, up to 60 ms, and
    10 less after every two minutes without one: a busy machine is not heard for long, and delay
    does not stay. With less than 30 ms PulseAudio wakes two thousand times a second."""

    def __init__(self) -> None:
        self.size = _LEAST
        self._underruns = 0
        self._since: float | None = None

    def update(self, underruns: int, now: float) -> bool:
        """Told how many there were so far, at least every few seconds; whether `size` changed."""
        before, self._since = self.size, now if self._since is None else self._since
        if underruns > self._underruns:
            self.size = min(_MOST, self.size + _STEP)
            self._since = now
        elif now - self._since >= _CALM_S:
            self.size = max(_LEAST, self.size - _STEP)
            self._since = now
        self._underruns = underruns
        return self.size != before
