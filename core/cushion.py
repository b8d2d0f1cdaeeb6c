"""How much sound is kept in hand against a machine that is busy with other things."""

_CALM_S = 120.0


class Cushion:
    """From `least` samples, `step` more after each underrun, up to `most`, and `step` less after
    every two minutes without one: trouble is not heard for long, and delay does not stay. What
    happens in the first `settling` seconds counts for nothing: a machine on which everything is
    being started is no measure for what it can do."""

    def __init__(self, least: int, most: int, step: int, settling: float = 0.0) -> None:
        self.size = least
        self._settling = settling
        self._begun: float | None = None
        self._least, self._most, self._step = least, most, step
        self._underruns = 0
        self._since: float | None = None

    def update(self, underruns: int, now: float) -> bool:
        """Told how many there were so far, at least every few seconds; whether `size` changed."""
        self._begun = now if self._begun is None else self._begun
        if now - self._begun < self._settling:
            self._underruns = underruns
            return False
        before, self._since = self.size, now if self._since is None else self._since
        if underruns > self._underruns:
            self.size = min(self._most, self.size + self._step)
            self._since = now
        elif now - self._since >= _CALM_S:
            self.size = max(self._least, self.size - self._step)
            self._since = now
        self._underruns = underruns
        return self.size != before
