"""Recordings made by code: a tone and pulses with a moving picture, in any form wanted."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest


def picture(number: int, width: int, height: int) -> np.ndarray:
    """A grey ramp with a white corner at the top left, so that turning it shows."""
    image = np.empty((height, width, 3), np.uint8)
    image[:] = np.linspace(40, 90, width, dtype=np.uint8)[None, :, None] + number % 8
    image[: height // 3, : width // 3] = 235
    return image


def sound(seconds: float, rate: int, channels: int) -> np.ndarray:
    """Channels x samples: quiet tone, one loud sample-wide pulse at every whole half second."""
    times = np.arange(round(seconds * rate)) / rate
    wave = 0.02 * np.sin(2 * np.pi * 300 * times)
    for at in np.arange(0.5, seconds, 0.5):
        wave[round(at * rate) : round(at * rate) + rate // 1000] = 0.8
    return np.repeat(wave[None], channels, 0).astype(np.float32)


def _write_pictures(output, stream, times, size):
    for number, seconds in enumerate(times):
        frame = av.VideoFrame.from_ndarray(picture(number, *size), format="rgb24")
        frame = frame.reformat(format=stream.pix_fmt)
        frame.pts, frame.time_base = round(seconds * 90000), Fraction(1, 90000)
        output.mux(stream.encode(frame))
    output.mux(stream.encode(None))


def _write_sound(output, stream, samples, rate, layout, delay, gap):
    """`gap`: (from, to) in seconds where nothing is stored."""
    for at in range(0, samples.shape[1], 1024):
        seconds = at / rate
        if gap and gap[0] <= seconds < gap[1]:
            continue
        block = np.ascontiguousarray(samples[:, at : at + 1024])
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=layout)
        frame.sample_rate = rate
        frame.pts, frame.time_base = at + round(delay * rate), Fraction(1, rate)
        output.mux(stream.encode(frame))
    output.mux(stream.encode(None))


Maker = Callable[..., Path]


@pytest.fixture
def make_clip(tmp_path: Path) -> Maker:
    def make(
        name: str = "clip.mp4",
        *,
        seconds: float = 2.0,
        size: tuple[int, int] = (96, 64),
        times: Sequence[float] | None = None,
        video: str | None = "libx264",
        rotation: float = 0,
        audio: str | None = "aac",
        rate: int = 48000,
        layout: str = "stereo",
        delay: float = 0.0,
        gap: tuple[float, float] | None = None,
        samples: np.ndarray | None = None,
        tags: dict[str, str] | None = None,
        options: dict[str, str] | None = None,
    ) -> Path:
        path = tmp_path / name
        with av.open(str(path), "w", container_options=options or {}) as output:
            output.metadata.update(tags or {})
            if video:
                pictures = output.add_stream(video, rate=25)
                pictures.width, pictures.height = size
                old = video in ("mjpeg", "mpeg2video", "mpeg4")
                pictures.codec_context.time_base = Fraction(1, 25 if old else 90000)
                pictures.pix_fmt = "yuvj420p" if video == "mjpeg" else "yuv420p"
                if rotation:
                    pictures.set_display_rotation(rotation)
            if audio:
                voice = output.add_stream(audio, rate=rate)
                voice.codec_context.layout = layout
            if video:
                shown = np.arange(0, seconds, 0.04) if times is None else times
                _write_pictures(output, pictures, shown, size)
            if audio:
                channels = av.AudioLayout(layout).nb_channels
                wave = sound(seconds, rate, channels) if samples is None else samples
                _write_sound(output, voice, wave, rate, layout, delay, gap)
        return path

    return make


@pytest.fixture
def pulses() -> Callable[[np.ndarray, int], list[float]]:
    """Where the pulses of a mono signal are, in seconds."""

    def find(wave: np.ndarray, rate: int) -> list[float]:
        loud = np.flatnonzero(np.abs(wave) > 0.3)
        starts = loud[np.diff(loud, prepend=-rate) > rate // 10]
        return [float(start) / rate for start in starts]

    return find
