"""Threads that those in the meeting would miss come before others."""

import contextlib
import os
import sys
import threading
from collections.abc import Callable

DEVICES = -11
"""Their processes do little, and that in time; it is what sound servers give themselves."""
PICTURE = -6
"""What makes the pictures: much work, of which each part is due soon."""


def hurry(nice: int) -> None:
    """The calling thread goes before others, as far as this user may: at once, or when whoever is
    asked has answered. Every thread that is to must ask: only where the limits were raised for
    sound, those that it starts go first, too."""
    if sys.platform == "win32":
        _before_others(nice)
        return
    try:
        os.setpriority(os.PRIO_PROCESS, 0, nice)
    except OSError:
        if sys.platform == "linux":
            wish = threading.get_native_id(), nice
            threading.Thread(target=_asked, args=wish, name="hurry", daemon=True).start()


def _asked(thread: int, nice: int) -> None:
    """On a thread of its own: nobody who is in a hurry waits for an answer."""
    from engines import rtkit

    with contextlib.suppress(OSError):
        rtkit.hurry(thread, nice)


def hurried(nice: int, work: Callable[[], None]) -> Callable[[], None]:
    """The same work, for a thread that goes before others."""

    def first() -> None:
        hurry(nice)
        work()

    return first


if sys.platform == "win32":
    import ctypes

    _HIGH = 0x80
    _ABOVE_NORMAL = 1

    def _before_others(nice: int) -> None:
        """Any user may wish it: for all threads of a device process, or for this one."""
        kernel = ctypes.windll.kernel32
        if nice == DEVICES:
            kernel.GetCurrentProcess.restype = ctypes.c_void_p
            kernel.SetPriorityClass.argtypes = ctypes.c_void_p, ctypes.c_ulong
            kernel.SetPriorityClass(kernel.GetCurrentProcess(), _HIGH)
        else:
            kernel.GetCurrentThread.restype = ctypes.c_void_p
            kernel.SetThreadPriority.argtypes = ctypes.c_void_p, ctypes.c_int
            kernel.SetThreadPriority(kernel.GetCurrentThread(), _ABOVE_NORMAL)
