"""The output's name on disk: written beside it under another one, renamed when complete."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av

from core.errors import CannotWrite

_LONGEST = 255
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
    """`working` exists from construction on; `path` appears by `commit` only, complete."""

    def __init__(self, path: str | Path, *, overwrite: bool = False) -> None:
        self.path = Path(path)
        self.partial = _named(self.path, "")
        self.working = _named(self.path, ".")
        self._overwrite = overwrite
        with writing(self.path):
            self._check()
            self.working.open("wb").close()

    def commit(self) -> Path:
        with writing(self.path):
            self._check()
            os.replace(self.working, self.path)
        return self.path

    def keep(self) -> Path:
        """Leave what there is as `NAME.partial.EXT`, in place of an earlier one."""
        with writing(self.partial):
            os.replace(self.working, self.partial)
        return self.partial

    def discard(self) -> None:
        self.working.unlink(missing_ok=True)

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
        raise CannotWrite(f"{path} cannot be written: {reason}.") from exc


def _named(path: Path, before: str) -> Path:
    """`NAME.partial.EXT` beside `path`, cut where the file system would find it too long."""
    tail = f".partial{path.suffix}"
    room = _LONGEST - len(os.fsencode(before + tail))
    stem = os.fsdecode(os.fsencode(path.stem)[:room].decode("utf-8", "ignore").encode())
    return path.with_name(f"{before}{stem}{tail}")
