"""How fast the rings carry pictures and samples from one thread to another, and whether whole."""

import threading
import time
from collections.abc import Callable

import numpy as np

from app.bench.report import Figure, Figures
from core.ring import FrameRing, Held, SampleRing

PICTURE = (720, 1280, 3)
SMALL = (64, 64, 3)  # large enough that numpy lets other threads run while it copies
BLOCK = 480
SECONDS = 2.0
BLOCKS, FRAMES = 900_000, 100_000


def run() -> Figures:
    return {
        "frames_per_s": Figure(frames_per_second(SECONDS), "1/s", at_least=1000),
        "blocks_per_s": Figure(blocks_per_second(SECONDS), "1/s", at_least=50_000),
        "torn": Figure(torn_blocks(BLOCKS) + torn_frames(FRAMES), "in a million", at_most=0),
    }


def frames_per_second(seconds: float) -> float:
    ring: FrameRing[None] = FrameRing(30, PICTURE)
    image, out = np.zeros(PICTURE, np.uint8), np.zeros(PICTURE, np.uint8)
    return _rate(lambda: ring.push(image, 0.0), lambda: ring.pop(out) is not None, seconds)


def blocks_per_second(seconds: float) -> float:
    ring = SampleRing(64 * BLOCK)
    block, out = np.zeros(BLOCK, np.float32), np.zeros(BLOCK, np.float32)
    return _rate(lambda: ring.push(block), lambda: ring.pop(out) == BLOCK, seconds)


def torn_blocks(blocks: int) -> int:
    """Blocks, each of one number, that did not arrive as they were sent, in order."""
    ring = SampleRing(64 * BLOCK)
    block, out = np.zeros(BLOCK, np.float32), np.zeros(BLOCK, np.float32)

    def push(number: int) -> bool:
        block[:] = number
        return ring.push(block)

    def pop(number: int) -> bool | None:
        return bool((out == number).all()) if ring.pop(out) else None

    return _bad(push, pop, blocks)


def torn_frames(frames: int) -> int:
    """The same for pictures with their time and tag, popped and, at times, looked up again."""
    ring: FrameRing[int] = FrameRing(8, SMALL)
    image, out = np.zeros(SMALL, np.uint8), np.zeros(SMALL, np.uint8)

    def push(number: int) -> bool:
        image[:] = number % 251
        return ring.push(image, number, number)

    def whole(held: Held[int]) -> bool:
        tag = -1 if held.tag is None else held.tag
        return held.frame.pts == tag and bool((held.frame.image == tag % 251).all())

    def pop(number: int) -> bool | None:
        held = ring.pop(out)
        if held is None:
            return None
        good = held.tag == number and whole(held)
        again = ring.nearest(number - 4, 2, out) if number % 4 == 0 else None
        return good and (again is None or whole(again))

    return _bad(push, pop, frames)


def _bad(push: Callable[[int], bool], pop: Callable[[int], bool | None], count: int) -> int:
    """How many of the numbered items, pushed on a thread of their own, were not good when popped
    (None: nothing there yet)."""

    over = threading.Event()

    def write() -> None:
        for number in range(count):
            while not push(number):
                if over.is_set():
                    return
                time.sleep(0)

    writer = threading.Thread(target=write)
    writer.start()
    bad = 0
    try:
        for number in range(count):
            while (good := pop(number)) is None:
                time.sleep(0)
            bad += not good
    finally:
        over.set()
        writer.join()
    return bad


def _rate(push: Callable[[], bool], pop: Callable[[], bool], seconds: float) -> float:
    """How many a second get through while one thread pushes and this one pops."""
    over = threading.Event()

    def write() -> None:
        while not over.is_set():
            if not push():
                time.sleep(0)

    writer = threading.Thread(target=write)
    start = time.perf_counter()
    writer.start()
    popped = 0
    try:
        while time.perf_counter() - start < seconds:
            if pop():
                popped += 1
            else:
                time.sleep(0)
        took = time.perf_counter() - start
    finally:
        over.set()
        writer.join()
    return popped / took
