"""How much sound is kept in hand against a machine that is busy with other things."""

_CALM_S = 120.0


class Cushion:
    """From `least` samples, `step` more after each underrun, up to `most`, and `step` less after
    every two minutes without one: trouble is not heard for long, and delay does not stay."""

    def __init__(self, least: int, most: int, step: int) -> None:
        self.size = least
        self._least, self._most, self._step = least, most, step
        self._underruns = 0
        self._since: float | None = None

    def update(self, underruns: int, now: float) -> bool:
        """Told how many there were so far, at least every few seconds; whether `size` changed."""
        before, self._since = self.size, now if self._since is None else self._since
        if underruns > self._underruns:
            self.size = min(self._most, self.size + self._step)
            self._since = now
        elif now - self._since >= _CALM_S:
            self.size = max(self._least, self.size - self._step)
            self._since = now
        self._underruns = underruns
        return self.size != before
