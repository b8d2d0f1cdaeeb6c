"""Microphones by PortAudio: Windows, macOS, and Linux without a sound server."""

import threading
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import sounddevice

from core.chosen import told_apart
from core.devices import MICROPHONE_NAME, DeviceLost, SoundInfo
from core.errors import DeviceUnavailable
from core.ring import SampleRing
from core.types import Samples

PREFIX = "portaudio:"
_KEPT = 4.0
_BLOCK = 0.01
_PATIENCE = 1.0
_OURS = (MICROPHONE_NAME, "CABLE Output", "BlackHole 2ch")
"""On Windows and macOS meeting programs hear us through these, so we must not."""
_PREFERRED = ("Windows WASAPI", "Core Audio", "ALSA")
_DETOURS = ("pulse", "pipewire", "default", "jack")
"""ALSA's plug-ins lead to sound servers, which are asked directly."""
_open_streams = 0
_opening = threading.Lock()


def opened() -> None:
    """To be called before a stream of PortAudio is opened in this process."""
    global _open_streams
    with _opening:
        _open_streams += 1


def closed() -> None:
    """To be called when it is closed, or could not be opened."""
    global _open_streams
    with _opening:
        _open_streams -= 1


def look(library: Any = sounddevice) -> tuple[Sequence[Any], Sequence[Any]]:
    """PortAudio's systems and devices, on any thread. It looks at them once; it can only be made
    to look again while no stream is open, which would break: so a device that is plugged in later
    is seen at the next change. DeviceUnavailable."""
    with _opening:
        try:
            if not _open_streams:
                library._terminate()
                library._initialize()
            return library.query_hostapis(), library.query_devices()
        except library.PortAudioError as exc:
            raise DeviceUnavailable(
                f"The sound library PortAudio does not answer ({exc})."
            ) from exc


def portaudio_microphones(library: Any = sounddevice) -> list[SoundInfo]:
    """The best system's, its default first."""
    infos = _listed(*look(library))
    return sorted(infos, key=lambda info: (info.ours, not info.default))


def _listed(systems: Sequence[Any], devices: Sequence[Any]) -> dict[SoundInfo, int]:
    """Each with PortAudio's number for it, which changes as others come and go."""
    names = [system["name"] for system in systems]
    wanted = next((name for name in _PREFERRED if name in names), names[0] if names else "")
    there = [
        device
        for device in devices
        if systems[device["hostapi"]]["name"] == wanted
        and device["max_input_channels"] > 0
        and device["name"] not in _DETOURS
    ]
    told = told_apart(device["name"].strip() for device in there)
    return {
        _info(name, device, systems[device["hostapi"]]): device["index"]
        for name, device in zip(told, there, strict=True)
    }


def _info(name: str, device: dict[str, Any], system: dict[str, Any]) -> SoundInfo:
    return SoundInfo(
        name,
        PREFIX + name,
        round(device["default_samplerate"]),
        min(8, device["max_input_channels"]),
        ours=name.startswith(_OURS),
        default=device["index"] == system["default_input_device"],
    )


def _number(info: SoundInfo, library: Any) -> int:
    """Of a device that was listed. Between `opened` and `closed` it stays. DeviceUnavailable."""
    known = _listed(library.query_hostapis(), library.query_devices())
    for one, number in known.items():
        if one.id == info.id:
            return number
    raise DeviceUnavailable(f"The microphone {info.name} was unplugged.")


class PortAudioRecording:
    """Sound as the device gives it, as rows of channels. The callback only copies."""

    def __init__(self, info: SoundInfo, library: Any = sounddevice) -> None:
        self._info = info
        self.rate, self.channels = info.rate, info.channels
        self._ring = SampleRing(round(info.rate * _KEPT) * info.channels)
        self._came = threading.Event()
        self._newest = (0, time.perf_counter())  # values pushed so far, and when the last was heard
        self._taken = 0
        self._callback_at = time.perf_counter()
        opened()
        try:
            stream = library.InputStream(
                device=_number(info, library),
                samplerate=info.rate,
                channels=info.channels,
                blocksize=round(info.rate * _BLOCK),
                latency="low",
                dtype="float32",
                callback=self._heard,
            )
            try:
                stream.start()
            except BaseException:
                stream.close()
                raise
            self._stream = stream
        except BaseException as exc:
            closed()
            if isinstance(exc, library.PortAudioError):
                raise DeviceUnavailable(_refusal(info, exc)) from exc
            raise

    def read(self, timeout: float) -> tuple[Samples, float] | None:
        """As PulseRecording.read."""
        until = time.perf_counter() + timeout
        while not len(self._ring):
            self._came.clear()
            now = time.perf_counter()
            if not self._stream.active or now - self._callback_at > _PATIENCE:
                raise DeviceLost(f"The microphone {self._info.name} was unplugged or has stopped.")
            if now >= until or not self._came.wait(until - now):
                return None
        channels = self._info.channels
        values = np.empty(len(self._ring) // channels * channels, np.float32)
        self._ring.pop(values)
        self._taken += len(values)
        pushed, moment = self._newest
        first = self._taken - len(values)
        return values.reshape(-1, channels), moment - (pushed - first) / channels / self._info.rate

    def close(self) -> None:
        self._stream.close()
        closed()

    def _heard(self, block: Samples, frames: int, times: Any, status: Any) -> None:
        now = time.perf_counter()
        age = times.currentTime - times.inputBufferAdcTime
        self._callback_at = now
        if self._ring.push(block.ravel()):
            pushed = self._newest[0] + block.size
            self._newest = (pushed, now - (age if 0 < age < 1 else 0.0) + frames / self._info.rate)
        self._came.set()


def _refusal(info: SoundInfo, error: Exception) -> str:
    return (
        f"The microphone {info.name} cannot be opened ({error.args[0]}). Another program may hold "
        f"it alone, or this program is not allowed to: look into the system's privacy settings."
    )
