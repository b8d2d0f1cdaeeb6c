"""One connection to a sound server with one stream, and the loop that both live in."""

import ctypes
import time
from collections.abc import Callable
from typing import Any

from core.devices import DeviceLost
from core.errors import DeviceUnavailable
from engines.pulse import library as pa

_CONNECT_S = 3.0
CLIENT = "Translated Camera"
"""What other programs see our streams under."""


class Connection:
    """DeviceUnavailable when there is no server. Nothing is done between two calls. One thread at
    a time."""

    def __init__(self) -> None:
        self.pulse = pa.libpulse()
        self.stream: Any = None
        self._loop = self.pulse.pa_mainloop_new()
        interface = self.pulse.pa_mainloop_get_api(self._loop)
        self._context = self.pulse.pa_context_new(interface, CLIENT.encode())
        try:
            self.pulse.pa_context_connect(self._context, None, pa.NO_AUTOSPAWN, None)
            self._await(self._context_state, pa.CONTEXT_READY, pa.CONTEXT_FAILED)
        except BaseException:
            self.close()
            raise

    def open(self, title: str, spec: pa.Spec, connect: Callable[[Any], object]) -> None:
        """A stream of this kind, which `connect` is to connect. DeviceUnavailable."""
        self.stream = self.pulse.pa_stream_new(
            self._context, title.encode(), ctypes.byref(spec), None
        )
        if not self.stream:
            raise DeviceUnavailable(self.refusal)
        connect(self.stream)
        self._await(self._stream_state, pa.STREAM_READY, pa.STREAM_FAILED)

    def turn(self, wait: float) -> None:
        """Reads what the server has to say, waiting up to so many seconds for it. DeviceLost
        when the stream is over."""
        self._dispatch(wait)
        self._check()

    def catch_up(self) -> None:
        """Reads all that the server has said so far, without waiting. DeviceLost."""
        while self._dispatch(0.0):
            pass
        self._check()

    def ask(self, question: Callable[[Any], Any]) -> None:
        """Puts a question, which gets the context and gives libpulse's operation, and waits until
        all answers have come to its callback. DeviceUnavailable."""
        operation = question(self._context)
        if not operation:
            raise DeviceUnavailable(self.refusal)
        state = self.pulse.pa_operation_get_state
        self._await(lambda: int(state(operation)), pa.DONE, pa.CANCELLED)
        self.pulse.pa_operation_unref(operation)

    @property
    def latency(self) -> float | None:
        """Seconds between the program's end of the stream and the device's; None while the
        server has not told."""
        time_us, negative = ctypes.c_uint64(), ctypes.c_int()
        if self.pulse.pa_stream_get_latency(
            self.stream, ctypes.byref(time_us), ctypes.byref(negative)
        ):
            return None
        return 0.0 if negative.value else time_us.value / 1e6

    @property
    def refusal(self) -> str:
        """The server's last complaint, as a sentence."""
        text: bytes = self.pulse.pa_strerror(self.pulse.pa_context_errno(self._context))
        if text == b"Access denied":
            return (
                "The sound server does not let this program in:"
                " look into the system's privacy settings for microphones."
            )
        return f"The sound server cannot be used: {text.decode()}."

    def close(self) -> None:
        if self.stream:
            self.pulse.pa_stream_disconnect(self.stream)
            self.pulse.pa_stream_unref(self.stream)
        if self._context:
            self.pulse.pa_context_disconnect(self._context)
            self.pulse.pa_context_unref(self._context)
        if self._loop:
            self.pulse.pa_mainloop_free(self._loop)
        self.stream = self._context = self._loop = None

    def _check(self) -> None:
        if self._stream_state() != pa.STREAM_READY:
            stopped = self._context_state() != pa.CONTEXT_READY
            raise DeviceLost(f"The sound {'server has stopped' if stopped else 'device is gone'}.")

    def _context_state(self) -> int:
        return int(self.pulse.pa_context_get_state(self._context))

    def _stream_state(self) -> int:
        return int(self.pulse.pa_stream_get_state(self.stream))

    def _await(self, state: Callable[[], int], ready: int, failed: int) -> None:
        end = time.monotonic() + _CONNECT_S
        while (reached := state()) != ready:
            if reached >= failed:
                raise DeviceUnavailable(self.refusal)
            if time.monotonic() > end:
                raise DeviceUnavailable("The sound server does not answer.")
            self._dispatch(0.05)

    def _dispatch(self, wait: float) -> bool:
        """Whether anything was there; a packet may need several calls."""
        if self.pulse.pa_mainloop_prepare(self._loop, round(wait * 1e6)) < 0:
            return False
        self.pulse.pa_mainloop_poll(self._loop)
        return int(self.pulse.pa_mainloop_dispatch(self._loop)) > 0
