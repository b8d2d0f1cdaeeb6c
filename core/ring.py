"""Ring buffers for the real-time edges: samples and frames between one writer and one reader.

Guarantees, for exactly one writing and one reading thread at a time:

- No call ever locks or waits for the other thread.
- Each cursor is a plain attribute with a single writer, only ever grows, and is stored after the
  data that it announces. Every call reads the other side's cursor once. So what the reader sees
  behind the cursor is complete, and what has not been popped is never written over.
- When the ring is full the newest is dropped, whole, and counted in `dropped`.
- `len` is exact for both threads at the moment of asking; any third may ask and gets a glance.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from core.types import Frame, Samples

Tag = TypeVar("Tag")
Image = NDArray[np.uint8]


class SampleRing:
    """A stream of mono float32 samples; blocks of any size in, of any size out."""

    def __init__(self, capacity: int) -> None:
        self._data: Samples = np.zeros(capacity, np.float32)
        self._written = 0  # stored by the writer only
        self._read = 0  # stored by the reader only
        self.dropped = 0
        """Samples that found no room."""

    def __len__(self) -> int:
        return max(0, self._written - self._read)

    @property
    def capacity(self) -> int:
        return len(self._data)

    def push(self, samples: Samples) -> bool:
        """Writer: copy a block in. False, and nothing of it, when it does not fit whole."""
        written, capacity, count = self._written, len(self._data), len(samples)
        if count > capacity - (written - self._read):
            self.dropped += count
            return False
        at = written % capacity
        end = at + count
        if end <= capacity:
            self._data[at:end] = samples
        else:
            self._data[at:] = samples[: capacity - at]
            self._data[: end - capacity] = samples[capacity - at :]
        self._written = written + count
        return True

    def pop(self, out: Samples) -> int:
        """Reader: fill `out` from its front with the oldest samples; how many there were."""
        read, capacity = self._read, len(self._data)
        count = min(len(out), self._written - read)
        at = read % capacity
        end = at + count
        if end <= capacity:
            out[:count] = self._data[at:end]
        else:
            out[: capacity - at] = self._data[at:]
            out[capacity - at : count] = self._data[: end - capacity]
        self._read = read + count
        return count

    def skip(self, count: int) -> int:
        """Reader: pass over the oldest samples; how many there were."""
        read = self._read
        count = min(count, self._written - read)
        self._read = read + count
        return count


@dataclass(frozen=True, slots=True)
class Held(Generic[Tag]):
    """A frame out of a ring and what was pushed with it. `frame.number` counts all pushes, so a
    gap between two numbers tells how many frames were dropped there."""

    frame: Frame
    tag: Tag | None


class FrameRing(Generic[Tag]):
    """Pictures of one shape, each with its time and, if wanted, something about it (its face).

    A frame that was popped stays where `nearest` finds it until its slot is written again,
    `slots` pushes after its own at the latest. The writer may do so while `nearest` copies; the
    cursor is therefore read again after the copy, and a copy that can have been written into is
    thrown away. What `nearest` and `newest` return is thus one frame, whole, with its own time
    and tag. Frames that have not been popped are safe without that, so `peek` need not copy.

    Times may come in any order and with any gaps; `nearest` compares all that are held.
    """

    def __init__(self, slots: int, shape: tuple[int, ...]) -> None:
        if slots < 2:
            raise ValueError("a ring needs two slots or more")
        self._images: Image = np.zeros((slots, *shape), np.uint8)
        self._times = np.full(slots, np.nan)
        self._numbers = [0] * slots
        self._tags: list[Tag | None] = [None] * slots
        self._written = 0  # stored by the writer only
        self._read = 0  # stored by the reader only
        self.dropped = 0
        """Frames that found no room."""

    def __len__(self) -> int:
        return max(0, self._written - self._read)

    @property
    def slots(self) -> int:
        return len(self._numbers)

    def push(self, image: Image, pts: float, tag: Tag | None = None) -> bool:
        """Writer: copy a picture in. False when all slots hold frames that were not popped.
        ValueError for a picture of another shape."""
        if image.shape != self._images.shape[1:]:
            raise ValueError(f"the ring holds {self._images.shape[1:]}, not {image.shape}")
        written = self._written
        if written - self._read >= self.slots:
            self.dropped += 1
            return False
        slot = written % self.slots
        self._images[slot] = image
        self._times[slot] = pts
        self._numbers[slot] = written + self.dropped
        self._tags[slot] = tag
        self._written = written + 1
        return True

    def pop(self, out: Image | None = None) -> Held[Tag] | None:
        """Reader: the oldest frame, copied (into `out` if given); None when empty."""
        read = self._read
        if read == self._written:
            return None
        held = self._copy(read, out)
        self._read = read + 1
        return held

    def peek(self) -> Held[Tag] | None:
        """Reader: the oldest frame in place, to be read until it is popped or skipped."""
        read = self._read
        if read == self._written:
            return None
        return self._at(read, self._images[read % self.slots])

    def skip(self, before: float) -> int:
        """Reader: pass over the oldest frames up to the first with a time of `before` or later;
        how many that were."""
        read, written = self._read, self._written
        cursor = read
        while cursor < written and self._times[cursor % self.slots] < before:
            cursor += 1
        self._read = cursor
        return cursor - read

    def nearest(self, pts: float, within: float, out: Image | None = None) -> Held[Tag] | None:
        """Reader: a copy of the frame nearest to `pts` of all that are held, popped or not; None
        when none lies within that many seconds. The cursor stays."""
        while True:
            written = self._written
            cursor = self._find(pts, within, written)
            if cursor is None:
                return None
            held = self._copy(cursor, out)
            if self._intact(cursor):
                return held

    def newest(self, out: Image | None = None) -> Held[Tag] | None:
        """Reader: a copy of the frame that was pushed last, popped or not; None before the first.
        The cursor stays."""
        while True:
            written = self._written
            if written == 0:
                return None
            held = self._copy(written - 1, out)
            if self._intact(written - 1):
                return held

    def _find(self, pts: float, within: float, written: int) -> int | None:
        """The cursor of the frame nearest in time among those that cannot be written over at
        this moment: the popped one whose slot is next is left out."""
        first = max(0, min(self._read, written - self.slots + 1))
        if first == written:
            return None
        cursors = np.arange(first, written)
        distances = np.abs(self._times[cursors % self.slots] - pts)
        best = int(np.argmin(distances))
        return int(cursors[best]) if distances[best] <= within else None

    def _intact(self, cursor: int) -> bool:
        """Whether the writer cannot have begun to write this frame over."""
        return cursor >= self._read or cursor > self._written - self.slots

    def _copy(self, cursor: int, out: Image | None) -> Held[Tag]:
        image = self._images[cursor % self.slots]
        if out is None:
            return self._at(cursor, image.copy())
        out[...] = image
        return self._at(cursor, out)

    def _at(self, cursor: int, image: Image) -> Held[Tag]:
        slot = cursor % self.slots
        frame = Frame(image, float(self._times[slot]), self._numbers[slot])
        return Held(frame, self._tags[slot])
