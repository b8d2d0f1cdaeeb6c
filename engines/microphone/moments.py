"""When each sample was heard, out of what a device says about it, which jumps by milliseconds."""

_GAIN = 0.02
_JUMP = 0.25
"""Seconds of disagreement from which on sound was lost or the device began anew."""


class Moments:
    """Follows the device: time runs by its samples, drawn gently to what it says. One thread."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._next: float | None = None

    def of(self, said: float, count: int) -> tuple[float, float]:
        """The moment of the first of the next `count` samples, which is `said` to be so; and the
        seconds that are missing before it, negative when time went back."""
        expected = said if self._next is None else self._next
        error = said - expected
        jump = error if abs(error) > _JUMP else 0.0
        moment = expected + (jump or _GAIN * error)
        self._next = moment + count / self._rate
        return moment, jump
