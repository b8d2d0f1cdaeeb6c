"""Sound and pictures on their way into a container."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation
from av.video.stream import VideoStream
from numpy.typing import NDArray

from core.types import Samples
from engines.media.containers import ENCODER_OPTIONS, Container
from engines.media.opening import AnyPacket

RATE = 48000
_TICKS = Fraction(1, 90000)
_BT709 = 1
EXACT = Interpolation.BILINEAR | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
"""How colours are converted: without it each way there and back makes a picture darker."""


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """Pictures that will be given as frames: size and the usual number a second (their own
    times are kept whatever it says)."""

    width: int
    height: int
    fps: float = 30.0


class SoundEncoder:
    """Stereo at RATE, from time 0 without a gap."""

    def __init__(self, output: OutputContainer, container: Container) -> None:
        options = {"b": str(container.audio_bit_rate)} if container.audio_bit_rate else {}
        stream = output.add_stream(container.audio, rate=RATE, options=options)
        self.stream = cast(AudioStream, stream)
        self.stream.codec_context.layout = "stereo"
        self._position = 0

    @property
    def seconds(self) -> float:
        return self._position / RATE

    def encode(self, samples: Samples) -> Iterable[AnyPacket]:
        """`samples` x 2, float32; what passes 1.0 is cut off."""
        if not len(samples):
            return []
        planes = np.ascontiguousarray(samples.T.clip(-1.0, 1.0), np.float32)
        frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout="stereo")
        frame.sample_rate = RATE
        frame.time_base = Fraction(1, RATE)
        frame.pts = self._position
        self._position += planes.shape[1]
        return self.stream.encode(frame)

    def flush(self) -> Iterable[AnyPacket]:
        return self.stream.encode(None)


class PictureEncoder:
    """H.264 or VP9 at speed; odd sizes lose a row or column, times are kept to 1/90000 s."""

    def __init__(
        self, output: OutputContainer, container: Container, picture: PictureFormat
    ) -> None:
        rate = Fraction(picture.fps or 30.0).limit_denominator(1001)
        self._size = (picture.width // 2 * 2, picture.height // 2 * 2)
        self.stream = cast(
            VideoStream,
            output.add_stream(
                container.video, rate=rate, options=dict(ENCODER_OPTIONS[container.video])
            ),
        )
        self.stream.width, self.stream.height = self._size
        self.stream.pix_fmt = "yuv420p"
        context = self.stream.codec_context
        context.time_base = _TICKS
        context.gop_size = max(1, round(2 * rate))
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = ColorRange.MPEG
        self._last = -1

    def encode(self, image: NDArray[np.uint8], seconds: float) -> Iterable[AnyPacket]:
        """An RGB picture of the announced size. One that is not later than the one before it
        is left out."""
        pts = round(seconds / _TICKS)
        if pts <= self._last:
            return []
        self._last = pts
        width, height = self._size
        if image.shape[0] < height or image.shape[1] < width or image.shape[2:] != (3,):
            raise ValueError(f"expected a picture of {height} x {width} x 3, not {image.shape}")
        whole = np.ascontiguousarray(image[:height, :width])
        frame = _yuv(VideoFrame.from_ndarray(whole, format="rgb24"))
        frame.pts, frame.time_base = pts, _TICKS
        return self.stream.encode(frame)

    def flush(self) -> Iterable[AnyPacket]:
        return self.stream.encode(None)


def _yuv(frame: VideoFrame) -> VideoFrame:
    return frame.reformat(
        format="yuv420p",
        dst_colorspace=Colorspace.ITU709,
        dst_color_range=ColorRange.MPEG,
        interpolation=EXACT,
        threads=1,
    )
