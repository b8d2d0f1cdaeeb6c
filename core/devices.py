"""What there is to see and hear with, and what the live session asks of each device.

Moments here are the machine's monotonic clock (`time.perf_counter()`, the same in every process),
not the session's: a device knows nothing of sessions.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.errors import DeviceUnavailable
from core.types import Samples

RATE = 48_000
"""Samples a second on the devices' side; every microphone is brought to it."""
SIZE = (1280, 720)
"""Width and height of the virtual camera, fixed for as long as it exists."""
FPS = 30
CAMERA_NAME = "Translated Camera"
MICROPHONE_NAME = "Translated Microphone"

Image = NDArray[np.uint8]


class DeviceLost(DeviceUnavailable):
    """A device that worked is gone: unplugged, or taken away."""


class SourceEnded(DeviceLost):
    """A file that stood in for a device is over."""


@dataclass(frozen=True)
class CameraMode:
    width: int
    height: int
    fps: float
    pixels: str = ""
    """How the camera sends it: MJPG, YUYV and the like."""


@dataclass(frozen=True)
class CameraInfo:
    """A camera that can be chosen. `id` tells two of the same name apart and is stable while the
    camera is plugged in; `ours` is the virtual camera that this program feeds."""

    name: str
    id: str
    modes: tuple[CameraMode, ...] = ()
    ours: bool = False
    place: int | None = None
    """Where cameras are opened by their place in the system's list (Windows, macOS): which one it
    had when the list was made."""
    trouble: str = ""
    """Why it cannot be opened at this moment, as a sentence; empty when it can."""


@dataclass(frozen=True)
class SoundInfo:
    """A microphone, or something that plays. `ours` as with a camera."""

    name: str
    id: str
    rate: int = RATE
    channels: int = 1
    ours: bool = False
    default: bool = False


@dataclass(frozen=True)
class Shot:
    """A picture and the moment at which it was taken, as nearly as can be told."""

    image: Image
    moment: float


@dataclass(frozen=True)
class Heard:
    """Mono sound at RATE, and the moment at which its first sample was heard."""

    samples: Samples
    moment: float


class Camera(Protocol):
    """One open camera, or a source that behaves like one. One thread."""

    mode: CameraMode
    """What it really gives, which may differ from what it was asked for."""

    def read(self, timeout: float = 1.0) -> Shot | None:
        """The newest picture (RGB), each once; None when there is none in time. DeviceLost."""
        ...

    def close(self) -> None: ...


class Microphone(Protocol):
    """One open microphone, or a source that behaves like one. One thread."""

    def read(self, timeout: float = 1.0) -> Heard | None:
        """What was heard since the last call, as soon as there is any; None when there is nothing
        in time. DeviceLost."""
        ...

    @property
    def dropped(self) -> int:
        """Samples lost because nobody read them in time."""
        ...

    def close(self) -> None: ...


class VirtualCamera(Protocol):
    """What meeting programs see. One thread. It exists from construction to `close`."""

    name: str
    backend: str

    def send(self, image: Image) -> None:
        """A picture (RGB, of SIZE). Returns at once; the caller keeps the pace. DeviceLost."""
        ...

    @property
    def watched(self) -> bool | None:
        """Whether a program reads it; None when that cannot be told."""
        ...

    def close(self) -> None: ...


class VirtualMicrophone(Protocol):
    """What meeting programs hear. One thread. It exists from construction to `close`."""

    name: str
    backend: str
    at_ease: bool
    """Set by who plays: nobody waits for the sound, so it may be late to save work."""

    def play(self, samples: Samples) -> None:
        """Mono sound at RATE, after what was played before. Waits while the device has enough:
        this is what keeps the pace. DeviceLost."""
        ...

    def replace(self, samples: Samples) -> bool:
        """Instead of as many samples that were played last, as far as they are not heard yet.
        False where the device cannot."""
        ...

    @property
    def latency(self) -> float:
        """Seconds between `play` and the moment at which the sound leaves the device."""
        ...

    @property
    def underruns(self) -> int:
        """How often the device had nothing to play."""
        ...

    @property
    def watched(self) -> bool | None:
        """Whether a program listens; None when that cannot be told."""
        ...

    def close(self) -> None: ...
