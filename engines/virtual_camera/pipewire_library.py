"""The small C library that makes a PipeWire node, and how Python calls it.

C, since what describes a stream's format to PipeWire exists as inline functions of its headers
only. It is compiled on the machine by engines/virtual_camera/build.py and not shipped.
"""

import ctypes
import hashlib
import os
import sys
from collections.abc import Iterator
from ctypes import c_char_p, c_int, c_void_p
from pathlib import Path

from core.errors import DeviceUnavailable

SOURCE = Path(__file__).with_name("pipewire_camera.c")
PACKAGES = ("gcc", "pkg-config", "libpipewire-0.3-dev")
BUILD = "python -m engines.virtual_camera.build"


def places() -> Iterator[Path]:
    """Where the library of this very source may lie: the environment, then the user's cache."""
    mark = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:12]
    name = f"pipewire_camera-{mark}.so"
    yield Path(sys.prefix) / "lib/translated-camera" / name
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    yield cache / "translated-camera" / name


def compiled() -> Path | None:
    return next((place for place in places() if place.is_file()), None)


def load() -> ctypes.CDLL:
    """DeviceUnavailable with what to do when it is not compiled or PipeWire is not installed."""
    if not sys.platform.startswith("linux"):
        raise DeviceUnavailable("PipeWire is for Linux.")
    place = compiled()
    if place is None:
        raise DeviceUnavailable(
            "The PipeWire camera is not compiled. Install what it needs "
            f"(apt-get install {' '.join(PACKAGES)}), then: {BUILD}"
        )
    try:
        library = ctypes.CDLL(str(place), use_errno=True)
    except OSError as exc:
        raise DeviceUnavailable(f"The PipeWire camera cannot be loaded: {exc}") from exc
    library.translated_camera_open.argtypes = [c_char_p, c_int, c_int, c_int]
    library.translated_camera_open.restype = c_void_p
    library.translated_camera_send.argtypes = [c_void_p, c_void_p]
    library.translated_camera_state.argtypes = [c_void_p]
    library.translated_camera_close.argtypes = [c_void_p]
    library.translated_camera_close.restype = None
    return library
