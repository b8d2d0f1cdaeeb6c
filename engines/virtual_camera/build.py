"""Compiles the PipeWire camera on this machine: `python -m engines.virtual_camera.build`."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from core.errors import DeviceUnavailable, TranslatedCameraError
from engines.virtual_camera.pipewire_library import PACKAGES, SOURCE, compiled, places

_FLAGS = ("-std=gnu11", "-O3", "-Wall", "-Wextra", "-fPIC", "-shared")


def build() -> Path:
    """Where the library lies; it is compiled unless it is there. DeviceUnavailable with what the
    compiler lacks."""
    return compiled() or _installed(_compile())


def _compile() -> bytes:
    missing = [tool for tool in ("gcc", "pkg-config") if shutil.which(tool) is None]
    if missing:
        raise DeviceUnavailable(f"{' and '.join(missing)} missing. {_advice()}")
    asked = _run("pkg-config", "--cflags", "--libs", "libpipewire-0.3")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "library.so")
        _run("gcc", *_FLAGS, "-o", str(made), str(SOURCE), *asked.split())
        return made.read_bytes()


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise DeviceUnavailable(f"{command[0]} failed. {_advice()}\n{said}")
    return done.stdout


def _installed(library: bytes) -> Path:
    """Put it into the first place that takes it, whole or not at all."""
    for place in places():
        part = place.with_name(f"{place.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(library)
            part.replace(place)
            return place
    raise DeviceUnavailable(f"The PipeWire camera cannot be written to {place.parent}.")


def _advice() -> str:
    return f"On Debian and Ubuntu: apt-get install {' '.join(PACKAGES)}"


def main() -> int:
    try:
        print(build())
    except TranslatedCameraError as exc:
        print(f"The PipeWire camera cannot be compiled: {exc}", file=sys.stderr)
        return exc.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
