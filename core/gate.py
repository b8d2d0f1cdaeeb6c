"""Whether lips are drawn: fades in and out with the trust in the face, without flicker."""

import logging

log = logging.getLogger(__name__)

FADE = 0.15
"""Seconds from wholly on to wholly off, and back."""

_ON, _OFF = 0.6, 0.35
_PATIENCE = 0.05


class Gate:
    """Asked once a frame, answers how much of the drawn mouth to show, 0 to 1.

    It turns off as soon as the confidence falls below `off`, and on again when it has been above
    `on` for `patience` seconds; either way the change is complete `fade` seconds later than its
    cause. Times are those of the frames, whatever their rate; a late frame changes nothing.
    `reason` is why the lips are off, in a word, empty while they are on; it is logged once each
    time they go off.
    """

    def __init__(
        self, *, fade: float = FADE, on: float = _ON, off: float = _OFF, patience: float = _PATIENCE
    ) -> None:
        if not (0 < off <= on < 1 and 0 <= patience < fade):
            raise ValueError("A gate needs 0 < off <= on < 1 and 0 <= patience < fade.")
        self._fade, self._on, self._off, self._patience = fade, on, off, patience
        self._pts: float | None = None
        self._good_since: float | None = None
        self._logged = ""
        self.open = False
        self.level = 0.0
        self.reason = "no face"

    def update(self, pts: float, confidence: float, reason: str = "") -> float:
        """The level for the frame at this time. `confidence` 0 when there is no face, NaN counts
        as 0; `reason` says what holds it down."""
        confidence = confidence if confidence == confidence else 0.0
        seconds = 0.0 if self._pts is None else pts - self._pts
        if seconds < -1:  # another stream
            self._good_since, seconds = None, 0.0
        elif seconds < 0:
            return self.level
        self._pts = pts
        self._decide(pts, confidence, reason)
        if self.open:
            self.level = min(1.0, self.level + seconds / (self._fade - self._patience))
        else:
            self.level = max(0.0, self.level - seconds / self._fade)
        return self.level

    def _decide(self, pts: float, confidence: float, reason: str) -> None:
        if confidence < self._on:
            self._good_since = None
        elif self._good_since is None:
            self._good_since = pts
        if self.open and confidence < self._off:
            self.open, self.reason = False, reason or "no face"
        elif not self.open and self._good_since is not None:
            if pts - self._good_since >= self._patience:
                self.open, self.reason = True, ""
        elif not self.open and reason:
            self.reason = reason
        self._tell()

    def _tell(self) -> None:
        """Once for each time the lips go off, and once when they are back."""
        if self.open and self._logged:
            log.info("The lips are on again.")
            self._logged = ""
        elif not self.open and not self._logged:
            log.info("The lips are off: %s.", self.reason)
            self._logged = self.reason
