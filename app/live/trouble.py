"""What is wrong, and is found wrong again twice a second."""

import logging


class Trouble:
    """Logged when it changes, and not for as long as it lasts. One thread."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._said = ""

    def now(self, what: str) -> None:
        """What is wrong now; "" when nothing is."""
        if what and what != self._said:
            self._log.warning("%s", what)
        self._said = what
