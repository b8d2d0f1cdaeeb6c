"""Room on the disk: what uploads may still take of it, all together."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi import HTTPException

STEP = 4 << 20
"""Bytes after which the disk is asked again, and that are claimed at once by an upload which does
not say how large it is."""


class Room:
    """Of one folder, of whose disk `spare` bytes stay free. For the event loop."""

    def __init__(self, folder: Path, spare: int) -> None:
        self._folder, self._spare = folder, spare
        self._claimed = 0

    @property
    def full(self) -> bool:
        return self._left < 0

    @contextmanager
    def claim(self, announced: int) -> Iterator["Claim"]:
        """For one upload that says to be so large, 0: it does not say. 507 when there is no room
        for that beside what other uploads have claimed."""
        claim = Claim(self)
        try:
            claim.ask(announced)
            yield claim
        finally:
            claim.ask(-claim.open)

    def take(self, size: int) -> None:
        """507, and nothing taken, when there is not so much left."""
        if size >= 0 and self._left < size:
            raise disk_full()
        self._claimed += size

    def written(self, size: int) -> None:
        self._claimed -= size

    @property
    def _left(self) -> int:
        return shutil.disk_usage(self._folder).free - self._claimed - self._spare


class Claim:
    """One upload's share. `open` bytes of it are not written yet."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.open = 0
        self._since = 0

    def ask(self, size: int) -> None:
        """507 when there is no room for so many bytes more."""
        self._room.take(size)
        self.open += size

    def coming(self, size: int) -> None:
        """So many bytes are to be written. 507 when there is no room for them, or others have
        taken what this upload was promised."""
        self._since += size
        if self.open < size:
            self.ask(max(STEP, size - self.open))
        elif self._since >= STEP:
            self.ask(0)
            self._since = 0

    def written(self, size: int) -> None:
        self._room.written(size)
        self.open -= size


def disk_full() -> HTTPException:
    return HTTPException(507, "The service has no room on its disk. Try again later.")


def is_full(error: BaseException) -> bool:
    """Whether that is what a disk says on which there is no room."""
    full = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return isinstance(error, OSError) and error.errno in full
