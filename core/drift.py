"""A sound that one clock records, read at the pace of another.

Two sound cards never agree: at 200 parts in a million, a minute of one is 12 ms longer than that
of the other. Here the reader is sped up or slowed down by as little as is needed to stay equally
near to the newest sound; a pitch that is off by 0.1 % is 1.7 cents, which nobody hears.
"""

from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from core.cushion import Cushion
from core.devices import RATE
from core.types import Samples

_MOST = 0.001
_SECONDS = 4.0
"""In which a distance from the target is made good."""
_LEFT_ALONE = RATE // 500
"""A smaller distance is not worth touching samples that could be passed on as they are."""
_SMOOTH = 0.02
_LUMP = RATE // 100
"""Devices hand out sound in pieces of this length, so the newest may be this old."""
_SETTLING = 3.0
"""Seconds whose deliveries are forgotten then: nothing is late for ever that was so at the
start."""
_SEEN = 60
"""The latest delivery is remembered for so many seconds."""
_FAR = RATE // 80
"""Sound that is later than this is caught up with at once."""
_LATEST = RATE // 50
"""A delivery that is later than this was no delivery but a stop."""
_FADE, _STITCH = RATE // 200, RATE // 1000
_TAPS, _PHASES = 32, 512
_BEFORE, _AFTER = _TAPS // 2 - 1, _TAPS // 2 + 1


class Follower:
    """Reads `read(position, count)`, a stream that others append to, in blocks that follow each
    other without a gap. One thread.

    It stays as near to the newest sound as the latest delivery of the last minute allows, and
    `spare` seconds: an underrun makes that more for a while. What comes a little later than it
    ever did is waited for with the milliseconds before it, once more. Where nothing can be had,
    silence is given, and the stream is taken up again, softly, when it goes on. As long as both
    clocks agree, samples are passed on unchanged.
    """

    def __init__(self, read: Callable[[int, int], Samples], *, spare: float = 0.005) -> None:
        self.underruns = 0
        self.skipped = 0
        """How often it had to catch up at once."""
        self.repeated = 0
        """How often it had to wait for a late delivery."""
        self.rate = 0.0
        """How much faster than recorded the sound is read."""
        self._read = read
        least = round(spare * RATE)
        self._spare = Cushion(least, least + RATE // 25, RATE // 200, _SETTLING)
        self._lags = deque([_LUMP], maxlen=_SEEN)
        self._settling = round(_SETTLING * RATE)
        self._position = 0
        self._part = 0.0
        self._taken = 0
        self._flowing = False

    @property
    def delay(self) -> float:
        """Seconds from a sample being heard to its being taken, when all is well."""
        return (max(self._lags) + self._spare.size + _AFTER) / RATE

    def take(self, count: int, end: int, heard: float) -> Samples:
        """The next samples of the stream, which reaches to `end` by now; `heard` is the position
        of what the microphone hears at this moment, which has not been delivered yet."""
        lag = round(heard) - end
        self._learn(count, lag)
        if not self._flowing:
            return self._begin(count, end, heard)
        settled = self._settles(count)
        late = heard - self._position - count - self.delay * RATE
        if self._position + count + _AFTER > end:
            if lag >= _LATEST:
                return self._begin(count, end, heard)
            return self._repeat(count, end, round(late))
        if late > (_LEFT_ALONE if settled else _FAR):
            return self._skip(count, round(late))
        wanted = float(np.clip(late / (_SECONDS * RATE), -_MOST, _MOST))
        if abs(late) < _LEFT_ALONE and self._part == 0.0:
            wanted = self.rate = 0.0
        self.rate += _SMOOTH * (wanted - self.rate)
        return self._next(count)

    def _settles(self, count: int) -> bool:
        """Whether at this moment what was learnt at the beginning is to be forgotten."""
        before, self._settling = self._settling, self._settling - count
        if before > 0 >= self._settling:
            self._lags = deque([_LUMP], maxlen=_SEEN)
            return True
        return False

    def _learn(self, count: int, lag: int) -> None:
        before, self._taken = self._taken, self._taken + count
        self._spare.update(self.underruns, self._taken / RATE)
        if self._flowing and lag < _LATEST:
            self._lags[-1] = max(self._lags[-1], lag)
        if self._taken // RATE > before // RATE:
            self._lags.append(_LUMP)

    def _begin(self, count: int, end: int, heard: float) -> Samples:
        """Silence until there is enough to begin with; fades out what cannot go on."""
        out = np.zeros(count, np.float32)
        if self._flowing:
            self.underruns += 1
            self._flowing = False
            left = min(_FADE, count, max(0, end - _AFTER - self._position))
            out[:left] = self._next(left) * np.linspace(1, 0, left, dtype=np.float32)
            self._position = end
        latest = end - count - _AFTER
        begin = min(round(heard - self.delay * RATE) - count, latest)
        if begin >= max(self._position, _BEFORE):
            self._position, self._part, self.rate = begin, 0.0, 0.0
            self._flowing = True
            out += self._next(count) * np.minimum(np.arange(count, dtype=np.float32) / _FADE, 1)
        return out

    def _skip(self, count: int, samples: int) -> Samples:
        """Goes over to a later place of the stream, from one into the other."""
        self.skipped += 1
        old = self._next(count)
        self._position += samples - count
        new = self._next(count)
        share = np.minimum(np.arange(count, dtype=np.float32) / _FADE, 1)
        return old + (new - old) * share

    def _repeat(self, count: int, end: int, samples: int) -> Samples:
        """Goes back to an earlier place (`samples` is negative), out of what is left."""
        self.repeated += 1
        place = self._position + samples
        left = min(count, max(0, end - _AFTER - self._position))
        old: Samples = np.repeat(self._read(self._position + left - 1, 1), count)
        old[:left] = self._next(left)
        self._position = place
        new = self._next(count)
        share = np.minimum(np.arange(count, dtype=np.float32) / max(_STITCH, left), 1)
        both: Samples = old + (new - old) * share
        return both

    def _next(self, count: int) -> Samples:
        if self._part == 0.0 and self.rate == 0.0:
            self._position += count
            return self._read(self._position - count, count)
        places = self._part + np.arange(count + 1) * (1.0 + self.rate)
        whole = places.astype(np.int64)
        phases = (places - whole) * _PHASES
        nearest = phases.astype(np.int64)
        around = self._read(self._position - _BEFORE, int(whole[-1]) + _TAPS + 1)
        windows = sliding_window_view(around, _TAPS)[whole[:-1]]
        self._position += int(whole[-1])
        self._part = float(places[-1] - whole[-1])
        between = (phases - nearest)[:-1, None].astype(np.float32)
        kernel = _KERNELS[nearest[:-1]] + _SLOPES[nearest[:-1]] * between
        sound: Samples = np.einsum("ij,ij->i", windows, kernel, dtype=np.float32)
        return sound


def _kernels() -> Samples:
    """A windowed sinc for each of so many places between two samples."""
    taps = np.arange(-_BEFORE, _AFTER)[None, :]
    distance = taps - np.arange(_PHASES + 1)[:, None] / _PHASES
    window = np.i0(8.0 * np.sqrt(np.maximum(0.0, 1 - (distance / (_TAPS / 2)) ** 2))) / np.i0(8.0)
    kernels = np.sinc(distance) * window
    normed: Samples = (kernels / kernels.sum(axis=1, keepdims=True)).astype(np.float32)
    return normed


_KERNELS = _kernels()
_SLOPES: Samples = np.diff(_KERNELS, axis=0)
