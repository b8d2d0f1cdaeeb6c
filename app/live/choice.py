"""Which picture goes out: the drawn one, the camera's own when that hangs, or a slate."""

from enum import IntEnum

STUCK = 0.05
"""Seconds after which a picture that is due and still being drawn means that drawing hangs: the
last one has stood for less than a tenth of a second then."""
_SLOWER = 1.5
"""So many times the usual distance of two drawn pictures mean that, where that is more: what is
always slow does not hang."""
_FOLLOWING, _FAR = 0.05, 0.12
"""How much of each distance becomes usual; in seconds, what is further apart counts for that."""
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
        self._shown, self._put = 0, 0.0
        self._usual = 0.0
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
        if version != self._shown:
            self._came(version, now - shown_age)
        elif taken_age >= shown_age:
            self._waiting = None
        elif self._waiting is None:
            self._waiting = now
        patience = max(STUCK, _SLOWER * self._usual)
        stuck = self._waiting is not None and now - self._waiting > patience
        drawn = bool(wanted and version and shown_age < GONE and not stuck)
        self.waits = drawn and self._waiting is not None
        if drawn:
            return Kind.DRAWN
        return Kind.ORIGINAL if taken_age < GONE else Kind.SLATE

    def _came(self, version: int, put: float) -> None:
        apart = (put - self._put) / max(1, version - self._shown)
        self._usual += _FOLLOWING * (min(apart, _FAR) - self._usual)
        self._shown, self._put = version, put
        self._waiting = None
