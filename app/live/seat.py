"""Who feeds the virtual devices: one outputs process at a time on a machine, for one user.

One whose program is gone keeps passing the original on for as long as a meeting needs it; it
gives way to the next program that is started.
"""

import contextlib
import json
import os
import signal
import sys
import time
from pathlib import Path

import filelock
import platformdirs

from core.errors import DeviceUnavailable

_PATIENCE = 5.0


class Seat:
    """Taken by the constructor, until the process ends or `leave`. DeviceUnavailable while
    another program has it."""

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or platformdirs.user_runtime_path("translated-camera", appauthor=False)
        folder.mkdir(parents=True, exist_ok=True)
        self._note = folder / "live.json"
        self._lock = filelock.FileLock(folder / "live.lock")
        try:
            self._lock.acquire(timeout=0)
        except filelock.Timeout:
            self._take_over()
        self._note.write_text(json.dumps({"process": os.getpid(), "program": os.getppid()}))

    def leave(self) -> None:
        self._lock.release()

    def _take_over(self) -> None:
        holder, program = self._holder()
        if not holder or _lives(program):
            raise DeviceUnavailable(
                f"Translated Camera is running already (process {program}); one session at a time "
                f"can feed the virtual devices. End it first."
            )
        with contextlib.suppress(ProcessLookupError):
            os.kill(holder, signal.SIGTERM)
        try:
            self._lock.acquire(timeout=_PATIENCE)
        except filelock.Timeout as error:
            raise DeviceUnavailable(
                f"Process {holder} of an earlier session does not end; end it by hand."
            ) from error

    def _holder(self) -> tuple[int, int]:
        """The process that has the seat and the program that it belonged to; zeros while that is
        not written yet."""
        end = time.monotonic() + 1.0
        while time.monotonic() < end:
            with contextlib.suppress(OSError, ValueError, KeyError):
                note = json.loads(self._note.read_text())
                return int(note["process"]), int(note["program"])
            time.sleep(0.05)
        return 0, 0


def _lives(process: int) -> bool:
    """Where that cannot be asked (Windows), it counts as alive."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_dead(process)


def _is_dead(process: int) -> bool:
    """Whether it has ended and only its parent has not noticed."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False
