"""The sound of a translated recording: the original, ducked, removed or passed, under the voice."""

from itertools import pairwise

import numpy as np
import soxr

from core.blend import softened
from core.types import AudioChunk, Samples
from engines.media.encoders import RATE

_FADE = round(0.003 * RATE)
_JOIN = 0.002
"""Pieces nearer together than this, in seconds, are one voice going on."""
_HOLD = round(0.25 * RATE)
"""The original stays down over pauses of the voice shorter than this."""


class Mixer:
    """Gives stereo blocks at 48 kHz, one after the other, from time 0.

    A piece of voice is heard from its start on, to the sample; a piece that is added when its
    start has been rendered already is heard from the present on, whole. Ducking begins one ramp
    before the voice where the piece is known by then. Nothing passes 1.0. For one thread.
    """

    def __init__(
        self, original: str = "duck", *, duck_db: float = -15.0, ramp: float = 0.08
    ) -> None:
        if original not in ("duck", "off", "pass"):
            raise ValueError(f"original must be duck, off or pass, not {original!r}")
        self._low = {"duck": 10 ** (duck_db / 20), "off": 0.0, "pass": 1.0}[original]
        self._gain = 0.0 if original == "off" else 1.0
        self._high = self._gain
        self._ramp = max(1, round(ramp * RATE))
        self._position = 0
        self._runs: list[_Run] = []

    @property
    def seconds(self) -> float:
        """How much has been rendered."""
        return self._position / RATE

    def add(self, start: float, audio: AudioChunk) -> float:
        """A piece of the voice, any rate, in the order of their starts. Returns the second at
        which it will really be heard. `audio.pts` does not matter."""
        if not len(audio.samples):
            return start
        last = self._runs[-1] if self._runs else None
        if last and last.open and last.rate == audio.rate and abs(start - last.end) <= _JOIN:
            heard = last.end
        else:
            at = max(round(start * RATE), self._position)
            last = _Run(at, audio.rate)
            self._runs.append(last)
            heard = at / RATE
        last.add(audio.samples)
        return heard

    def render(self, original: Samples) -> Samples:
        """The next len(original) samples of the output; `original` is n x 2, float32."""
        count = len(original)
        mixed = original * self._envelope(count)[:, None]
        for run in self._runs:
            run.mix_into(mixed, self._position)
        self._position += count
        self._runs = [run for run in self._runs if run.stop + _HOLD > self._position]
        return softened(mixed)

    def _envelope(self, count: int) -> Samples:
        """The original's gain, moving in straight ramps between high and low."""
        low = np.zeros(count, np.bool_)
        for run in self._runs:
            first = run.start - self._ramp - self._position
            low[max(0, first) : max(0, run.stop + _HOLD - self._position)] = True
        edges = [0, *(np.flatnonzero(np.diff(low)) + 1), count]
        gain = np.empty(count, np.float32)
        step = (self._high - self._low) / self._ramp
        for begin, end in pairwise(edges):
            if begin == end:
                continue
            moves = np.arange(1, end - begin + 1, dtype=np.float32) * step
            moved = self._gain - moves if low[begin] else self._gain + moves
            gain[begin:end] = np.clip(moved, self._low, self._high)
            self._gain = float(gain[end - 1])
        return gain


class _Run:
    """Pieces that follow each other without a gap, resampled as one stream."""

    def __init__(self, start: int, rate: int) -> None:
        self.start = start
        self.rate = rate
        self.open = True
        self._given = 0
        self._made = 0
        self._first = start
        self._ready = np.zeros(0, np.float32)
        self._stream = soxr.ResampleStream(rate, RATE, 1, dtype="float32")

    @property
    def stop(self) -> int:
        return self.start + round(self._given * RATE / self.rate)

    @property
    def end(self) -> float:
        return self.start / RATE + self._given / self.rate

    def add(self, samples: Samples) -> None:
        self._given += len(samples)
        self._take(self._stream.resample_chunk(np.ascontiguousarray(samples, np.float32)))

    def mix_into(self, block: Samples, position: int) -> None:
        """Adds what sounds during the block, which begins at `position`, and forgets it."""
        until = position + len(block)
        if until <= self._first:
            return
        # The last moments are held back: until the run is over they must not be faded out.
        if self.open and until > self._first + len(self._ready) - _FADE:
            self._finish()
        piece = self._ready[: until - self._first]
        at = self._first - position
        block[at : at + len(piece)] += piece[:, None]
        self._ready = self._ready[len(piece) :]
        self._first += len(piece)

    def _take(self, samples: Samples) -> None:
        rising = samples[: max(0, _FADE - self._made)]
        rising *= (np.arange(len(rising), dtype=np.float32) + self._made) / _FADE
        self._made += len(samples)
        self._ready = np.concatenate([self._ready, samples])

    def _finish(self) -> None:
        self.open = False
        self._take(self._stream.resample_chunk(np.zeros(0, np.float32), last=True))
        missing = self.stop - self._first - len(self._ready)
        if missing > 0:
            self._ready = np.concatenate([self._ready, np.zeros(missing, np.float32)])
        self._ready = self._ready[: self.stop - self._first]
        falling = self._ready[-_FADE:]
        falling *= np.linspace(1, 0, len(falling), dtype=np.float32)
