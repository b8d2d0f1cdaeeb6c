import threading

import pytest

from app.bench import rings
from core.ring import SampleRing


def test_the_rings_carry_something_and_tear_nothing():
    assert rings.frames_per_second(0.05) > 0
    assert rings.blocks_per_second(0.05) > 0
    assert rings.torn_blocks(2000) == 0
    assert rings.torn_frames(2000) == 0


def test_a_block_that_arrives_broken_is_counted(monkeypatch):
    whole = SampleRing.pop

    def broken(ring, out):
        count = whole(ring, out)
        if count and out[0] % 10 == 0:
            out[-1] += 1
        return count

    monkeypatch.setattr(SampleRing, "pop", broken)
    assert rings.torn_blocks(100) == 10


def stop(*words):
    raise KeyboardInterrupt


def test_who_ends_it_waits_for_no_thread_that_goes_on():
    with pytest.raises(KeyboardInterrupt):
        rings._bad(lambda number: False, stop, 10)
    with pytest.raises(KeyboardInterrupt):
        rings._rate(lambda: False, stop, 60.0)
    assert not [one for one in threading.enumerate() if "(write)" in one.name]
