"""The virtual microphone on Linux: two devices that are kept on the sound server, and a stream.

A thread of its own, the keeper, makes the devices, makes them again when somebody took them away
or the server was restarted, and watches who listens. `play` never waits for it.
"""

import contextlib
import logging
import threading
import time
from concurrent.futures import Future

import pulsectl

from core.devices import MICROPHONE_NAME, RATE, DeviceLost
from core.errors import DeviceUnavailable
from core.types import Samples
from engines.pulse.server import BROKEN, server
from engines.virtual_microphone.pace import Pace
from engines.virtual_microphone.pulse_devices import PulseDevices
from engines.virtual_microphone.pulse_sink import ChosenSink
from engines.virtual_microphone.pulse_stream import PulseStream

log = logging.getLogger(__name__)

_AWAY_S = 5.0
_LOOK_S = 0.2
_GATHER_S = 0.05
"""Events come in swarms; one look is enough for each."""
_RETRY_S = 0.3
_OPENING_S = 10.0
_HICCUP_S, _STALLED_S = 0.1, 0.5


class PulseMicrophone:
    """A VirtualMicrophone. While the server is away, what is played is lost and the clock keeps
    the pace; after five seconds `play` raises DeviceLost, each time it is called, and works again
    as soon as the server is back. `latency` is how long it takes until the end of what was played
    so far is heard. All but `play` and `close` may be called by any thread.

    With `sink`, a name or a description, it plays into that and makes nothing.
    """

    backend = "pulse"

    def __init__(self, sink: str = "") -> None:
        self.name = sink or MICROPHONE_NAME
        self.at_ease = False
        self._chosen = sink
        self._stream: PulseStream | None = None
        self._fresh: PulseStream | None = None
        self._handing = threading.Lock()
        self._closing = threading.Event()
        self._pace = Pace()
        self._lost_at = time.monotonic()
        self._stalled_at = 0.0
        self._underruns = 0
        self._listeners: tuple[str, ...] | None = None
        opened: Future[None] = Future()
        self._keeper = threading.Thread(
            target=self._keep, args=(opened,), name="virtual microphone", daemon=True
        )
        self._keeper.start()
        try:
            opened.result(_OPENING_S)
        except (DeviceUnavailable, TimeoutError) as exc:
            self._closing.set()
            if isinstance(exc, DeviceUnavailable):
                raise
            raise DeviceUnavailable("The sound server does not answer.") from exc

    def play(self, samples: Samples) -> None:
        stream = self._stream or self._take_fresh()
        if stream is None:
            self._pace.wait(len(samples))
            if time.monotonic() - self._lost_at > _AWAY_S:
                raise DeviceLost("The sound server is gone, and with it the virtual microphone.")
            return
        try:
            self._play(stream, samples)
        except DeviceLost as exc:
            log.warning("the virtual microphone was interrupted: %s", exc)
            self._let_go()

    def replace(self, samples: Samples) -> bool:
        if (stream := self._stream) is None:
            return False
        try:
            stream.replace(samples)
        except DeviceLost as exc:
            log.warning("the virtual microphone was interrupted: %s", exc)
            self._let_go()
            return False
        return True

    @property
    def latency(self) -> float:
        stream = self._stream
        return stream.latency if stream else 0.0

    @property
    def underruns(self) -> int:
        stream = self._stream
        return self._underruns + (stream.underruns if stream else 0)

    @property
    def watched(self) -> bool | None:
        return None if self._listeners is None else bool(self._listeners)

    @property
    def listeners(self) -> tuple[str, ...]:
        """The names of the programs that listen, as far as they are known. Any thread."""
        return self._listeners or ()

    def close(self) -> None:
        self._closing.set()
        self._keeper.join(_OPENING_S)
        for stream in (self._stream, self._fresh):
            if stream is not None:
                stream.close()
        self._stream = self._fresh = None

    def _play(self, stream: PulseStream, samples: Samples) -> None:
        """A device that has stopped takes nothing; it does not hold the caller up for it."""
        now = time.monotonic()
        stream.settle(self.at_ease and not self._chosen)  # behind a device of theirs may be ears
        patience = len(samples) / RATE + (0.0 if self._stalled_at else _HICCUP_S)
        if stream.play(samples, patience=patience):
            self._stalled_at = 0.0
        elif not self._stalled_at:
            self._stalled_at = now
        elif now - self._stalled_at > _STALLED_S:
            self._stalled_at = 0.0
            raise DeviceLost("The sound server takes no more sound.")

    def _take_fresh(self) -> PulseStream | None:
        with self._handing:
            self._stream, self._fresh = self._fresh, None
        return self._stream

    def _let_go(self) -> None:
        """The stream is dead; the keeper sees that there is none and opens another."""
        if self._stream is not None:
            self._underruns += self._stream.underruns + 1
            self._stream.close()
        self._lost_at = time.monotonic()
        self._stream = None

    # --- the keeper's thread ---------------------------------------------------------------------

    def _keep(self, opened: "Future[None]") -> None:
        while not self._closing.is_set():
            try:
                with server() as pulse:
                    self._serve(pulse, opened)
                    return
            except DeviceUnavailable as exc:
                self._listeners = None
                if not opened.done():
                    opened.set_exception(exc)
                    return
                log.info("the virtual microphone waits for the sound server: %s", exc)
                self._closing.wait(_RETRY_S)

    def _serve(self, pulse: pulsectl.Pulse, opened: "Future[None]") -> None:
        """Until the microphone is closed; the devices are gone then."""
        devices = ChosenSink(pulse, self._chosen) if self._chosen else PulseDevices(pulse)
        pulse.event_mask_set("all")
        events: list[object] = []
        pulse.event_callback_set(events.append)
        try:
            while not self._closing.is_set():
                devices.ensure()
                self._supply(devices)
                devices.give_back_defaults()
                self._listeners = devices.listeners()
                if not opened.done():
                    opened.set_result(None)
                events.clear()
                while not (events or self._closing.is_set() or self._wants_stream()):
                    pulse.event_listen(_LOOK_S)
                self._closing.wait(_GATHER_S)
        finally:
            with contextlib.suppress(*BROKEN):
                devices.remove()

    def _wants_stream(self) -> bool:
        return self._stream is None and self._fresh is None

    def _supply(self, devices: PulseDevices | ChosenSink) -> None:
        with self._handing:
            if not self._wants_stream():
                return
        devices.rest()
        stream = PulseStream(devices.sink)
        devices.wake()
        with self._handing:
            self._fresh = stream
