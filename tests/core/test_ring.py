"""Rings against a plain model on one thread, then for torn reads between two."""

import sys
import threading
import time
from collections import deque
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.ring import FrameRing, Held, SampleRing

SHAPE = (6, 8, 3)
BLOCK = 9600  # so long that numpy lets other threads run in the middle of a copy


def picture(value: int, shape: tuple[int, ...] = SHAPE) -> np.ndarray:
    return np.full(shape, value % 251, np.uint8)


patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@patient
@given(
    capacity=st.integers(1, 40),
    steps=st.lists(st.tuples(st.sampled_from(["push", "pop", "skip"]), st.integers(0, 45))),
)
def test_a_sample_ring_gives_back_what_fitted_in_order_and_counts_the_rest(capacity, steps):
    ring, model, dropped, next_sample = SampleRing(capacity), deque[float](), 0, 0
    for action, count in steps:
        if action == "push":
            block = np.arange(next_sample, next_sample + count, dtype=np.float32)
            next_sample += count
            fits = len(model) + count <= capacity
            assert ring.push(block) == fits
            model.extend(block if fits else ())
            dropped += 0 if fits else count
        elif action == "pop":
            out = np.full(count, -1, np.float32)
            got = ring.pop(out)
            assert list(out[:got]) == [model.popleft() for _ in range(got)]
            assert got == count or not model
            assert np.all(out[got:] == -1)
        else:
            assert ring.skip(count) == len([model.popleft() for _ in range(min(count, len(model)))])
        assert len(ring) == len(model)
        assert ring.dropped == dropped


def test_a_block_larger_than_the_ring_is_dropped_whole():
    ring = SampleRing(4)
    assert not ring.push(np.ones(5, np.float32))
    assert (len(ring), ring.dropped) == (0, 5)


FRAME_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["push", "pop", "peek", "nearest", "newest", "skip"]), st.floats(0, 3)
    ),
    max_size=60,
)


class FrameModel:
    """The same behaviour, slowly: every frame ever accepted, and how many were popped."""

    def __init__(self, slots: int) -> None:
        self.slots, self.frames, self.popped, self.pushes = slots, [], 0, 0

    def push(self, pts: float) -> bool:
        self.pushes += 1
        if len(self.frames) - self.popped == self.slots:
            return False
        self.frames.append((self.pushes - 1, pts))
        return True

    def oldest(self) -> tuple[int, float] | None:
        return self.frames[self.popped] if self.popped < len(self.frames) else None

    def near(self, pts: float, within: float) -> list[tuple[int, float]]:
        """All frames that may be the answer: those at the least distance."""
        first = max(0, min(self.popped, len(self.frames) - self.slots + 1))
        distances = [abs(held - pts) for _, held in self.frames[first:]]
        if not distances or min(distances) > within:
            return []
        return [f for f in self.frames[first:] if abs(f[1] - pts) == min(distances)]


def check(held: Held[str] | None, expected: tuple[int, float] | None) -> None:
    if expected is None:
        assert held is None
        return
    number, pts = expected
    assert held is not None
    assert (held.frame.number, held.frame.pts, held.tag) == (number, pts, f"face {number}")
    assert np.array_equal(held.frame.image, picture(number))


@settings(patient, max_examples=200)
@given(slots=st.integers(2, 6), steps=FRAME_STEPS)
def test_a_frame_ring_does_what_its_model_does(slots, steps):
    ring: FrameRing[str] = FrameRing(slots, SHAPE)
    model = FrameModel(slots)
    for action, pts in steps:
        if action == "push":
            number = model.pushes
            assert ring.push(picture(number), pts, f"face {number}") == model.push(pts)
        elif action == "pop":
            check(ring.pop(), model.oldest())
            model.popped += model.oldest() is not None
        elif action == "peek":
            check(ring.peek(), model.oldest())
        elif action == "newest":
            check(ring.newest(), model.frames[-1] if model.frames else None)
        elif action == "nearest":
            held, candidates = ring.nearest(pts, 0.5), model.near(pts, 0.5)
            assert (held is None) == (not candidates)
            if held is not None:
                assert (held.frame.number, held.frame.pts) in candidates
                check(held, (held.frame.number, held.frame.pts))
        else:
            passed = ring.skip(before=pts)
            for _ in range(passed):
                assert model.oldest()[1] < pts
                model.popped += 1
            assert model.oldest() is None or model.oldest()[1] >= pts
        assert len(ring) == len(model.frames) - model.popped
        assert ring.dropped == model.pushes - len(model.frames)


