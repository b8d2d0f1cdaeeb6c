"""Recording from PulseAudio and PipeWire, by libpulse itself.

PortAudio reaches them only through ALSA's plug-in: it neither tells when the server moves the
recording to another device nor can forbid it, and waits for the first sound with a whole core
(docs/measurements.md). Here nothing is called back: between two reads libpulse and the server
keep what is heard, in memory that no Python touches.
"""

import ctypes
import time
from collections.abc import Callable

import numpy as np

from core.devices import DeviceLost, SoundInfo
from core.errors import DeviceUnavailable
from core.types import Samples
from engines.microphone import libpulse as pa

FRAGMENT = 0.01
"""Seconds of sound that the server sends at a time."""
_KEPT = 4.0
"""Seconds that the server keeps for a reader who comes late."""
_SLOWEST = 0.3
"""Seconds of delay that a microphone may have; Bluetooth's have most."""
_CONNECT = 3.0
_BYTES = 4


class PulseRecording:
    """Sound as one source gives it, as rows of channels; it never leaves that source. One
    thread, which may be another one than that of the constructor. DeviceUnavailable when there
    is no server or no such source. `rate` and `channels` are the source's own."""

    def __init__(self, info: SoundInfo) -> None:
        self._info = info
        self.rate, self.channels = info.rate, info.channels
        self._pulse = pa.libpulse()
        self._loop = self._pulse.pa_mainloop_new()
        self._context = self._stream = None
        try:
            self._connect()
            self._open()
        except BaseException:
            self.close()
            raise

    def read(self, timeout: float) -> tuple[Samples, float] | None:
        """Samples x channels, with the moment at which the first was heard; None when there is
        nothing in time. DeviceLost when the source or the server is gone."""
        until = time.perf_counter() + timeout
        self._turn(0.0)
        while not (count := self._readable()):
            left = until - time.perf_counter()
            if left <= 0:
                return None
            self._turn(left)
        moment = time.perf_counter() - self._age(count)
        return self._taken(), moment

    def close(self) -> None:
        if self._stream is not None:
            self._pulse.pa_stream_disconnect(self._stream)
            self._pulse.pa_stream_unref(self._stream)
        if self._context is not None:
            self._pulse.pa_context_disconnect(self._context)
            self._pulse.pa_context_unref(self._context)
        if self._loop is not None:
            self._pulse.pa_mainloop_free(self._loop)
        self._stream = self._context = self._loop = None

    def _readable(self) -> int:
        """Bytes that wait."""
        count = int(self._pulse.pa_stream_readable_size(self._stream))
        if count == ctypes.c_size_t(-1).value:
            raise DeviceLost(self._gone())
        return count

    def _age(self, count: int) -> float:
        """How long ago the next sample was heard; as long as what waits, where the server does
        not tell or tells what cannot be (a source that has just woken up)."""
        time_us, negative = ctypes.c_uint64(), ctypes.c_int()
        waiting = count / (_BYTES * self.channels * self.rate)
        if self._pulse.pa_stream_get_latency(
            self._stream, ctypes.byref(time_us), ctypes.byref(negative)
        ):
            return waiting
        told = 0.0 if negative.value else time_us.value / 1e6
        return told if told < waiting + _SLOWEST else waiting

    def _taken(self) -> Samples:
        """All that waits. The server leaves holes where it has lost something: silence."""
        parts, data, count = [], ctypes.c_void_p(), ctypes.c_size_t()
        while self._readable():
            self._pulse.pa_stream_peek(self._stream, ctypes.byref(data), ctypes.byref(count))
            if not count.value:
                break
            parts.append(ctypes.string_at(data, count.value) if data else bytes(count.value))
            self._pulse.pa_stream_drop(self._stream)
        return np.frombuffer(b"".join(parts), np.float32).reshape(-1, self.channels)

    def _connect(self) -> None:
        interface = self._pulse.pa_mainloop_get_api(self._loop)
        self._context = self._pulse.pa_context_new(interface, b"Translated Camera")
        self._pulse.pa_context_connect(self._context, None, pa.NO_AUTOSPAWN, None)
        state = self._pulse.pa_context_get_state
        self._await(lambda: state(self._context), pa.CONTEXT_READY, pa.CONTEXT_FAILED)

    def _open(self) -> None:
        spec = pa.Spec(pa.FLOAT32LE, self.rate, self.channels)
        self._stream = self._pulse.pa_stream_new(
            self._context, b"the speaker's voice", ctypes.byref(spec), None
        )
        if not self._stream:
            raise DeviceUnavailable(self._refusal())
        second = self.rate * self.channels * _BYTES
        piece = round(self.rate * FRAGMENT) * self.channels * _BYTES
        buffer = pa.Buffer(round(second * _KEPT), pa.UNSET, pa.UNSET, pa.UNSET, piece)
        flags = pa.INTERPOLATE_TIMING | pa.AUTO_TIMING | pa.DONT_MOVE | pa.ADJUST_LATENCY
        flags |= pa.FIX_RATE | pa.FIX_CHANNELS | pa.NO_REMAP
        self._pulse.pa_stream_connect_record(
            self._stream, self._info.id.encode(), ctypes.byref(buffer), flags
        )
        state = self._pulse.pa_stream_get_state
        self._await(lambda: state(self._stream), pa.STREAM_READY, pa.STREAM_FAILED)
        real = pa.Spec.from_address(self._pulse.pa_stream_get_sample_spec(self._stream))
        self.rate, self.channels = real.rate, real.channels

    def _await(self, state: Callable[[], int], ready: int, failed: int) -> None:
        end = time.perf_counter() + _CONNECT
        while (reached := state()) != ready:
            if reached >= failed:
                raise DeviceUnavailable(self._refusal())
            if time.perf_counter() > end:
                raise DeviceUnavailable("The sound server does not answer.")
            self._dispatch(0.05)

    def _turn(self, wait: float) -> None:
        """Reads what the server has to say, waiting up to so many seconds for it."""
        self._dispatch(wait)
        if self._pulse.pa_stream_get_state(self._stream) != pa.STREAM_READY:
            raise DeviceLost(self._gone())

    def _dispatch(self, wait: float) -> None:
        pulse, loop = self._pulse, self._loop
        if pulse.pa_mainloop_prepare(loop, round(wait * 1e6)) >= 0:
            pulse.pa_mainloop_poll(loop)
            pulse.pa_mainloop_dispatch(loop)

    def _gone(self) -> str:
        if self._pulse.pa_context_get_state(self._context) != pa.CONTEXT_READY:
            return "The sound server has stopped."
        return f"The microphone {self._info.name} was unplugged."

    def _refusal(self) -> str:
        text: bytes = self._pulse.pa_strerror(self._pulse.pa_context_errno(self._context))
        if text == b"Access denied":
            return (
                f"The sound server does not let this program use the microphone "
                f"{self._info.name}: look into the system's privacy settings for microphones."
            )
        return f"The microphone {self._info.name} cannot be used: {text.decode()}."
