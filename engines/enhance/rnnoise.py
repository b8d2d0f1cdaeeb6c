"""RNNoise: a small network by Xiph (BSD licence) that knows voices from noise; it takes no sides
between two voices. Library and weights come inside the package pyrnnoise (Apache licence).

It works at 48 kHz. Short filters of our own lead there and back: together with its own delay they
hold back 21 ms.
"""

import ctypes
import sys
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import EngineFailed, EngineUnavailable
from core.types import AudioChunk, LipSight, Samples
from engines.enhance.hops import Hops

_HOP = 160
_TIMES = 3  # 48 kHz
_REACH = 30  # samples at 48 kHz to either side of a filter's middle
_OWN_DELAY = 320
DELAY = _OWN_DELAY + 2 * _REACH // _TIMES
_FULL = np.float32(32768.0)
_LIBRARIES = {"win32": "rnnoise.dll", "darwin": "librnnoise.dylib"}


class RnnoiseEnhancer:
    """EngineUnavailable without pyrnnoise."""

    sees = False

    def __init__(self) -> None:
        self._library = _library()
        self._state: Any = None
        self.reset()

    def enhance(self, audio: AudioChunk, lips: Sequence[LipSight] = ()) -> AudioChunk:
        taken = self._hops.take(audio)
        hops = [self._hop(hop) for hop in taken.reshape(-1, _HOP)]
        return self._hops.dated(np.concatenate(hops) if hops else taken)

    def reset(self) -> None:
        self.close()
        self._state = self._library.rnnoise_create(None)
        if not self._state:
            raise EngineFailed("RNNoise could not begin: there is no memory left.")
        self._hops = Hops(DELAY, _HOP)
        self._before: Samples = np.zeros(2 * _REACH, np.float32)
        self._after: Samples = np.zeros(2 * _REACH, np.float32)

    def close(self) -> None:
        if self._state:
            self._library.rnnoise_destroy(self._state)
        self._state = None

    def _hop(self, hop: Samples) -> Samples:
        spread = np.zeros(_HOP * _TIMES, np.float32)
        spread[::_TIMES] = hop * _FULL * _TIMES
        fine, self._before = _through(_filter(), spread, self._before)
        pointer = fine.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
        self._library.rnnoise_process_frame(self._state, pointer, pointer)
        smooth, self._after = _through(_filter(), fine / _FULL, self._after)
        return smooth[::_TIMES]


def _through(taps: Samples, sound: Samples, before: Samples) -> tuple[Samples, Samples]:
    """The sound through a filter, and what the next call needs of it."""
    whole = np.concatenate((before, sound))
    return np.convolve(whole, taps, "valid").astype(np.float32), whole[len(sound) :]


@cache
def _filter() -> Samples:
    """Passes what 16 kHz can hold; linear in phase."""
    places: NDArray[np.float64] = np.arange(-_REACH, _REACH + 1) / _TIMES
    taps = np.sinc(places * 0.97) * np.kaiser(2 * _REACH + 1, 6.0)
    return np.asarray(taps / taps.sum(), np.float32)


@cache
def _library() -> Any:
    spec = find_spec("pyrnnoise")
    name = _LIBRARIES.get(sys.platform, "librnnoise.so")
    path = Path(next(iter(spec.submodule_search_locations or [""])), name) if spec else Path(name)
    if spec is None or not path.exists():
        raise EngineUnavailable(
            "Suppressing noise needs the package pyrnnoise; install it with: "
            "pip install 'translated-camera[enhance]'"
        )
    try:
        library = ctypes.CDLL(str(path))  # not by way of its package, which imports FFmpeg
    except OSError as exc:
        raise EngineUnavailable(f"RNNoise cannot be loaded: {exc}") from exc
    floats = ctypes.POINTER(ctypes.c_float)
    library.rnnoise_create.restype = ctypes.c_void_p
    library.rnnoise_create.argtypes = [ctypes.c_void_p]
    library.rnnoise_destroy.argtypes = [ctypes.c_void_p]
    library.rnnoise_process_frame.argtypes = [ctypes.c_void_p, floats, floats]
    library.rnnoise_process_frame.restype = ctypes.c_float
    return library
