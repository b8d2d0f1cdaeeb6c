"""When the next picture is due: thirty a second, each a little after a picture has come.

A camera has a clock of its own. Were ours not led by it, the two would drift through each other:
for minutes, pictures would come just before or just after they are asked for, and every jitter
would double one and drop the next.
"""

from core.devices import FPS

PERIOD = 1 / FPS
AFTER = 0.008
"""Seconds between a picture's coming and its going out, aimed at: more than comings jitter."""
_FOLLOWING, _MOST = 0.1, 0.001
"""How much of each error is corrected at once, and at most, in seconds: what comes at another pace
than ours leads nobody away from thirty a second."""


class Beat:
    def __init__(self, now: float) -> None:
        self.due = now

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

    def sent(self, came: float) -> None:
        """What was due goes out, and is a picture that came then and was not sent before."""
        error = (self.due - came - AFTER + PERIOD / 2) % PERIOD - PERIOD / 2
        self.due -= min(max(_FOLLOWING * error, -_MOST), _MOST)
