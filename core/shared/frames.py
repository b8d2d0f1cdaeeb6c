"""The newest picture, from one process to others."""

import time

import numpy as np
from numpy.typing import NDArray

from core.shared.memory import Block
from core.types import Frame

SLOTS = 4
_HEAD = 64
_WRITING = -1


class SharedFrames:
    """Pictures of one shape. One thread puts; any number of processes get.

    A reader has the time in which the writer puts two more pictures to copy one; a copy that
    was overtaken is made again.
    """

    def __init__(self, shape: tuple[int, int, int], name: str | None = None) -> None:
        self.shape = shape
        size = int(np.prod(shape))
        self._block = Block(name, _HEAD + SLOTS * (_HEAD + size))
        self._newest = self._block.array("i8", 1)
        starts = [_HEAD + slot * (_HEAD + size) for slot in range(SLOTS)]
        self._versions = [self._block.array("i8", 1, at) for at in starts]
        self._times = [self._block.array("f8", 3, at + 16) for at in starts]
        self._images = [self._block.array("u1", size, at + _HEAD).reshape(shape) for at in starts]

    @property
    def name(self) -> str:
        return self._block.name

    @property
    def version(self) -> int:
        """How many pictures were put so far."""
        return int(self._newest[0])

    def put(self, image: NDArray[np.uint8], moment: float, number: float = 0) -> None:
        """`moment` and `number` go with the picture, as its `pts` and `number`."""
        version = self.version + 1
        slot = version % SLOTS
        self._versions[slot][0] = _WRITING
        self._images[slot][...] = image
        self._times[slot][:] = moment, number, time.perf_counter()
        self._versions[slot][0] = version
        self._newest[0] = version

    def get(self, after: int = 0, out: NDArray[np.uint8] | None = None) -> tuple[int, Frame] | None:
        """A copy of the newest picture with its version; None when it is not newer than version
        `after`."""
        image = np.empty(self.shape, np.uint8) if out is None else out
        while (version := self.version) > after:
            slot = version % SLOTS
            image[...] = self._images[slot]
            moment, number, _ = self._times[slot].tolist()
            if self._versions[slot][0] == version:
                return version, Frame(image, moment, int(number))
        return None

    def at(self, version: int) -> Frame | None:
        """A copy of the picture of this version; None when later ones have taken its place."""
        slot = version % SLOTS
        image = self._images[slot].copy()
        moment, number, _ = self._times[slot].tolist()
        if version < 1 or self._versions[slot][0] != version:
            return None
        return Frame(image, moment, int(number))

    def told(self, version: int) -> tuple[float, int] | None:
        """Moment and number of this version's picture, which is not copied; None when later ones
        have taken its place."""
        slot = version % SLOTS
        moment, number, _ = self._times[slot].tolist()
        if version < 1 or self._versions[slot][0] != version:
            return None
        return moment, int(number)

    def came(self, version: int) -> float:
        """When the picture of this version was put, on the machine's clock."""
        return float(self._times[version % SLOTS][2])

    def age(self, now: float) -> float:
        """Seconds since the newest picture's moment; endless before the first."""
        version = self.version
        return now - float(self._times[version % SLOTS][0]) if version else float("inf")

    def close(self) -> None:
        del self._newest, self._versions, self._times, self._images
        self._block.close()
