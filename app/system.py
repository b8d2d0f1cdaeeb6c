"""What the operating system tells about itself. Everything that looks at the machine asks here,
so that tests can be any machine."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from core.errors import TranslatedCameraError

NO_SUCH_PROGRAM, TOO_LATE = 127, 124


@dataclass(frozen=True)
class Answer:
    """What a program said, and the code that it ended with."""

    code: int
    out: str = ""
    err: str = ""

    @property
    def good(self) -> bool:
        return self.code == 0


class System:
    """Nothing here raises for what is missing, except `perform`."""

    platform = sys.platform
    python = sys.executable

    @property
    def linux(self) -> bool:
        return self.platform.startswith("linux")

    @property
    def environment(self) -> Mapping[str, str]:
        return os.environ

    def which(self, program: str) -> str:
        """Its path; empty when it is not installed."""
        return shutil.which(program) or self._administrators(program)

    def run(self, *command: str, timeout: float = 5.0) -> Answer:
        """Asks a program. 127 when there is none, 124 when it did not end in time."""
        path = self.which(command[0])
        if not path:
            return Answer(NO_SUCH_PROGRAM)
        try:
            done = subprocess.run(
                (path, *command[1:]),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Answer(TOO_LATE)
        except OSError as error:
            return Answer(NO_SUCH_PROGRAM, "", str(error))
        out, err = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
        return Answer(done.returncode, out, err)

    def perform(self, *command: str, root: bool = False) -> None:
        """Runs a program before the user's eyes, with the administrator's rights if need be.
        TranslatedCameraError when it may not, or fails."""
        whole = (*self._as_root(command), *command) if root else command
        try:
            code = subprocess.run(whole, check=False).returncode
        except OSError as error:
            raise TranslatedCameraError(f"{whole[0]} cannot be run: {error.strerror}.") from error
        if code:
            raise TranslatedCameraError(f"'{' '.join(command)}' failed (exit code {code}).")

    def text(self, path: str | Path) -> str:
        """Of a small file; empty when it cannot be read."""
        try:
            return Path(path).read_text("utf-8", "replace")
        except OSError:
            return ""

    def exists(self, path: str | Path) -> bool:
        return os.path.exists(path)

    def allowed(self, path: str | Path) -> bool:
        """Whether this user may read and write it."""
        return os.access(path, os.R_OK | os.W_OK)

    def files(self, folder: str, pattern: str) -> list[str]:
        return sorted(map(str, Path(folder).glob(pattern)))

    def listens(self, path: str | Path) -> bool:
        """Whether a program answers at a Unix socket."""
        if not hasattr(socket, "AF_UNIX"):
            return False
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as one:
            one.settimeout(1.0)
            try:
                one.connect(str(path))
            except OSError:
                return False
        return True

    def group_of(self, path: str) -> str:
        """The group whose members may use a device file; empty when that cannot be told."""
        try:
            return Path(path).group()
        except (OSError, KeyError, NotImplementedError):
            return ""

    @property
    def user(self) -> str:
        return self.environment.get("USER") or self.environment.get("LOGNAME") or ""

    @property
    def root(self) -> bool:
        return hasattr(os, "geteuid") and os.geteuid() == 0

    def package(self, name: str) -> str:
        """The version of a Python package; empty when it is not installed."""
        try:
            return version(name)
        except PackageNotFoundError:
            return ""

    def requirements(self, name: str) -> list[str]:
        try:
            return requires(name) or []
        except PackageNotFoundError:
            return []

    def free_bytes(self, path: Path) -> int:
        """On the disk where this path is or would be."""
        return shutil.disk_usage(self.nearest(path)).free

    def nearest(self, path: Path) -> Path:
        """The path itself, or the folder above it that is there."""
        return next(one for one in (path, *path.parents) if one.exists())

    @property
    def cores(self) -> int:
        """That this process may use."""
        if hasattr(os, "sched_getaffinity"):
            return len(os.sched_getaffinity(0))
        return os.cpu_count() or 1

    def memory(self) -> tuple[int, int]:
        """Bytes in all, and those that can be had at the moment; zeros where it is not told."""
        lines = (line.split() for line in self.text("/proc/meminfo").splitlines())
        known = {words[0].rstrip(":"): int(words[1]) * 1024 for words in lines if len(words) > 1}
        if "MemTotal" in known:
            return known["MemTotal"], known.get("MemAvailable", 0)
        try:
            return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"), 0
        except (AttributeError, ValueError, OSError):
            return 0, 0

    def _administrators(self, program: str) -> str:
        """Debian keeps modinfo and its like off the path of ordinary users."""
        if not self.linux:
            return ""
        return shutil.which(program, path="/usr/sbin:/sbin") or ""

    def _as_root(self, command: tuple[str, ...]) -> tuple[str, ...]:
        if self.root:
            return ()
        terminal = sys.stdin is not None and sys.stdin.isatty()
        if self.which("sudo") and (terminal or self.run("sudo", "-n", "true").good):
            return ("sudo",)
        if self.which("pkexec"):
            return ("pkexec",)
        raise TranslatedCameraError(
            f"That needs the administrator's rights. Run it in a terminal: sudo {' '.join(command)}"
        )
