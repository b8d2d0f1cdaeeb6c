"""Playing into an output of a sound server, where a moment sooner or later does not matter."""

import ctypes
import time
from typing import Any

import numpy as np

from core.devices import RATE, DeviceLost, SoundInfo
from core.types import Samples
from engines.pulse import library as pa
from engines.pulse.connection import Connection

_BUFFER = round(0.06 * RATE)
_PIECE = RATE // 50
_SAMPLE = 4


class PulseOutput:
    """An Output: mono at RATE, on all its channels. It never leaves its device, so that what is
    meant for the user's ears is not played to the room. DeviceUnavailable."""

    def __init__(self, info: SoundInfo) -> None:
        self._sink = info.id
        self._server = Connection()
        self._pulse = self._server.pulse
        try:
            spec = pa.Spec(pa.FLOAT32LE, RATE, 1)
            self._server.open("the others, translated", spec, self._connect)
        except BaseException:
            self.close()
            raise

    def play(self, samples: Samples, *, patience: float) -> bool:
        samples = np.ascontiguousarray(samples, np.float32)
        until = time.monotonic() + patience
        self._server.turn(0.0)
        while (room := self._pulse.pa_stream_writable_size(self._server.stream)) < samples.nbytes:
            if (left := until - time.monotonic()) <= 0:
                return False
            self._server.turn(left)
        stream, data = self._server.stream, samples.ctypes.data
        if room == pa.NONE or self._pulse.pa_stream_write(stream, data, samples.nbytes, None, 0, 0):
            raise DeviceLost(self._server.refusal)
        return True

    def close(self) -> None:
        self._server.close()

    def _connect(self, stream: Any) -> None:
        piece = _PIECE * _SAMPLE
        buffer = pa.Buffer(pa.UNSET, _BUFFER * _SAMPLE, piece, piece, pa.UNSET)
        flags = pa.INTERPOLATE_TIMING | pa.AUTO_TIMING | pa.DONT_MOVE | pa.ADJUST_LATENCY
        self._pulse.pa_stream_connect_playback(
            stream, self._sink.encode(), ctypes.byref(buffer), flags, None, None
        )
