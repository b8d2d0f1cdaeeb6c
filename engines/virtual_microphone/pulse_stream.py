"""Playing through libpulse into a sink of PulseAudio or PipeWire.

Compared with PortAudio over ALSA over the same library (docs/measurements.md), this plays with
half the delay, tells that delay truly, counts real underruns, and forbids the server to move the
voice to the loudspeakers when its sink goes away.
"""

import ctypes
import time
from typing import Any

import numpy as np

from core.cushion import Cushion
from core.devices import RATE, DeviceLost
from core.types import Samples
from engines.pulse import library as pa
from engines.pulse.connection import Connection

_LEAST, _MOST, _STEP = 1440, 2880, 240
"""Samples between the program and the server: 30 ms, of which about 25 are heard as delay. What
is beyond two pieces PulseAudio takes for its own block, half each: with less, it wakes two
thousand times a second."""
_SETTLING_S = 3.0
_PIECE = 240
_BEGIN = 480
"""Samples with which it begins, at first and after an underrun: more than PipeWire takes at once,
else the next underrun follows."""
_EASE = 4
"""How much larger both are while nobody waits for the sound."""
_SAMPLE = 4


class PulseStream:
    """Mono sound at RATE into one sink, which it never leaves. One thread, which may be another
    one than that of the constructor. DeviceUnavailable when there is no server or no such sink.
    """

    def __init__(self, sink: str) -> None:
        self.underruns = 0
        self._scarce, self._full = 0, False  # how often the server had almost nothing left
        self._sink = sink
        self._ease = 1
        self._told = (0.0, 0.0)
        self._cushion = Cushion(_LEAST, _MOST, _STEP, _SETTLING_S)
        # libpulse keeps the bare pointer: the object must live as long as the stream.
        self._on_underflow = pa.Notify(self._underflow)
        self._server = Connection()
        self._pulse = self._server.pulse
        try:
            self._server.open("translated voice", pa.Spec(pa.FLOAT32LE, RATE, 1), self._connect)
        except BaseException:
            self.close()
            raise

    def play(self, samples: Samples, *, patience: float = 0.5) -> bool:
        """Waits until there is room; False when there is none within so many seconds, and what
        is left of the samples is lost. DeviceLost when the sink or the server is gone."""
        samples, size = np.ascontiguousarray(samples, np.float32), _PIECE * self._ease
        for at in range(0, len(samples), size):
            piece = samples[at : at + size]
            room = self._room(piece.nbytes, patience)
            if not room:
                return False
            self._notice(room // _SAMPLE)
            self._write(piece, 0)
        self._told = (self._server.latency or 0.0, time.perf_counter())
        if self._cushion.update(self.underruns + self._scarce, time.monotonic()):
            self._settle()
        return True

    def settle(self, at_ease: bool) -> None:
        """Whether the sound may be late, so that all can be done in fewer and larger pieces."""
        if self._ease != (wanted := _EASE if at_ease else 1):
            self._ease, self._full = wanted, False
            self._settle()

    def replace(self, samples: Samples) -> None:
        """Instead of as many samples that were played last, as far as they are not heard yet.
        DeviceLost."""
        samples = np.ascontiguousarray(samples, np.float32)
        self._write(samples, -samples.nbytes)
        self._server.turn(0.0)

    @property
    def latency(self) -> float:
        """Seconds until the end of what was played so far leaves the sink. Any thread."""
        told, moment = self._told
        return max(0.0, told - (time.perf_counter() - moment))

    def close(self) -> None:
        self._server.close()

    def _connect(self, stream: Any) -> None:
        self._pulse.pa_stream_set_underflow_callback(stream, self._on_underflow, None)
        wanted = self._buffer()
        flags = pa.INTERPOLATE_TIMING | pa.AUTO_TIMING | pa.DONT_MOVE | pa.ADJUST_LATENCY
        self._pulse.pa_stream_connect_playback(
            stream, self._sink.encode(), ctypes.byref(wanted), flags, None, None
        )

    def _buffer(self) -> pa.Buffer:
        piece = _PIECE * self._ease * _SAMPLE
        whole = max(self._cushion.size, 3 * _PIECE * self._ease) * _SAMPLE
        return pa.Buffer(pa.UNSET, whole, _BEGIN * _SAMPLE, piece, pa.UNSET)

    def _notice(self, room: int) -> None:
        """A server that was well supplied and has almost nothing left is one that soon has
        nothing."""
        if self._ease > 1:
            return
        if room <= self._cushion.size // 2:
            self._full = True
        elif self._full and room > self._cushion.size - _PIECE:
            self._scarce, self._full = self._scarce + 1, False

    def _settle(self) -> None:
        """Tells the server how much sound is to be kept in hand."""
        wanted = self._buffer()
        self._pulse.pa_operation_unref(
            self._pulse.pa_stream_set_buffer_attr(
                self._server.stream, ctypes.byref(wanted), None, None
            )
        )

    def _write(self, samples: Samples, place: int) -> None:
        """At so many bytes from the end of what was written."""
        failed = self._pulse.pa_stream_write(
            self._server.stream, samples.ctypes.data, samples.nbytes, None, place, pa.SEEK_RELATIVE
        )
        if failed:
            raise DeviceLost(self._server.refusal)

    def _room(self, count: int, patience: float) -> int:
        """How many bytes can be written, after waiting for that many; none if they cannot."""
        end = time.monotonic() + patience
        while (room := self._pulse.pa_stream_writable_size(self._server.stream)) < count:
            if (left := end - time.monotonic()) <= 0:
                return 0
            self._server.turn(left)
        if room == pa.NONE:
            raise DeviceLost("The sound device is gone.")
        return int(room)

    def _underflow(self, _stream: int, _nothing: int) -> None:
        self.underruns += 1
