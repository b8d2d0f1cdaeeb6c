"""A block of shared memory: made by one process, found by its name by the others."""

import contextlib
import os
import signal
import sys
import weakref
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import CannotWrite
from core.shared.left import hold, own_name, remove_left


class _Memory(SharedMemory):
    """A view that somebody still holds keeps the mapping, and nothing else; it goes with the last
    of them."""

    _fd: int

    def close(self) -> None:
        try:
            super().close()
        except BufferError:
            # The mapping has a descriptor of its own. Left open, this one would keep the memory
            # for good.
            number, self._fd = self._fd, -1
            if number >= 0:
                os.close(number)


if sys.platform != "win32":
    import _posixshmem  # type: ignore[import-not-found]
    import mmap

    class _Found:
        """Memory of another process. SharedMemory would have this one's tracker remove, at its
        end, what others still use; that can be taken back, but not by who is killed before."""

        def __init__(self, name: str) -> None:
            self.name = name
            number = _posixshmem.shm_open(f"/{name}", os.O_RDWR, mode=0o600)
            try:
                self.buf = mmap.mmap(number, os.fstat(number).st_size)
            finally:
                os.close(number)

        def close(self) -> None:
            """A view that somebody still holds keeps the mapping."""
            with contextlib.suppress(BufferError):
                self.buf.close()

else:
    _Found = _Memory  # there are no trackers


class Block:
    """Who makes it, `Block(size=...)`, also removes it, at its own end at the latest; others give
    its `name`. If the maker is killed, the memory goes all the same; if everything that belongs to
    it is killed with it, when the next block is made. Those who use it then keep it."""

    def __init__(self, name: str | None = None, size: int = 0) -> None:
        self._maker = name is None
        self._memory: _Memory | _Found
        if name is not None:
            self._memory = _Found(name)
            return
        remove_left()
        _track()
        self._memory = _made(size)
        self._removed = weakref.finalize(self, _remove, self._memory)
        self.array(np.uint8, size)[:] = 0

    @property
    def name(self) -> str:
        return self._memory.name

    def array(self, kind: Any, count: int, offset: int = 0) -> NDArray[Any]:
        """A view into the block; it must not be used after `close`."""
        assert self._memory.buf is not None
        return np.frombuffer(self._memory.buf, kind, count, offset)

    def close(self) -> None:
        self._memory.close()
        if self._maker:
            self._removed()


def _made(size: int) -> _Memory:
    while True:
        memory = _Memory(own_name(), create=True, size=size)
        if hold(memory._fd):
            _fill(memory, size)
            return memory
        memory.close()  # somebody tidied up just then
        _remove(memory)


def _fill(memory: _Memory, size: int) -> None:
    """Takes it all. Else the first who writes where there is none left would be killed for it."""
    if not hasattr(os, "posix_fallocate"):
        return
    try:
        os.posix_fallocate(memory._fd, 0, size)
    except OSError as error:
        memory.close()
        _remove(memory)
        raise CannotWrite(
            f"The memory that processes share (/dev/shm) is full: {size / 1e6:.0f} MB more are "
            "needed. Close other programs; a container gets more with --shm-size."
        ) from error


def _remove(memory: SharedMemory) -> None:
    try:
        memory.unlink()
    except FileNotFoundError:
        resource_tracker.unregister(f"/{memory.name}", "shared_memory")


def _track() -> None:
    """Starts the process that removes what a killed maker leaves. It ignores Ctrl-C by itself; a
    terminal that is closed would end it, and it would then not know what is removed in order."""
    if sys.platform == "win32":
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
    try:
        resource_tracker.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
