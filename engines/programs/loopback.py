"""What an output of Windows plays, by WASAPI's loopback.

PortAudio has no loopback. `soundcard` has, in Python over the cffi that is here already; a second
PortAudio with a patch (pyaudiowpatch) would be another library of machine code beside ours. WASAPI
gives an output's whole sound, ours included: so what is for the user must be played elsewhere.
"""

import threading
import time
import warnings
from typing import Any

import numpy as np

from core.devices import RATE, Heard
from core.live import Device
from core.ring import SampleRing

_BLOCK = RATE // 50
_RETRY_S = 1.0
_KEPT = 2 * RATE
MISSING = (
    "What the others say cannot be heard on this system: the package soundcard is missing "
    "(pip install soundcard)."
)


class LoopbackSound:
    """An OthersSound of the output `wanted`, by name or part of it; "" for the system's. While
    nobody plays, WASAPI gives nothing; whoever reads fills that with silence."""

    def __init__(self, wanted: str = "", library: Any = None) -> None:
        self.device = Device()
        self.whole = ""
        self._wanted, self._library = wanted, library
        self._ring = SampleRing(_KEPT)
        self._came = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="loopback", daemon=True)
        self._thread.start()

    def read(self, timeout: float = 1.0) -> Heard | None:
        self._came.wait(timeout)
        self._came.clear()
        samples = np.empty(len(self._ring), np.float32)
        self._ring.pop(samples)
        if not len(samples):
            return None
        return Heard(samples, time.perf_counter() - len(samples) / RATE)

    def duck(self, db: float) -> None:
        """Windows lets no program turn another one down softly."""

    def close(self) -> None:
        self._closing.set()
        self._came.set()
        self._thread.join(2.0)

    def _keep(self) -> None:
        try:
            library = self._library or _soundcard()
        except ImportError:
            self.device = Device("", False, MISSING)
            return
        while not self._closing.is_set():
            try:
                self._record(library)
            except (RuntimeError, IndexError, OSError, AssertionError) as exc:
                self.whole, self.device = "", Device("", False, f"No output can be heard: {exc}.")
                self._closing.wait(_RETRY_S)

    def _record(self, library: Any) -> None:
        """From one output, until it fails or another one is the system's."""
        name = self._wanted or str(library.default_speaker().name)
        found = library.get_microphone(name, include_loopback=True)
        self.whole, self.device = found.name, Device(found.name, True)
        with found.recorder(samplerate=RATE, blocksize=_BLOCK) as recorder:
            looked = time.monotonic()
            while not self._closing.is_set():
                rows = np.asarray(recorder.record(_BLOCK), np.float32)
                self._ring.push(np.ascontiguousarray(rows.mean(axis=1)))
                self._came.set()
                if not self._wanted and time.monotonic() - looked > _RETRY_S:
                    looked = time.monotonic()
                    if str(library.default_speaker().name) != name:
                        return


def _soundcard() -> Any:
    import soundcard

    # Its remarks on gaps between silences are no news to a user.
    warnings.filterwarnings("ignore", category=soundcard.SoundcardRuntimeWarning)
    return soundcard
