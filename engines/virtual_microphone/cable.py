"""A virtual cable as the virtual microphone: VB-CABLE on Windows, BlackHole on macOS.

What is played into the cable's playing end is heard at its recording end, which meeting programs
pick. The cable is the user's own; it is found by name, never installed.
"""

import sys
import threading
from typing import Any, NamedTuple

import numpy as np
import sounddevice

from core.chosen import told_apart
from core.devices import RATE, DeviceLost
from core.errors import DeviceUnavailable
from core.ring import SampleRing
from core.types import Samples

_BLOCK = 480
_AHEAD = 2 * _BLOCK
_PATIENCE_S = 0.5


class _Cable(NamedTuple):
    playing: str
    """Part of the name of the end that we play into."""
    heard_as: str
    """What meeting programs call the other end."""
    api: str
    how: str


_CABLES = {
    "win32": _Cable(
        "CABLE Input",
        "CABLE Output (VB-Audio Virtual Cable)",
        "Windows WASAPI",
        "Install VB-CABLE from https://vb-audio.com/Cable and start this program again.",
    ),
    "darwin": _Cable(
        "BlackHole 2ch",
        "BlackHole 2ch",
        "Core Audio",
        "Install BlackHole 2ch from https://existential.audio/blackhole (or: brew install"
        " blackhole-2ch) and start this program again.",
    ),
}


class CableMicrophone:
    """A VirtualMicrophone that plays into the device whose name contains `wanted`, or into this
    system's usual cable. With `exact` it is the output that has this name in the list
    (engines/headphones/listing.py), whatever it is for. DeviceUnavailable, with what to do, when
    there is none."""

    backend = "cable"
    watched = None
    at_ease = False

    def __init__(self, wanted: str = "", *, exact: bool = False) -> None:
        cable = _CABLES.get(sys.platform)
        index = _find_exact(wanted, cable) if exact else _find(wanted, cable)
        self.name = cable.heard_as if cable and not wanted else wanted
        self.underruns = 0
        self._ring = SampleRing(RATE // 2)
        self._moved = threading.Event()
        self._delay = 0.0
        self._playing = False
        what = f"The output {wanted}" if exact else "The virtual cable"
        self._stream = _open(index, cable, self._fill, what)

    def play(self, samples: Samples) -> None:
        for at in range(0, len(samples), _BLOCK):
            piece = samples[at : at + _BLOCK]
            self._await_room(len(piece))
            self._ring.push(piece)
            self._playing = True

    def replace(self, samples: Samples) -> bool:
        return False

    @property
    def latency(self) -> float:
        return self._delay + len(self._ring) / RATE

    def close(self) -> None:
        self._stream.close()

    def _await_room(self, count: int) -> None:
        while len(self._ring) + count > _AHEAD:
            self._moved.clear()
            if not self._moved.wait(_PATIENCE_S) and len(self._ring) + count > _AHEAD:
                raise DeviceLost(f"“{self.name}” takes no more sound; it may be unplugged.")

    def _fill(self, out: Any, count: int, times: Any, status: Any) -> None:
        """PortAudio's thread: only copies."""
        left, right = out[:, 0], out[:, 1:]
        had = self._ring.pop(left)
        left[had:] = 0
        right[:] = left[:, None]
        if self._playing and (had < count or status.output_underflow):
            self.underruns += 1
            self._playing = False
        self._delay = times.outputBufferDacTime - times.currentTime
        self._moved.set()


def _find_exact(wanted: str, cable: _Cable | None) -> int:
    """The device's number; two of one name are told apart by their order."""
    there = [one for one in _outputs() if cable is None or _interface(one) == cable.api]
    told = told_apart(one["name"] for one in there)
    if wanted not in told:
        raise _absent(wanted, "")
    return int(there[told.index(wanted)]["index"])


def _find(wanted: str, cable: _Cable | None) -> int:
    """The device's number, of the system's best sound interface where it is there twice; the one
    that has the name rather than one that contains it."""
    name = cable.playing if cable and not wanted else wanted
    found = [
        (
            cable is not None and _interface(device) != cable.api,
            device["name"].lower() != name.lower(),
            device["index"],
        )
        for device in _outputs()
        if name.lower() in device["name"].lower()
    ]
    if found:
        return int(min(found)[2])
    raise _absent(name, cable.how if cable and not wanted else "")


def _outputs() -> list[dict[str, Any]]:
    return [one for one in sounddevice.query_devices() if one["max_output_channels"] > 0]


def _interface(device: dict[str, Any]) -> str:
    return str(sounddevice.query_hostapis()[device["hostapi"]]["name"])


def _absent(name: str, how: str) -> DeviceUnavailable:
    how = how or "`translated-camera devices` lists them."
    return DeviceUnavailable(f"There is no sound device named “{name}”. {how}")


def _open(index: int, cable: _Cable | None, fill: Any, what: str) -> Any:
    """DeviceUnavailable, saying `what` it is that cannot be opened."""
    windows = cable is not None and cable.api == "Windows WASAPI"
    extra = sounddevice.WasapiSettings(auto_convert=True) if windows else None
    try:
        channels = min(2, sounddevice.query_devices(index)["max_output_channels"])
        stream = sounddevice.OutputStream(
            RATE, _BLOCK, index, channels, np.float32,
            latency="low", extra_settings=extra, callback=fill,
        )  # fmt: skip
        try:
            stream.start()
        except BaseException:
            stream.close()
            raise
    except sounddevice.PortAudioError as exc:
        raise DeviceUnavailable(
            f"{what} cannot be opened; another program may hold it for itself ({exc})."
        ) from exc
    return stream
