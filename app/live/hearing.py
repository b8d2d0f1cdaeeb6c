"""A microphone into shared memory, without a gap: where it gives nothing, silence goes on."""

import threading
import time

import numpy as np

from app.live.clock import Pace
from app.live.desk import Row
from app.live.listening import Heard
from core.devices import RATE
from core.types import Samples
from engines.microphone.followed import FollowedMicrophone

_SILENT_AFTER = 0.25
"""Seconds without sound after which silence takes its place, so that time goes on."""
_BEHIND = 0.1
"""Seconds that the silence stays behind, for what may still come."""


def silence(seconds: float) -> Samples:
    """It takes no memory: where clocks go on while the machine sleeps, it may be for hours."""
    return np.broadcast_to(np.float32(0.0), round(seconds * RATE))


def hear(microphone: FollowedMicrophone, to: Heard, ended: threading.Event) -> None:
    """Until `ended`. Which position of the sound was heard when, stands on the board."""
    pace = Pace(to.heard.end / RATE - time.perf_counter())
    arrival = Pace(pace.offset, jump=0.025)
    while not ended.is_set():
        heard = microphone.read(0.1)
        now = time.perf_counter()
        if heard is not None and len(heard.samples):
            end = to.heard.append(heard.samples) / RATE
            moment = heard.moment + len(heard.samples) / RATE
            offsets = pace.update(end, moment), arrival.update(end, now)
            to.board.write(Row.MICROPHONE, *offsets)
            continue
        missing = now + pace.offset - to.heard.end / RATE
        if missing > _SILENT_AFTER:
            to.heard.append(silence(missing - _BEHIND))
            to.board.write(Row.MICROPHONE, pace.offset, arrival.offset)
