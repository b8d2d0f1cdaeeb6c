"""What Linux's kernel tells about its video devices (Video4Linux, version 2)."""

import errno
import fcntl
import os
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from core.devices import CameraMode

Ioctl = Callable[[int, int, bytearray], object]

_QUERYCAP, _CAPABILITY = 0x80685600, struct.Struct("16s32s32s6I")
_ENUM_FMT, _FORMAT = 0xC0405602, struct.Struct("3I32s5I")
_ENUM_SIZES, _SIZE = 0xC02C564A, struct.Struct("11I")
_ENUM_INTERVALS, _INTERVAL = 0xC034564B, struct.Struct("13I")
_CAPTURE = 1
_DEVICE_CAPS = 1 << 31
_DISCRETE = 1
_COMMON = ((3840, 2160), (1920, 1080), (1280, 720), (640, 480))
"""Sizes that are tried where a device takes any."""


@dataclass(frozen=True)
class Node:
    """A device file that pictures can be read from."""

    path: str
    card: str
    bus: str
    driver: str
    modes: tuple[CameraMode, ...]


def query(path: str, ioctl: Ioctl = fcntl.ioctl) -> Node | None:
    """None when no pictures can be read from it. OSError when it may not be opened or is gone.
    A device that is in use answers too."""
    descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        buffer = bytearray(_CAPABILITY.size)
        ioctl(descriptor, _QUERYCAP, buffer)
        driver, card, bus, _, whole, own, *_ = _CAPABILITY.unpack(buffer)
        if not (own if whole & _DEVICE_CAPS else whole) & _CAPTURE:
            return None
        modes = tuple(_modes(descriptor, ioctl))
        return Node(path, _text(card), _text(bus), _text(driver), modes)
    finally:
        os.close(descriptor)


def card_of(path: str, sysfs: Path = Path("/sys/class/video4linux")) -> str:
    """The device's name for those who may not open it."""
    try:
        return (sysfs / Path(path).name / "name").read_text("utf-8", "replace").strip()
    except OSError:
        return Path(path).name


def users_of(path: str, processes: Path = Path("/proc")) -> tuple[str, ...]:
    """The programs of this user that have the device open, other than this process."""
    real = os.path.realpath(path)
    return tuple(
        sorted({_program(one) for one in processes.glob("[0-9]*") if _holds(one, real)} - {""})
    )


def _holds(process: Path, path: str) -> bool:
    if process.name == str(os.getpid()):
        return False
    try:
        return any(os.readlink(link) == path for link in (process / "fd").iterdir())
    except OSError:
        return False


def _program(process: Path) -> str:
    try:
        return (process / "comm").read_text("utf-8", "replace").strip()
    except OSError:
        return ""


def _text(raw: bytes) -> str:
    return raw.split(b"\0", 1)[0].decode("utf-8", "replace")


def _answers(
    descriptor: int, request: int, form: struct.Struct, given: tuple[int, ...], ioctl: Ioctl
) -> Iterator[tuple[int, ...]]:
    """What the kernel says to index 0, 1, ... until it says that there is no more."""
    for index in range(256):
        buffer = bytearray(form.size)
        struct.pack_into(f"{1 + len(given)}I", buffer, 0, index, *given)
        try:
            ioctl(descriptor, request, buffer)
        except OSError as exc:
            if exc.errno in (errno.EINVAL, errno.ENOTTY, errno.ENODATA):
                return
            raise
        yield form.unpack(buffer)


def _modes(descriptor: int, ioctl: Ioctl) -> Iterator[CameraMode]:
    for form in _answers(descriptor, _ENUM_FMT, _FORMAT, (_CAPTURE,), ioctl):
        code = form[4]
        pixels = struct.pack("<I", code).decode("ascii", "replace").strip()
        for width, height in _sizes(descriptor, code, ioctl):
            for fps in _rates(descriptor, (code, width, height), ioctl) or (0.0,):
                yield CameraMode(width, height, fps, pixels)


def _sizes(descriptor: int, code: int, ioctl: Ioctl) -> Iterator[tuple[int, int]]:
    for answer in _answers(descriptor, _ENUM_SIZES, _SIZE, (code,), ioctl):
        if answer[2] == _DISCRETE:
            yield answer[3], answer[4]
            continue
        least_w, most_w, _, least_h, most_h, _ = answer[3:9]
        for width, height in _COMMON:
            if least_w <= width <= most_w and least_h <= height <= most_h:
                yield width, height
        return


def _rates(descriptor: int, given: tuple[int, int, int], ioctl: Ioctl) -> list[float]:
    rates = []
    for answer in _answers(descriptor, _ENUM_INTERVALS, _INTERVAL, given, ioctl):
        seconds, parts = answer[5], answer[6]  # of a range: the shortest interval
        if seconds:
            rates.append(round(parts / seconds, 2))
        if answer[4] != _DISCRETE:
            break
    return rates
