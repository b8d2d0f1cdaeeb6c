"""The speech of the utterance that is growing, with its level frame by frame."""

import numpy as np

from core.types import AudioChunk, Samples

RATE = 16000
PAD = 0.15
"""Seconds kept after the last speech: a recogniser wants the sound to die away."""

EDGE = 160
"""Samples on each side of a cut that should be quiet."""


class Utterance:
    """Sound from a little before the first speech on. `pts` is the time of its first sample.

    Frames all have the same length; `spoken` is the time where the last speech in it ended.
    """

    def __init__(self, pts: float, frame: int) -> None:
        self.pts = pts
        self.spoken = pts
        self.voiced = 0
        self._frame = frame
        self._frames: list[Samples] = []
        self._levels: list[float] = []

    def append(self, frame: Samples, loud: bool) -> None:
        self._frames.append(frame)
        self._levels.append(10 * np.log10(float(np.mean(np.square(frame))) + 1e-10))
        if loud:
            self.voiced += 1
            self.spoken = self.end

    @property
    def end(self) -> float:
        return self.pts + len(self._frames) * self._frame / RATE

    @property
    def length(self) -> float:
        """Seconds from the beginning to the last speech."""
        return self.spoken - self.pts

    @property
    def silence(self) -> float:
        """Seconds since the last speech."""
        return self.end - self.spoken

    def audio(self, until: float | None = None) -> AudioChunk:
        """A copy of the sound up to a moment; by default to the last speech and its dying
        away."""
        end = min(self.end, self.spoken + PAD) if until is None else until
        whole = np.concatenate(self._frames) if self._frames else np.zeros(0, np.float32)
        return AudioChunk(whole[: max(0, round((end - self.pts) * RATE))], RATE, self.pts)

    def tail(self, moment: float) -> "Utterance":
        """What comes after a moment, as the beginning of the next utterance."""
        first = self._index(moment)
        rest = Utterance(self.pts + first * self._frame / RATE, self._frame)
        rest._frames = self._frames[first:]
        rest._levels = self._levels[first:]
        rest.voiced = len(rest._frames)
        rest.spoken = max(rest.pts, self.spoken)
        return rest

    def dip(self, start: float, end: float) -> float:
        """How far the level sinks between two moments below the utterance's own, 0 to 1."""
        levels = self._levels[self._index(start) : self._index(end) + 1]
        if not levels:
            return 0.0
        usual = float(np.percentile(self._levels, 70))
        return float(np.clip((usual - min(levels)) / 30, 0, 1))

    def quietest(self, start: float, end: float) -> float:
        """The border between two frames, from `start` to `end`, with the least sound about it:
        there `audio` and `tail` can be cut."""
        first = max(1, self._index(start))
        last = min(len(self._frames) - 1, max(first, self._index(end)))
        best = min(range(first, last + 1), key=self._sound_about, default=first)
        return self.pts + best * self._frame / RATE

    def _sound_about(self, border: int) -> float:
        before, after = self._frames[border - 1][-EDGE:], self._frames[border][:EDGE]
        return float(np.sum(np.square(before)) + np.sum(np.square(after)))

    def _index(self, moment: float) -> int:
        whole = int((moment - self.pts) * RATE / self._frame + 1e-6)
        return max(0, min(len(self._frames), whole))
