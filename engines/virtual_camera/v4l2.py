"""The v4l2loopback devices of this machine: what they are and can do at this moment.

Linux only in what it finds; it may be imported anywhere. The numbers are those of
linux/videodev2.h, which never change.
"""

import contextlib
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_SYSTEM = Path("/sys/devices/virtual/video4linux")
_DRIVER = "v4l2 loopback"
_QUERYCAP, _G_FMT, _TRY_FMT, _STREAMON = 0x80685600, 0xC0D05604, 0xC0D05640, 0x40045612
_CAPTURE, _OUTPUT = 1, 2
_CAPABILITY = struct.Struct("16s32s32sIII12x")
_FORMAT = struct.Struct("I4xIII188x")


@dataclass(frozen=True)
class Loopback:
    """`capture`: it shows itself as a camera, since something has written to it. `output`: it
    takes a writer. With exclusive_caps=1 it is one of both, or after a writer's death neither."""

    path: str
    name: str
    version: tuple[int, int, int]
    """Of the kernel: v4l2loopback does not tell its own."""
    capture: bool
    output: bool


@dataclass(frozen=True)
class Form:
    """Size and pixels (a four-letter code) that the device has, or had last."""

    width: int
    height: int
    pixels: str

    def __str__(self) -> str:
        return f"{self.width}x{self.height} {self.pixels}"


def loopbacks() -> tuple[Loopback, ...]:
    """By number. Those that this user may not open are left out; see `forbidden`."""
    found = (_opened(path) for path in _paths())
    return tuple(device for device in found if device is not None)


def forbidden() -> tuple[str, ...]:
    """Virtual video devices that this user may not open."""
    return tuple(
        path for path in _paths() if os.path.exists(path) and not os.access(path, os.R_OK | os.W_OK)
    )


def look(path: str) -> Loopback | None:
    """The device at this path; None when it is none of v4l2loopback's."""
    with _open(path, os.O_RDWR) as descriptor:
        answer = _asked(descriptor, _QUERYCAP, bytearray(_CAPABILITY.size))
    driver, card, _, version, _, can = _CAPABILITY.unpack(answer)
    if _text(driver) != _DRIVER:
        return None
    numbers = (version >> 16, version >> 8 & 255, version & 255)
    return Loopback(path, _text(card), numbers, bool(can & _CAPTURE), bool(can & _OUTPUT))


def form(path: str) -> Form:
    """What the device has at this moment, or had last."""
    return _form(path, _G_FMT, Form(0, 0, ""))


def agreed(path: str, wanted: Form) -> Form:
    """What a writer would get that asks for this: something else while a reader holds the device
    at what an earlier writer sent."""
    return _form(path, _TRY_FMT, wanted)


def make_writable(path: str) -> None:
    """Give a device its output side back, which v4l2loopback up to 0.12.7 with exclusive_caps=1
    forgets when a writer that only ever called write() is gone: who asks for streaming counts as
    a writer, though it may be refused, and a writer that closes leaves an output behind.

    Only for a device that nobody writes to: afterwards a second writer would be let in.
    """
    import fcntl

    with _open(path, os.O_RDWR) as descriptor, contextlib.suppress(OSError):
        fcntl.ioctl(descriptor, _STREAMON, struct.pack("i", _OUTPUT))


def _paths() -> list[str]:
    """Of virtual devices only: opening a real camera may switch its light on."""
    if not _SYSTEM.is_dir():
        return []
    numbers = [int(entry.name[5:]) for entry in _SYSTEM.glob("video[0-9]*")]
    return [f"/dev/video{number}" for number in sorted(numbers)]


def _opened(path: str) -> Loopback | None:
    try:
        return look(path)
    except OSError:
        return None


@contextlib.contextmanager
def _open(path: str, flags: int) -> Iterator[int]:
    descriptor = os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _form(path: str, request: int, wanted: Form) -> Form:
    pixels = int.from_bytes(wanted.pixels.encode(), "little")
    room = bytearray(_FORMAT.pack(_OUTPUT, wanted.width, wanted.height, pixels))
    with _open(path, os.O_RDWR) as descriptor:
        _, width, height, pixels = _FORMAT.unpack(_asked(descriptor, request, room))
    return Form(width, height, _text(struct.pack("I", pixels)))


def _asked(descriptor: int, request: int, answer: bytearray) -> bytearray:
    import fcntl

    fcntl.ioctl(descriptor, request, answer)
    return answer


def _text(raw: bytes) -> str:
    return raw.split(b"\0")[0].decode(errors="replace")
