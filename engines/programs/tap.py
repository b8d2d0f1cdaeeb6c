"""Hearing one program's stream on a sound server, before it is mixed with others."""

import ctypes
from typing import Any

import numpy as np

from core.devices import RATE, DeviceLost, SoundInfo
from core.types import Samples
from engines.microphone.pulse import PulseRecording
from engines.programs.playing import Program
from engines.pulse import library as pa

_FRAGMENT = 0.02
_KEPT = 2.0
_BYTES = 4
_READY = round(0.06 * RATE)
"""So much is in hand before a stream is heard, since it comes in lumps."""
_MOST = round(0.4 * RATE)
"""More than this would be heard late: the oldest is left out."""


class StreamRecording(PulseRecording):
    """Mono at RATE, as loud as the program's stream is set. It ends with the stream, and when that
    is moved to another device."""

    def __init__(self, program: Program) -> None:
        self._index = program.index
        super().__init__(SoundInfo(program.name, str(program.index)))

    def heard(self) -> Samples:
        """All that has come since the last call. DeviceLost when the stream is over."""
        self._server.catch_up()
        mono: Samples = self._taken().mean(axis=1, dtype=np.float32)
        return mono

    def _connect(self, stream: Any) -> None:
        piece = round(RATE * _FRAGMENT) * _BYTES
        buffer = pa.Buffer(round(RATE * _KEPT) * _BYTES, pa.UNSET, pa.UNSET, pa.UNSET, piece)
        flags = pa.INTERPOLATE_TIMING | pa.AUTO_TIMING | pa.DONT_MOVE | pa.ADJUST_LATENCY
        self._pulse.pa_stream_set_monitor_stream(stream, self._index)
        self._pulse.pa_stream_connect_record(stream, None, ctypes.byref(buffer), flags)


class Tap:
    """A stream as an even flow. `take` and `close` are for one thread, `gain` for any: it undoes
    what is done to the stream's volume while it is ducked."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.gain = 1.0
        self._recording = StreamRecording(program)
        self._held: Samples = np.zeros(0, np.float32)
        self._flows = False

    def take(self, count: int) -> Samples:
        """The next samples, silence where there are none. DeviceLost when the stream is over."""
        try:
            heard = self._recording.heard() * np.float32(self.gain)
            self._held = np.concatenate([self._held, heard])[-_MOST:]
            self._flows |= len(self._held) >= _READY
        except DeviceLost:  # what is left of it is still to be heard
            if not self._flows:
                raise
        taken = np.zeros(count, np.float32)
        if self._flows:
            given, self._held = self._held[:count], self._held[count:]
            taken[: len(given)] = given
            self._flows = len(given) == count
        return taken

    def close(self) -> None:
        self._recording.close()
