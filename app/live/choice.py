"""Which picture goes out: the drawn one, the camera's own when that hangs, or a slate."""

from enum import IntEnum

STUCK = 0.05
"""Seconds for which a picture that is due is waited for while it is drawn: after that, drawing
hangs. Then the last one has stood for less than a tenth of a second."""
GONE = 0.7
"""Seconds without a picture from the camera after which there is none."""


class Kind(IntEnum):
    SLATE = 0
    ORIGINAL = 1
    DRAWN = 2


class Chooser:
    """Asked at each tick, and for as long as it `waits`. Versions count the pictures of each kind;
    `ages` are since they were put, in seconds."""

    def __init__(self) -> None:
        self.waits = False
        """Whether what is due is still being drawn, and worth waiting for."""
        self._shown = 0
        self._waiting: float | None = None

    def choose(
        self,
        now: float,
        wanted: bool,
        shown: tuple[int, float],
        taken_age: float,
    ) -> Kind:
        """`wanted`: whether the drawn picture is to be seen at all. `shown`: version and age."""
        version, shown_age = shown
        if version != self._shown or taken_age >= shown_age:
            self._shown = version
            self._waiting = None
        elif self._waiting is None:
            self._waiting = now
        stuck = self._waiting is not None and now - self._waiting > STUCK
        drawn = bool(wanted and version and shown_age < GONE and not stuck)
        self.waits = drawn and self._waiting is not None
        if drawn:
            return Kind.DRAWN
        return Kind.ORIGINAL if taken_age < GONE else Kind.SLATE
