"""Decoded sound laid on the recording's own time line, so that position in samples is time."""

from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np
from av.audio.frame import AudioFrame

from core.types import Samples
from engines.media.mono import Mono

_TOLERANCE = 0.03
"""Seconds by which time stamps may disagree with the number of samples (many containers round
them) before it counts as a gap or an overlap."""
_BACK = 1.0
"""Time stamps that go back further than this have started anew: the sound simply goes on."""
_SILENCE = 1.0
"""The longest piece of silence, in seconds, that is handed out at once."""


class Timeline:
    """Turns frames into an unbroken row of blocks, channels x samples, at `rate`.

    What starts late or has gaps gets silence, overlaps are cut. `longest` (seconds, 0: unknown)
    keeps a broken time stamp from asking for hours of silence.
    """

    def __init__(self, rate: int, channels: int, start: float, longest: float = 0.0) -> None:
        self._rate = rate
        self._channels = channels
        self._start = Fraction(start).limit_denominator(av.time_base)
        self._limit = round((longest + 5.0 if longest else 3600.0) * rate)
        self._mono = Mono(rate)
        self._shift = 0
        self._position = 0
        self._converter: av.AudioResampler | None = None
        self._kind: tuple[str, str, int] | None = None
        self.jumps = 0
        """Time stamps that made no sense and were passed over."""

    @property
    def seconds(self) -> float:
        """How much has been handed out."""
        return self._position / self._rate

    def push(self, frame: AudioFrame) -> Iterator[Samples]:
        for piece in self._converted(frame):
            block = piece.to_ndarray().astype(np.float32, copy=False)
            if block.shape[0] > self._channels:
                block = self._mono.fold(block)
            elif block.shape[0] < self._channels:
                block = np.repeat(block, self._channels, axis=0)
            ahead = self._ahead(piece)
            if ahead > 0:
                yield from self._silence(ahead)
            block = block[:, max(0, -ahead) :]
            self._position += block.shape[1]
            if block.shape[1]:
                yield block

    def _ahead(self, frame: AudioFrame) -> int:
        """Samples of silence that are due before the frame; negative: samples to leave out."""
        if frame.pts is None or frame.time_base is None:
            return 0
        wanted = round((frame.pts * frame.time_base - self._start) * self._rate)
        ahead = wanted - self._position + self._shift
        if self._position and abs(ahead) <= _TOLERANCE * self._rate:
            return 0
        if ahead < -_BACK * self._rate or wanted > self._limit:
            self._shift -= ahead
            self.jumps += 1
            return 0
        return ahead

    def _silence(self, samples: int) -> Iterator[Samples]:
        while samples > 0:
            count = min(samples, int(_SILENCE * self._rate))
            samples -= count
            self._position += count
            yield np.zeros((self._channels, count), np.float32)

    def _converted(self, frame: AudioFrame) -> list[AudioFrame]:
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        rest: list[AudioFrame] = []
        if kind != self._kind:  # some streams change their form on the way
            rest = self._converter.resample(None) if self._converter else []
            self._converter = _converter(frame, self._rate, self._channels)
            self._kind = kind
        assert self._converter is not None
        return rest + self._converter.resample(frame)


def _converter(frame: AudioFrame, rate: int, channels: int) -> av.AudioResampler:
    """Float, at the stream's rate, mixed down to what is wanted without ever passing 1.0; but
    for stereo that is to become mono, which stays as it is."""
    there = frame.layout.nb_channels
    mono = there == 1 or (channels == 1 and there != 2)
    return av.AudioResampler(
        format="fltp",
        layout="mono" if mono else "stereo",
        rate=rate,
        options={"rematrix_maxval": "1.0"},
    )
