"""Speech as Opus packets of one chunk each, and back."""

import av
import numpy as np
import soxr
from av.audio.codeccontext import AudioCodecContext

from core.types import Samples
from engines.link.wire import CHUNK_S, LinkError

RATE = 48000
"""Opus counts in this rate, whatever it carries."""
SPOKEN = 16000
"""Of what the client hears, and what recognition wants."""
_BITS = {16000: 24_000, 24000: 32_000, 48000: 48_000}
_LARGEST = 4000
_HEADER = b"OpusHead\x01\x01\x00\x00\x80\xbb\x00\x00\x00\x00\x00"  # one channel, nothing skipped


class SoundEncoder:
    """Mono chunks of CHUNK_S at `rate`: 16000, 24000 or 48000; at `bits` a second, or at what
    speech needs."""

    def __init__(self, rate: int, bits: int = 0) -> None:
        self.size = round(rate * CHUNK_S)
        self._rate = rate
        codec = av.CodecContext.create("libopus", "w")
        assert isinstance(codec, AudioCodecContext)
        codec.sample_rate, codec.layout, codec.format = rate, "mono", "flt"
        codec.bit_rate = bits or _BITS[rate]
        codec.options = {"frame_duration": "40", "application": "voip"}
        self._codec = codec
        self._pts = 0

    def encode(self, samples: Samples) -> bytes:
        """One packet for one chunk of `size` samples; silence stands for what is missing."""
        if len(samples) > self.size:
            raise ValueError(f"a chunk has {self.size} samples, not {len(samples)}")
        whole = np.zeros((1, self.size), np.float32)
        whole[0, : len(samples)] = samples
        frame = av.AudioFrame.from_ndarray(whole, "flt", "mono")
        frame.sample_rate, frame.pts = self._rate, self._pts
        self._pts += self.size
        return b"".join(bytes(packet) for packet in self._codec.encode(frame))


class SoundDecoder:
    """Packets of one chunk each, to mono samples at `rate`."""

    def __init__(self, rate: int) -> None:
        codec = av.CodecContext.create("libopus", "r")
        assert isinstance(codec, AudioCodecContext)
        codec.extradata = _HEADER
        self._codec = codec
        self._resampler = soxr.ResampleStream(RATE, rate, 1, dtype="float32", quality="LQ")
        self._same = rate == RATE

    def decode(self, packet: bytes) -> Samples:
        """LinkError when it is not one chunk of Opus."""
        if not 0 < len(packet) <= _LARGEST:
            raise LinkError(f"A chunk of sound has 1 to {_LARGEST} bytes, not {len(packet)}.")
        try:
            frames = self._codec.decode(av.Packet(packet))
        except av.error.FFmpegError as error:
            raise LinkError("A chunk of sound cannot be decoded.") from error
        blocks = [frame.to_ndarray()[0, :: frame.layout.nb_channels] for frame in frames]
        whole = np.concatenate([np.zeros(0, np.int16), *blocks])
        samples = (whole / 32768).astype(np.float32)
        if len(samples) != round(RATE * CHUNK_S):
            raise LinkError(
                f"A chunk of sound lasts {CHUNK_S * 1e3:g} ms, not {len(samples) / RATE * 1e3:g}."
            )
        return self._resampled(samples)

    def missing(self, chunks: int) -> Samples:
        """Silence in place of chunks that never came."""
        return self._resampled(np.zeros(round(chunks * RATE * CHUNK_S), np.float32))

    def _resampled(self, samples: Samples) -> Samples:
        done: Samples = samples if self._same else self._resampler.resample_chunk(samples)
        return done
