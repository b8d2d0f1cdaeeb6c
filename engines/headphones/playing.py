"""Playing into one output of the system."""

import sys
from typing import Protocol

from core.devices import DeviceLost, SoundInfo
from core.types import Samples


class Output(Protocol):
    """One thread, which may be another one than that of the constructor."""

    def play(self, samples: Samples, *, patience: float) -> bool:
        """Waits until there is room; False when there is none within so many seconds. DeviceLost
        when it is gone."""
        ...

    def close(self) -> None: ...


def open_output(info: SoundInfo) -> Output:
    """DeviceUnavailable, with the reason."""
    if sys.platform.startswith("linux"):
        from engines.headphones.pulse import PulseOutput

        return PulseOutput(info)
    return _PortAudioOutput(info.name)


class _PortAudioOutput:
    """By the same stream that plays into a virtual cable: any device will do for it."""

    def __init__(self, name: str) -> None:
        from engines.microphone.portaudio import closed, opened
        from engines.virtual_microphone.cable import CableMicrophone

        opened()
        try:
            self._device = CableMicrophone(name, exact=True)
        except BaseException:
            closed()
            raise
        self._closed = closed

    def play(self, samples: Samples, *, patience: float) -> bool:
        try:
            self._device.play(samples)
        except DeviceLost:
            return False
        return True

    def close(self) -> None:
        self._device.close()
        self._closed()
