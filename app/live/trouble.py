"""What is wrong, and is found wrong again twice a second."""

import logging

from core.errors import TranslatedCameraError
from core.process import WorkerDied

GONE = "A part of the program has failed; it is being started again."


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


def why(error: TranslatedCameraError) -> str:
    """For the user: what devices cannot do when asking their process failed so."""
    return GONE if isinstance(error, WorkerDied) else str(error)
