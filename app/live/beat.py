"""When the next picture is due: thirty a second, each a little after a picture has come.

A camera has a clock of its own. Were ours not led by it, the two would drift through each other:
for minutes, pictures would come just before or just after they are asked for, and every jitter
would double one and drop the next.
"""

from core.devices import FPS

PERIOD = 1 / FPS
EARLIEST, LATEST = 0.005, 0.015
"""Seconds between a picture's coming and its going out that are aimed at; as few as their jitter
allows."""
_MISSED, _BORNE = 0.002, 300
"""For each picture that came too late to go out, so many seconds more are aimed at. One of so many
is borne."""
_FOLLOWING, _MOST = 0.1, 0.001
"""How much of each error is corrected at once, and at most, in seconds: what comes at another pace
than ours leads nobody away from thirty a second."""


class Beat:
    def __init__(self, now: float) -> None:
        self.due = now
        self._after = (EARLIEST + LATEST) / 2

    def next(self, now: float) -> bool:
        """Sets when the next is due, and says whether that was missed by more than a picture."""
        self.due += PERIOD
        missed = now > self.due + PERIOD
        if missed:
            self.due = now
        return missed

    def early(self, now: float) -> None:
        """One goes out before it is due, if it is before that: the next is due after that one."""
        self.due = min(self.due, now)

    def held(self, now: float) -> None:
        """One goes out after it was due, for it was not there: the next is due after that one."""
        self.due = max(self.due, now)

    def sent(self, came: float, missed: int = 0) -> None:
        """What was due goes out, and is a picture that came then and was not sent before; so many
        that came before it never went out."""
        after = self._after + _MISSED * (missed - 1 / _BORNE)
        self._after = min(max(after, EARLIEST), LATEST)
        if missed:
            return
        error = (self.due - came - self._after + PERIOD / 2) % PERIOD - PERIOD / 2
        self.due -= min(max(_FOLLOWING * error, -_MOST), _MOST)