def test_a_gap_in_the_numbers_tells_how_many_frames_were_dropped():
    ring: FrameRing[None] = FrameRing(2, SHAPE)
    for number in range(5):
        ring.push(picture(number), float(number))
    ring.pop()
    ring.push(picture(5), 5.0)
    assert [ring.pop().frame.number for _ in range(2)] == [1, 5]
    assert ring.dropped == 3


def test_a_popped_frame_can_still_be_looked_up_until_its_slot_is_needed():
    ring: FrameRing[str] = FrameRing(4, SHAPE)
    for number in range(3):
        ring.push(picture(number), number / 30, f"face {number}")
        ring.pop()
    check(ring.nearest(0.01, within=0.05), (0, 0.0))
    ring.push(picture(3), 3 / 30, "face 3")
    assert ring.nearest(0.0, within=0.02) is None, "its slot is the next to be written"


def test_pictures_are_copied_into_the_array_that_is_given():
    ring: FrameRing[None] = FrameRing(2, SHAPE)
    ring.push(picture(7), 0.0)
    out = np.zeros(SHAPE, np.uint8)
    for held in (ring.newest(out), ring.nearest(0, 1, out), ring.pop(out)):
        assert held.frame.image is out
    assert np.array_equal(out, picture(7))


def test_a_picture_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="holds"):
        FrameRing(2, SHAPE).push(picture(0, (4, 4, 3)), 0.0)


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads change places as often as the interpreter lets them."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def stream_samples(blocks: int, size: int = BLOCK) -> tuple[int, int]:
    """Blocks of one value each from one thread to another: how many were torn, and missing."""
    ring = SampleRing(size * 8 + 7)

    def write() -> None:
        block = np.empty(size, np.float32)
        for number in range(blocks):
            block[:] = number
            while not ring.push(block):
                time.sleep(0)

    writer = threading.Thread(target=write)
    writer.start()
    out, torn, number = np.empty(size, np.float32), 0, 0
    while number < blocks:
        if len(ring) < size:
            time.sleep(0)
            continue
        ring.pop(out)
        torn += not (out == number).all()
        number += 1
    writer.join()
    return torn, len(ring)


def stream_frames(frames: int) -> tuple[int, int, int]:
    """Tagged frames from one thread to another, popped, with look-ups of popped ones between:
    frames torn or with the time or tag of another; look-ups that found something; left over."""
    ring: FrameRing[int] = FrameRing(8, (40, 40, 3))

    def write() -> None:
        image = np.empty((40, 40, 3), np.uint8)
        for number in range(frames):
            image[:] = number % 251
            while not ring.push(image, float(number), number):
                time.sleep(0)

    def wrong(held: Held[int]) -> bool:
        frame, tag = held.frame, held.tag
        return frame.pts != tag or not (frame.image == tag % 251).all()

    writer = threading.Thread(target=write)
    writer.start()
    out, torn, found, popped = np.empty((40, 40, 3), np.uint8), 0, 0, 0
    while popped < frames:
        held = ring.pop(out)
        if held is None:
            time.sleep(0)
            continue
        torn += wrong(held) or held.tag != popped
        popped += 1
        if popped % 3 == 0:
            seen = ring.nearest(popped - 5, within=2, out=out)
            torn += seen is not None and wrong(seen)
            found += seen is not None
    writer.join()
    return torn, found, len(ring)


@pytest.mark.usefixtures("restless")
def test_no_sample_is_torn_or_lost_between_two_threads():
    assert stream_samples(20_000) == (0, 0)


@pytest.mark.usefixtures("restless")
def test_no_frame_is_torn_between_two_threads_nor_gets_the_time_or_tag_of_another():
    torn, found, left = stream_frames(5_000)
    assert (torn, left) == (0, 0)
    assert found > 0


@pytest.mark.slow
@pytest.mark.usefixtures("restless")
def test_no_block_is_torn_in_a_million():
    assert stream_samples(1_000_000, size=480) == (0, 0)
