"""Recording from PulseAudio and PipeWire, by libpulse itself.

PortAudio reaches them only through ALSA's plug-in: it neither tells when the server moves the
recording to another device nor can forbid it, and waits for the first sound with a whole core
(docs/measurements.md). Here nothing is called back: between two reads libpulse and the server
keep what is heard, in memory that no Python touches.
"""

import ctypes
import time
from typing import Any

import numpy as np

from core.devices import RATE, DeviceLost, SoundInfo
from core.errors import DeviceUnavailable
from core.types import Samples
from engines.pulse import library as pa
from engines.pulse.connection import Connection

FRAGMENT = 0.01
"""Seconds of sound that the server sends at a time."""
_KEPT = 4.0
"""Seconds that the server keeps for a reader who comes late."""
_SLOWEST = 0.3
"""Seconds of delay that a microphone may have; Bluetooth's have most."""
_COARSE = 32_000
"""Below this rate the server brings the sound to ours, with less delay than we could."""
_BYTES = 4


class PulseRecording:
    """Sound as one source gives it, as rows of channels; it never leaves that source. One
    thread, which may be another one than that of the constructor. DeviceUnavailable when there
    is no server or no such source. `rate` and `channels` are the source's own, except that no
    rate is very low."""

    def __init__(self, info: SoundInfo) -> None:
        self._info = info
        self.rate = info.rate if info.rate >= _COARSE else RATE
        self.channels = info.channels
        self._server = Connection()
        self._pulse = self._server.pulse
        try:
            spec = pa.Spec(pa.FLOAT32LE, self.rate, self.channels)
            self._server.open("the speaker's voice", spec, self._connect)
        except DeviceUnavailable as exc:
            self.close()
            raise DeviceUnavailable(f"The microphone {info.name} cannot be used. {exc}") from exc
        real = pa.Spec.from_address(self._pulse.pa_stream_get_sample_spec(self._server.stream))
        self.rate, self.channels = real.rate, real.channels

    def read(self, timeout: float) -> tuple[Samples, float] | None:
        """Samples x channels, with the moment at which the first was heard; None when there is
        nothing in time. DeviceLost when the source or the server is gone."""
        until = time.perf_counter() + timeout
        while not (count := self._readable()):
            left = until - time.perf_counter()
            if left <= 0:
                return None
            self._turn(left)
        moment = time.perf_counter() - self._age(count)
        return self._taken(), moment

    def close(self) -> None:
        self._server.close()

    def _connect(self, stream: Any) -> None:
        second = self.rate * self.channels * _BYTES
        piece = round(self.rate * FRAGMENT) * self.channels * _BYTES
        buffer = pa.Buffer(round(second * _KEPT), pa.UNSET, pa.UNSET, pa.UNSET, piece)
        flags = pa.INTERPOLATE_TIMING | pa.AUTO_TIMING | pa.DONT_MOVE | pa.ADJUST_LATENCY
        flags |= pa.FIX_CHANNELS | pa.NO_REMAP
        source = self._info.id.encode()
        self._pulse.pa_stream_connect_record(stream, source, ctypes.byref(buffer), flags)

    def _turn(self, wait: float) -> None:
        try:
            self._server.turn(wait)
        except DeviceLost as exc:
            raise DeviceLost(f"The microphone {self._info.name} was lost. {exc}") from exc

    def _readable(self) -> int:
        """Bytes that wait."""
        count = int(self._pulse.pa_stream_readable_size(self._server.stream))
        if count == pa.NONE:
            raise DeviceLost(f"The microphone {self._info.name} was unplugged.")
        return count

    def _age(self, count: int) -> float:
        """How long ago the next sample was heard; as long as what waits, where the server does
        not tell or tells what cannot be (a source that has just woken up)."""
        waiting = count / (_BYTES * self.channels * self.rate)
        told = self._server.latency
        return waiting if told is None or told > waiting + _SLOWEST else told

    def _taken(self) -> Samples:
        """All that waits. The server leaves holes where it has lost something: silence."""
        parts, data, count = [], ctypes.c_void_p(), ctypes.c_size_t()
        stream = self._server.stream
        while self._readable():
            self._pulse.pa_stream_peek(stream, ctypes.byref(data), ctypes.byref(count))
            if not count.value:
                break
            parts.append(ctypes.string_at(data, count.value) if data else bytes(count.value))
            self._pulse.pa_stream_drop(stream)
        return np.frombuffer(b"".join(parts), np.float32).reshape(-1, self.channels)


def native_rates() -> dict[str, int]:
    """Samples a second of each source, by its name. (pulsectl keeps a pointer to memory that is
    gone by then.) DeviceUnavailable when there is no server."""
    rates: dict[str, int] = {}

    def tell(_context: int, info: Any, end: int, _nothing: int) -> None:
        if not end:
            rates[info.contents.name.decode()] = info.contents.spec.rate

    told = pa.SourceTold(tell)
    server = Connection()
    try:
        server.ask(
            lambda context: server.pulse.pa_context_get_source_info_list(context, told, None)
        )
    finally:
        server.close()
    return rates
