import math

import numpy as np

from core.events import Fate
from core.ledger import Ledger
from core.types import AudioChunk, Segment


def segment(number: int, start: float) -> Segment:
    return Segment(number, AudioChunk(np.zeros(1600, np.float32), 16000, start))


def test_the_oldest_is_the_earliest_start_on_its_way():
    ledger = Ledger()
    assert ledger.oldest == math.inf
    ledger.enter(segment(0, 3.0))
    ledger.enter(segment(1, 5.0))
    assert ledger.oldest == 3.0
    ledger.settle(0, Fate.SPOKEN)
    assert ledger.oldest == 5.0


def test_a_segment_is_settled_once():
    told = []
    ledger = Ledger(lambda *what: told.append(what))
    ledger.enter(segment(0, 0.0))
    ledger.settle(0, Fate.FAILED, "why")
    ledger.settle(0, Fate.SPOKEN)
    ledger.settle(7, Fate.SPOKEN)
    assert told == [(0, Fate.FAILED, "why")]
    assert dict(ledger.fates) == {Fate.FAILED: 1}


def test_cancel_settles_all_that_is_on_its_way():
    ledger = Ledger()
    for number in range(3):
        ledger.enter(segment(number, float(number)))
    ledger.cancel()
    assert (ledger.open, ledger.fates[Fate.CANCELLED]) == (0, 3)
