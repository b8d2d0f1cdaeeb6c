"""Virtual cables of Windows and macOS, on a PortAudio that is made up: none was at hand."""

import types
from typing import Any

import numpy as np
import pytest

from core.devices import RATE, DeviceLost
from core.errors import DeviceUnavailable

pytest.importorskip("sounddevice", reason="PortAudio is not installed", exc_type=OSError)
from engines.virtual_microphone import cable
from engines.virtual_microphone.cable import CableMicrophone

BLOCK = RATE // 100
DEVICES = [
    ("Speakers (Realtek)", 0, 2),
    ("CABLE Input (VB-Audio Virtual C", 0, 2),
    ("CABLE Input (VB-Audio Virtual Cable)", 1, 16),
    ("CABLE Output (VB-Audio Virtual Cable)", 1, 0),
    ("BlackHole 2ch", 2, 2),
]


class Stream:
    """Plays when it is told to."""

    def __init__(self, *words: Any, callback: Any, **options: Any) -> None:
        self.words, self.options, self.callback = words, options, callback
        self.closed = False
        Stream.last = self

    def start(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True

    def tick(self, *, underflow: bool = False) -> np.ndarray:
        out = np.full((BLOCK, 2), np.nan, np.float32)
        times = types.SimpleNamespace(outputBufferDacTime=1.02, currentTime=1.0)
        self.callback(out, BLOCK, times, types.SimpleNamespace(output_underflow=underflow))
        return out


@pytest.fixture
def devices(monkeypatch):
    """The list of devices that PortAudio tells; tests may change it."""
    listed = list(DEVICES)

    def query(index: int | None = None) -> Any:
        all_ = [
            {"name": name, "hostapi": api, "max_output_channels": channels, "index": number}
            for number, (name, api, channels) in enumerate(listed)
        ]
        return all_ if index is None else all_[index]

    apis = [{"name": name} for name in ("MME", "Windows WASAPI", "Core Audio")]
    monkeypatch.setattr(cable.sounddevice, "query_hostapis", lambda: apis)
    monkeypatch.setattr(cable.sounddevice, "query_devices", query)
    monkeypatch.setattr(cable.sounddevice, "OutputStream", Stream)
    monkeypatch.setattr(cable.sounddevice, "WasapiSettings", lambda **words: words)
    return listed


@pytest.fixture
def on(monkeypatch):
    """Another system."""
    return lambda name: monkeypatch.setattr(cable, "sys", types.SimpleNamespace(platform=name))


def test_windows_takes_vb_cable_by_wasapi_and_tells_what_meetings_pick(devices, on):
    on("win32")
    microphone = CableMicrophone()
    assert microphone.name == "CABLE Output (VB-Audio Virtual Cable)"
    assert Stream.last.words[2] == 2
    assert Stream.last.options["extra_settings"] == {"auto_convert": True}


def test_macos_takes_blackhole(devices, on):
    on("darwin")
    assert CableMicrophone().name == "BlackHole 2ch"
    assert Stream.last.words[2] == 4
    assert Stream.last.options["extra_settings"] is None


@pytest.mark.parametrize(
    ("platform", "how"), [("win32", "Install VB-CABLE"), ("darwin", "Install BlackHole")]
)
def test_a_cable_that_is_missing_is_explained(devices, on, platform, how):
    on(platform)
    del devices[1:]
    with pytest.raises(DeviceUnavailable, match=how):
        CableMicrophone()
    with pytest.raises(DeviceUnavailable, match="no sound device named “Loopback”"):
        CableMicrophone("Loopback")


def test_an_output_for_the_users_ears_is_the_one_of_that_name_and_no_other(devices, on):
    on("win32")
    devices[:] = [("Headset (2- USB)", 1, 2), ("Headset", 0, 2), ("Headset", 1, 2)]
    CableMicrophone("Headset", exact=True)
    assert Stream.last.words[2] == 2
    CableMicrophone("Headset")
    assert Stream.last.words[2] == 2
    del devices[1:]
    with pytest.raises(DeviceUnavailable, match="no sound device named “Headset”"):
        CableMicrophone("Headset", exact=True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            {"wanted": "CABLE Input (VB-Audio Virtual Cable)", "exact": True},
            "^The output CABLE Input",
        ),
        ({}, "^The virtual cable cannot be opened"),
    ],
)
def test_what_cannot_be_opened_is_called_what_it_is(devices, on, monkeypatch, words, told):
    def refuse(*given: Any, **options: Any) -> None:
        raise cable.sounddevice.PortAudioError("Invalid device")

    on("win32")
    monkeypatch.setattr(cable.sounddevice, "OutputStream", refuse)
    with pytest.raises(DeviceUnavailable, match=told):
        CableMicrophone(**words)


def test_of_two_outputs_of_one_name_the_second_can_be_chosen(devices, on):
    on("win32")
    devices[:] = [("Headset", 1, 2), ("Headset", 0, 2), ("Headset", 1, 2)]
    CableMicrophone("Headset (2)", exact=True)
    assert Stream.last.words[2] == 2


def test_a_cable_that_opens_and_does_not_start_is_let_go(devices, on, monkeypatch):
    def refuse(stream: Stream) -> None:
        raise cable.sounddevice.PortAudioError("Device unavailable")

    on("darwin")
    monkeypatch.setattr(Stream, "start", refuse)
    with pytest.raises(DeviceUnavailable, match="cannot be opened"):
        CableMicrophone()
    assert Stream.last.closed


def test_what_is_played_comes_out_on_both_channels_and_gaps_are_counted(devices, on):
    on("darwin")
    microphone = CableMicrophone()
    assert not Stream.last.tick().any()
    assert microphone.underruns == 0
    sound = np.linspace(-1, 1, 2 * BLOCK, dtype=np.float32)
    microphone.play(sound)
    out = np.concatenate([Stream.last.tick(), Stream.last.tick()])
    np.testing.assert_array_equal(out, np.stack([sound, sound], axis=1))
    assert microphone.latency == pytest.approx(0.02)
    assert not Stream.last.tick().any()
    assert microphone.underruns == 1


def test_a_cable_that_takes_nothing_is_lost(devices, on, monkeypatch):
    on("darwin")
    monkeypatch.setattr(cable, "_PATIENCE_S", 0.02)
    microphone = CableMicrophone()
    with pytest.raises(DeviceLost, match="unplugged"):
        microphone.play(np.zeros(5 * BLOCK, np.float32))
