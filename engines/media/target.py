"""The output's name on disk: written beside it under another one, renamed when complete."""

import errno
import logging
import os
import platform
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from secrets import token_hex
from zlib import crc32

import av

from core.errors import CannotWrite

log = logging.getLogger(__name__)

_LONGEST = 255
_HERE = f"{crc32(platform.node().encode()):08x}"
"""This computer: on a shared disk, a process number of another one says nothing here."""
_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.ENAMETOOLONG: "its name is too long",
    errno.ENOENT: "its folder does not exist",
    errno.ENOTDIR: "a part of its path is not a folder",
    errno.EFBIG: "it would be larger than this disk allows",
    errno.EIO: "the disk reports an error",
}


class Target:
    """`working` exists from construction on; `path` appears by `commit` only, complete.

    Several runs to one target do not disturb each other: each has a working file of its own.
    What runs that were killed on this computer left behind is removed; but with `lasting`, it is
    called `NAME.partial.EXT`, or with a number where that exists, and stays. A call that raises
    leaves no working file.
    """

    def __init__(self, path: str | Path, *, overwrite: bool = False, lasting: bool = False) -> None:
        self.path = Path(path)
        self.kept: Path | None = None
        self._overwrite = overwrite
        with writing(self.path):
            self._check()
            self.working = _lasting(self.path) if lasting else _passing(self.path)
        self.partial = self.working if lasting else _named(self.path)
        _remove_stale(self.path)

    def commit(self) -> Path:
        """Where the name cannot be had any more, the file is kept and CannotWrite says where."""
        try:
            with writing(self.path):
                self._check()
                os.replace(self.working, self.path)
        except CannotWrite as exc:
            try:
                kept = self.keep()
            except CannotWrite:
                raise exc from None
            raise CannotWrite(f"{exc} The finished recording has been left as {kept}.") from exc
        return self.path

    def keep(self) -> Path:
        """Leave what there is as `NAME.partial.EXT`, in place of an earlier one."""
        if self.kept is None:
            try:
                with writing(self.partial):
                    os.replace(self.working, self.partial)
            except CannotWrite:
                self.discard()
                raise
            self.kept = self.partial
        return self.kept

    def discard(self) -> None:
        """Remove the working file, if there is one still; what was kept stays."""
        try:
            self.working.unlink(missing_ok=True)
        except OSError:
            log.warning("The working file %s could not be removed", self.working, exc_info=True)

    def _check(self) -> None:
        if self.path.is_dir():
            raise CannotWrite(f"{self.path} is a folder; name a file in it.")
        if self.path.exists() and not self.path.is_file():
            raise CannotWrite(f"{self.path} is not a plain file.")
        if not self._overwrite and (self.path.exists() or self.path.is_symlink()):
            raise CannotWrite(f"{self.path} exists already; use --force to replace it.")
        if not self.path.parent.is_dir():
            raise CannotWrite(f"{self.path} cannot be written: its folder does not exist.")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns what the system or FFmpeg says about the disk into a CannotWrite about `path`."""
    try:
        yield
    except (OSError, av.error.FFmpegError, ValueError) as exc:
        number = getattr(exc, "errno", None)
        said = getattr(exc, "strerror", None) or str(exc)
        reason = _REASONS.get(number or 0, said)
        if number == errno.ENOENT and path.parent.is_dir():
            reason = "the unfinished file beside it has been removed"
        raise CannotWrite(f"{path} cannot be written: {reason}.") from exc


def _named(path: Path, before: str = "", after: str = "") -> Path:
    """`NAME.partial.EXT` beside `path`, cut where the file system would find it too long."""
    tail = f"{after}.partial{path.suffix}"
    room = _LONGEST - len(os.fsencode(before + tail))
    stem = os.fsdecode(os.fsencode(path.stem)[:room].decode("utf-8", "ignore").encode())
    return path.with_name(f"{before}{stem}{tail}")


def _passing(path: Path) -> Path:
    """An empty working file with a name that nobody else has."""
    return _made(_named(path, ".", f".{os.getpid()}-{_HERE}{token_hex(4)}"))


def _lasting(path: Path) -> Path:
    """One that a person finds."""
    for number in count(1):
        with suppress(FileExistsError):
            return _made(_named(path, after=f"-{number}" if number > 1 else ""))
    raise AssertionError


def _made(path: Path) -> Path:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    return path


def _remove_stale(path: Path) -> None:
    """Working files of this target whose process, on this computer, is no more."""
    mark = re.compile(rf"\.([1-9][0-9]{{0,8}})-{_HERE}[0-9a-f]{{8}}(?=\.partial)")
    try:
        for beside in path.parent.glob(f".*-{_HERE}*"):
            for found in mark.finditer(beside.name):
                if beside == _named(path, ".", found[0]) and not _lives(int(found[1])):
                    beside.unlink(missing_ok=True)
    except OSError:
        log.info("Old working files could not be removed", exc_info=True)


def _lives(process: int) -> bool:
    if sys.platform == "win32":  # where asking would end it
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
