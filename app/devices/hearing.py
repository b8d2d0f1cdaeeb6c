"""Listening to a microphone for a moment."""

import time

import numpy as np

from core.devices import RATE
from core.errors import DeviceUnavailable


def peak(microphone: str, seconds: float, patience: float) -> float:
    """The loudest sample within so many seconds of sound; they must come within `patience`.
    DeviceUnavailable when it cannot be opened, or nothing comes."""
    from engines.microphone.opening import open_microphone

    one = open_microphone(microphone)
    heard, loudest = 0, 0.0
    end = time.monotonic() + patience
    try:
        while heard < seconds * RATE and time.monotonic() < end:
            got = one.read(0.2)
            if got is not None and len(got.samples):
                heard += len(got.samples)
                loudest = max(loudest, float(np.abs(got.samples).max()))
    finally:
        one.close()
    if not heard:
        raise DeviceUnavailable("The microphone is there, but no sound comes from it.")
    return loudest
