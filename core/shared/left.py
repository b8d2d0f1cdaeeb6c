"""Memory that killed programs left behind.

A maker holds a lock on what it made, which the system takes back however the maker ends. A number
of a process would tell less: another process may have it by then, or have it elsewhere, where
containers share their memory.
"""

import contextlib
import os
import secrets
import sys
from pathlib import Path

_OURS = "translated-camera-"
_SHELF = Path("/dev/shm")
"""Where Linux keeps it."""


def own_name() -> str:
    """One by which memory of this program is known; macOS has room for 30 letters."""
    return f"{_OURS}{secrets.token_hex(5)}"


if sys.platform == "linux":
    import fcntl

    def hold(descriptor: int) -> bool:
        """This process is alive: nobody removes what it has made. Whether it is still there."""
        with contextlib.suppress(OSError):  # where there are no locks, nothing is found left
            fcntl.flock(descriptor, fcntl.LOCK_SH)
        return os.fstat(descriptor).st_nlink > 0

    def remove_left() -> None:
        """Removes the memory of makers that are no more. Who has it mapped keeps it."""
        for path in _SHELF.glob(f"{_OURS}*"):
            with contextlib.suppress(OSError), path.open("rb") as memory:
                fcntl.flock(memory, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()

else:

    def hold(descriptor: int) -> bool:
        """Elsewhere the system tells nobody what there is."""
        return True

    def remove_left() -> None:
        """Nothing is found. On Windows nothing is left, either."""
