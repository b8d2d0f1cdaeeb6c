"""Loops over pixels, compiled when their module is imported.

The first start on a machine compiles them, a second or two each; later ones load what is kept
beside the source or, where that cannot be written, in numba's folder of the user. Where numba
is missing or cannot work, callers do the same in numpy, or in Python where there is little to do.
"""

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

log = logging.getLogger(__name__)


def compiled(signature: str) -> Callable[[Callable[..., Any]], Any]:
    """The function as machine code for arguments of these types, or None. It runs on one thread
    and lets others run meanwhile."""

    def compile_(function: Callable[..., Any]) -> Any:
        try:
            from numba import config, njit
            from numba.core.errors import NumbaError
        except ImportError as exc:
            log.info("Without numba the picture costs more: %s", exc)
            return None
        settings: Any = config
        try:
            with _without("scipy.linalg"):
                made = njit(signature, cache=True, nogil=True, error_model="numpy")(function)
        except (NumbaError, RuntimeError, OSError) as exc:
            log.warning("numba cannot compile %s: %s", function.__name__, exc)
            return None
        return None if settings.DISABLE_JIT else made

    return compile_


def quick(signature: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The same for loops over a few numbers, which Python can run as they are."""
    return lambda function: compiled(signature)(function) or function


class _Hidden:
    """A module that one thread does not find."""

    def __init__(self, name: str) -> None:
        self._name, self._thread = name, threading.get_ident()

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == self._name and threading.get_ident() == self._thread:
            raise ModuleNotFoundError(f"{name} is not wanted here", name=name)


@contextmanager
def _without(module: str) -> Iterator[None]:
    """What this thread imports does without the module. Numba would have it for linear algebra,
    which no loop here does, and it takes as long to import as numba."""
    hidden = _Hidden(module)
    sys.meta_path.insert(0, hidden)
    try:
        yield
    finally:
        sys.meta_path.remove(hidden)
