"""Libraries that CTranslate2 looks for only once it multiplies on a graphics card: whether they are
there is found out before, and NVIDIA's packages for Python are places to find them."""

import ctypes
import importlib.util
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_NAMES = {
    "linux": ("libcublasLt.so.12", "libcublas.so.12"),
    "win32": ("cublasLt64_12.dll", "cublas64_12.dll"),
}
_PACKAGE = "nvidia.cublas"
_PATH_TOO = 0
"""On Windows the folders of PATH are looked through, too."""


@cache
def lacking() -> str:
    """The first library that cannot be loaded; empty when all are there, and stay loaded."""
    for name in _NAMES.get(sys.platform, ()):
        if not any(_loads(place) for place in _places(name)):
            return name
    return ""


def _places(name: str) -> Iterator[str]:
    yield name
    try:
        package = importlib.util.find_spec(_PACKAGE)
    except ModuleNotFoundError:
        return
    for folder in (package and package.submodule_search_locations) or ():
        yield from (str(Path(folder, part, name)) for part in ("lib", "bin"))


def _loads(place: str) -> bool:
    try:
        ctypes.CDLL(place, mode=ctypes.RTLD_GLOBAL, winmode=_PATH_TOO)
    except OSError:
        return False
    return True
