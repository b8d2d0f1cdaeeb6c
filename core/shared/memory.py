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


class Block:
    """Who makes it, `Block(size=...)`, also removes it, at its own end at the latest; others give
    its `name`. If the maker is killed, the memory goes all the same."""

    def __init__(self, name: str | None = None, size: int = 0) -> None:
        self._maker = name is None
        _track()
        self._memory = _Memory(name, create=self._maker, size=size)
        if not self._maker and sys.platform != "win32":
            # Else this process's tracker would remove, at its end, what others still use.
            resource_tracker.unregister(self._memory._name, "shared_memory")  # type: ignore[attr-defined]
        if self._maker:
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


def _remove(memory: SharedMemory) -> None:
    with contextlib.suppress(FileNotFoundError):
        memory.unlink()


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
