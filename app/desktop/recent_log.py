"""The newest lines of the log, for the window and for reports."""

import logging
from collections import deque

KEPT = 2000
"""Lines that are remembered."""


class RecentLog(logging.Handler):
    """The newest lines, in memory. Records below INFO may hold what was said: they are left out,
    whatever the level of the log."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        self._lines: deque[str] = deque(maxlen=KEPT)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._lines.append(self.format(record))
        except Exception:  # noqa: BLE001 - what logging itself does with a record it cannot format
            self.handleError(record)

    @property
    def text(self) -> str:
        return "\n".join(self._lines)
