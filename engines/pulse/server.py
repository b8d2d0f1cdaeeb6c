"""Asking a sound server about its devices and programs."""

import contextlib
from collections.abc import Iterator

import pulsectl
from pulsectl._pulsectl import LibPulse

from core.errors import DeviceUnavailable
from engines.pulse.connection import CLIENT

BROKEN = (pulsectl.PulseError, pulsectl.PulseDisconnected, LibPulse.CallError)
"""What pulsectl raises when the server refuses something, or is gone."""


class NoServer(DeviceUnavailable):
    """There is no such server here."""


@contextlib.contextmanager
def server() -> Iterator[pulsectl.Pulse]:
    """A connection. NoServer when there is none, or it breaks while it is used."""
    pulse = pulsectl.Pulse(CLIENT, connect=False)
    try:
        pulse.connect()  # given a timeout, it waits for it even when it is connected
        yield pulse
    except BROKEN as exc:
        raise NoServer(
            "The sound server does not answer. Start PipeWire (with pipewire-pulse) or PulseAudio."
        ) from exc
    finally:
        pulse.close()
