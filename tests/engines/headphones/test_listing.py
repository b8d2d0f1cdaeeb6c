"""The outputs that PortAudio finds, as on Windows and macOS."""

import types

import pytest

from core.errors import DeviceUnavailable

pytest.importorskip("sounddevice", reason="PortAudio is not installed", exc_type=OSError)
from engines.headphones import listing
from engines.microphone import portaudio

SYSTEMS = (
    {"name": "MME", "default_output_device": 0},
    {"name": "Windows WASAPI", "default_output_device": 2},
)


def device(index, name, hostapi, channels=2):
    return {"index": index, "name": name, "hostapi": hostapi, "max_output_channels": channels}


@pytest.fixture
def plugged(monkeypatch):
    """What is plugged in; PortAudio knows it from when it looked last."""
    there = [
        device(0, "Speakers (Rea", 0),
        device(1, "CABLE Input (VB-Audio Virtual Cable)", 1),
        device(2, "Speakers (Realtek)", 1),
        device(3, "Microphone", 1, 0),
    ]
    known = list(there)
    library = portaudio.sounddevice
    monkeypatch.setattr(library, "_terminate", known.clear)
    monkeypatch.setattr(library, "_initialize", lambda: known.extend(there))
    monkeypatch.setattr(library, "query_hostapis", lambda: SYSTEMS)
    monkeypatch.setattr(library, "query_devices", lambda: tuple(known))
    monkeypatch.setattr(listing, "_LINUX", False)
    monkeypatch.setattr(listing, "sys", types.SimpleNamespace(platform="win32"))
    return there


def test_the_best_systems_outputs_are_listed_its_default_first_and_cables_last(plugged):
    assert [(one.name, one.default, one.ours) for one in listing.outputs()] == [
        ("Speakers (Realtek)", True, False),
        ("CABLE Input (VB-Audio Virtual Cable)", False, True),
    ]


def test_headphones_that_are_plugged_in_later_are_found_while_nothing_is_played(plugged):
    plugged.append(device(4, "Headset", 1))
    portaudio.opened()
    try:
        assert "Headset" not in [one.name for one in listing.outputs()]
    finally:
        portaudio.closed()
    assert "Headset" in [one.name for one in listing.outputs()]


def test_a_portaudio_that_does_not_answer_is_told_as_a_device_that_is_not_there(
    plugged, monkeypatch
):
    def refuse():
        raise portaudio.sounddevice.PortAudioError("PortAudio not initialized")

    monkeypatch.setattr(portaudio.sounddevice, "query_devices", refuse)
    with pytest.raises(DeviceUnavailable, match="not initialized"):
        listing.outputs()


def test_two_outputs_of_one_name_are_told_apart(plugged):
    plugged.append(device(4, "Headset", 1))
    plugged.append(device(5, "Headset", 1))
    names = [one.name for one in listing.outputs()]
    assert "Headset" in names
    assert "Headset (2)" in names
