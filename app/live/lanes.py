"""The threads of a device process: it stands and falls with each of them."""

import logging
import os
import threading
import time
from collections.abc import Callable

from engines.priority import DEVICES, hurry

log = logging.getLogger(__name__)

_SOONEST = 10.0
"""Seconds that a process lasts at least: where the picture fails each time, the sound has a gap no
oftener than that."""


def lane(
    name: str,
    work: Callable[[], None],
    ended: threading.Event,
    leave: Callable[[int], object] = os._exit,
) -> threading.Thread:
    """A thread for the work that goes before others, not started. An error that nobody foresaw is
    logged and ends the process, so that its owner starts another: else that device would be gone
    for good, and said to work. What goes wrong once it has `ended` is logged and no more."""
    begun = time.monotonic()

    def guarded() -> None:
        hurry(DEVICES)
        try:
            work()
        except Exception:
            log.exception("What %s does has failed", name)
            if not ended.wait(max(0.0, begun + _SOONEST - time.monotonic())):
                leave(1)

    return threading.Thread(target=guarded, name=name, daemon=True)
