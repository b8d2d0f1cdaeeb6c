"""For how long somebody is waited for who is usually quick."""

_SLOWER = 1.5
"""So many times as long as usual is too long."""
_FOLLOWING = 0.1


class Patience:
    """Between `least` and `most` seconds."""

    def __init__(self, least: float, most: float) -> None:
        self._least, self._most = least, most
        self._usual = 0.0

    @property
    def seconds(self) -> float:
        return min(self._most, max(self._least, _SLOWER * self._usual))

    def took(self, seconds: float) -> None:
        self._usual += _FOLLOWING * (min(seconds, self._most) - self._usual)

    def lost(self) -> None:
        """It was not there in time: where that is usual, more time is given."""
        self.took(self._most)
