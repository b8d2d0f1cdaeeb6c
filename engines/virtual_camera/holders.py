"""Who else has a v4l2loopback device open: the programs that read it, and one that writes to it."""

import math
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_PROCESSES = Path("/proc")
_REFERENCES = Path("/sys/module/v4l2loopback/refcnt")
_WATCH_S = 0.4
"""A writer at five pictures a second is still noticed."""
_SCAN_S, _BLIND_SCAN_S = 10.0, 1.0
"""How old an answer may be while the kernel's count stays the same, and where it does not count."""


@dataclass(frozen=True)
class Holder:
    """A program of this user that has the device open, `times` over."""

    process: int
    program: str
    times: int = 1
    only_writes: bool = False


def holders(path: str) -> list[Holder]:
    """Everybody but this process. What other users run cannot be seen."""
    device = os.path.realpath(path)
    return [found for entry in _processes() if (found := _holder(entry, device)) is not None]


def programs(path: str) -> str:
    """Their names for a sentence; empty when none can be seen."""
    return ", ".join(sorted({holder.program for holder in holders(path)}))


def has_writer(path: str) -> bool:
    """Whether a program of this user has opened the device for writing alone."""
    return any(holder.only_writes for holder in holders(path))


def is_written(path: str) -> bool:
    """Whether somebody feeds the device at this moment, whoever it is. Takes up to half a second
    when nobody does."""
    if has_writer(path):
        return True
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return _pictures(descriptor) > 1
    finally:
        os.close(descriptor)


def _pictures(descriptor: int) -> int:
    """How many come before two have; the first may be an old one."""
    until = time.monotonic() + _WATCH_S
    came = 0
    while came < 2 and time.monotonic() < until:
        try:
            came += bool(os.read(descriptor, 1))
        except BlockingIOError:
            pass
        except OSError:
            return 0
        time.sleep(0.01)
    return came


class Readers:
    """Whether a program reads the device that this process writes to. One thread.

    Asking costs a few microseconds, since the kernel counts who has a v4l2loopback device open;
    only when that number changes are the processes gone through, for which of several devices it
    is.
    """

    def __init__(self, path: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._path, self._clock = path, clock
        self._references: int | None = None
        self._scanned = -math.inf
        self._watched: bool | None = None

    @property
    def watched(self) -> bool | None:
        """None when somebody else's program reads a device, but which one cannot be told."""
        references = _references()
        if references == 1:
            self._references, self._watched = references, False
        elif references != self._references or self._stale(references):
            self._references, self._scanned = references, self._clock()
            self._watched = self._scan(references)
        return self._watched

    def _stale(self, references: int | None) -> bool:
        return self._clock() - self._scanned > (_BLIND_SCAN_S if references is None else _SCAN_S)

    def _scan(self, references: int | None) -> bool | None:
        if any(not holder.only_writes for holder in holders(self._path)):
            return True
        if references is None or len(_devices()) == 1:
            return references is not None
        others = (holders(path) for path in _devices() if path != self._path)
        seen = 1 + sum(holder.times for found in others for holder in found)
        return None if references > seen else False


def _references() -> int | None:
    """How often v4l2loopback's devices are open, all of them together."""
    try:
        return int(_REFERENCES.read_text())
    except (OSError, ValueError):
        return None


def _devices() -> list[str]:
    from engines.virtual_camera.v4l2 import loopbacks

    return [device.path for device in loopbacks()]


def _processes() -> Iterator[os.DirEntry[str]]:
    own, user = str(os.getpid()), os.getuid()
    with os.scandir(_PROCESSES) as entries:
        for entry in entries:
            if entry.name.isdigit() and entry.name != own and _belongs(entry, user):
                yield entry


def _belongs(entry: os.DirEntry[str], user: int) -> bool:
    try:
        return user in (0, entry.stat().st_uid)
    except OSError:
        return False


def _holder(entry: os.DirEntry[str], device: str) -> Holder | None:
    found = [number for number, target in _files(entry.path) if target == device]
    if not found:
        return None
    try:
        program = Path(entry.path, "comm").read_text().strip()
    except OSError:
        return None
    only_writes = all(_mode(entry.path, number) == os.O_WRONLY for number in found)
    return Holder(int(entry.name), program, len(found), only_writes)


def _files(process: str) -> Iterator[tuple[str, str]]:
    folder = f"{process}/fd"
    try:
        for number in os.listdir(folder):
            yield number, os.readlink(f"{folder}/{number}")
    except OSError:
        return  # it has ended, or is none of ours


def _mode(process: str, number: str) -> int | None:
    try:
        lines = Path(process, "fdinfo", number).read_text().splitlines()
    except OSError:
        return None
    flags = next((line.split()[1] for line in lines if line.startswith("flags:")), "0")
    return int(flags, 8) & os.O_ACCMODE
