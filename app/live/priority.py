"""The device processes come before others: they do little, and that in time."""

import contextlib
import os

_NICE = -11
"""What sound servers give themselves."""


def hurry() -> None:
    """As far as this user may; on most systems only where the limits were raised for sound."""
    if hasattr(os, "setpriority"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, _NICE)
