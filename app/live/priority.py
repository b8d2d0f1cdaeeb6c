"""The device processes come before others: they do little, and that in time."""

import contextlib
import os
import sys

_NICE = -11
"""What sound servers give themselves."""


def hurry() -> None:
    """The calling thread goes first, as far as this user may. Every thread that is to must ask:
    only where the limits were raised for sound, those that it starts go first, too."""
    if sys.platform == "win32":
        _first_of_windows()
        return
    try:
        os.setpriority(os.PRIO_PROCESS, 0, _NICE)
    except OSError:
        if sys.platform == "linux":
            from engines import rtkit

            with contextlib.suppress(OSError):
                rtkit.hurry(_NICE)


if sys.platform == "win32":
    import ctypes

    _HIGH = 0x80

    def _first_of_windows() -> None:
        """All threads of this process, which any user may wish."""
        kernel = ctypes.windll.kernel32
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        kernel.SetPriorityClass.argtypes = ctypes.c_void_p, ctypes.c_ulong
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _HIGH)
