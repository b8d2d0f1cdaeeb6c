"""PortAudio with a stand-in for its library: this is what Windows and macOS use."""

from types import SimpleNamespace

import numpy as np
import pytest

from core.devices import DeviceLost
from core.errors import DeviceUnavailable
from engines.microphone import portaudio
from engines.microphone.listing import choose_microphone
from engines.microphone.portaudio import PortAudioRecording, portaudio_microphones


class Stream:
    def __init__(self, **options):
        self.options, self.active, self.closed = options, True, False

    def start(self):
        pass

    def close(self):
        self.closed = True

    def hear(self, rows, age=0.02):
        times = SimpleNamespace(currentTime=100.0, inputBufferAdcTime=100.0 - age)
        self.options["callback"](rows, len(rows), times, None)


class Library:
    """What PortAudio finds on a Windows machine."""

    PortAudioError = OSError

    def __init__(self, refuses=False):
        self.refuses, self.looked = refuses, 0

    def _terminate(self):
        self.looked += 1

    def _initialize(self):
        pass

    def query_hostapis(self):
        return (
            {"name": "MME", "default_input_device": 0},
            {"name": "Windows WASAPI", "default_input_device": 3},
        )

    def query_devices(self):
        def device(index, name, hostapi, inputs, rate=48000.0):
            return {
                "index": index,
                "name": name,
                "hostapi": hostapi,
                "max_input_channels": inputs,
                "default_samplerate": rate,
            }

        return (
            device(0, "Microphone (BRI", 0, 2),
            device(1, "CABLE Output (VB-Audio Virtual Cable)", 1, 2),
            device(2, "Speakers", 1, 0),
            device(3, "Microphone (BRIO)", 1, 2, 44100.0),
        )

    def InputStream(self, **options):
        if self.refuses:
            raise OSError("Unanticipated host error")
        self.stream = Stream(**options)
        return self.stream


@pytest.fixture
def library():
    return Library()


@pytest.fixture
def recording(library):
    made = PortAudioRecording(portaudio_microphones(library)[0], library)
    yield made
    made.close()


def test_the_best_systems_microphones_are_listed_and_our_way_out_is_ours(library):
    infos = portaudio_microphones(library)
    assert [(one.name, one.rate, one.ours, one.default) for one in infos] == [
        ("Microphone (BRIO)", 44100, False, True),
        ("CABLE Output (VB-Audio Virtual Cable)", 48000, True, False),
    ]


def test_a_name_has_no_blanks_around_it_and_is_opened_all_the_same(library, monkeypatch):
    devices = [{**one, "name": f" {one['name']} "} for one in library.query_devices()]
    monkeypatch.setattr(library, "query_devices", lambda: devices)
    (brio, *_) = portaudio_microphones(library)
    assert brio.name == "Microphone (BRIO)"
    assert portaudio._number(brio, library) == 3


def test_the_system_is_looked_at_anew_only_while_nothing_is_recorded(library, recording):
    looked = library.looked
    portaudio_microphones(library)
    assert library.looked == looked


def test_nor_is_it_while_something_is_played(library):
    portaudio.opened()
    portaudio_microphones(library)
    portaudio.closed()
    assert library.looked == 0
    portaudio_microphones(library)
    assert library.looked == 1


def test_a_portaudio_that_does_not_answer_is_a_device_that_is_not_there(library, monkeypatch):
    def refuse():
        raise OSError("PortAudio not initialized")

    monkeypatch.setattr(library, "query_devices", refuse)
    with pytest.raises(DeviceUnavailable, match="not initialized"):
        portaudio_microphones(library)


def test_what_the_callback_copied_is_read_with_its_moment(library, recording):
    rows = np.arange(882, dtype=np.float32).reshape(441, 2)
    library.stream.hear(rows)
    library.stream.hear(rows + 1000)
    got, first = recording.read(1.0)
    assert np.array_equal(got, np.concatenate([rows, rows + 1000]))
    library.stream.hear(rows)
    _, second = recording.read(1.0)
    assert second > first
    assert recording.read(0.0) is None


def test_a_stream_that_ends_is_lost(library, recording):
    library.stream.active = False
    with pytest.raises(DeviceLost, match=r"BRIO.* was unplugged"):
        recording.read(0.1)


def test_a_stream_that_is_not_called_any_more_is_lost(library, recording, monkeypatch):
    monkeypatch.setattr(portaudio, "_PATIENCE", 0.0)
    with pytest.raises(DeviceLost, match="has stopped"):
        recording.read(0.1)


def test_two_microphones_of_one_name_are_told_apart_and_opened_where_they_stand_then(monkeypatch):
    library = Library()
    alike = [dict(one) for one in library.query_devices() if one["index"] in (1, 3)]
    alike += [dict(alike[1], index=4)]
    monkeypatch.setattr(library, "query_devices", lambda: alike)
    names = [one.name for one in portaudio_microphones(library) if not one.ours]
    assert names == ["Microphone (BRIO)", "Microphone (BRIO) (2)"]
    second = choose_microphone("Microphone (BRIO) (2)", portaudio_microphones(library))
    del alike[0]
    for index, device in enumerate(alike):
        device["index"] = index
    PortAudioRecording(second, library).close()
    assert library.stream.options["device"] == 1


def test_a_microphone_that_went_between_being_listed_and_opened_is_not_another_one(monkeypatch):
    library = Library()
    info = portaudio_microphones(library)[0]
    monkeypatch.setattr(library, "query_devices", lambda: ())
    with pytest.raises(DeviceUnavailable, match=r"BRIO.* was unplugged"):
        PortAudioRecording(info, library)


def test_a_microphone_that_opens_and_does_not_start_is_let_go(library, monkeypatch):
    def refuse(stream):
        raise OSError("Device unavailable")

    monkeypatch.setattr(Stream, "start", refuse)
    with pytest.raises(DeviceUnavailable, match="cannot be opened"):
        PortAudioRecording(portaudio_microphones(library)[0], library)
    assert library.stream.closed


def test_a_refusal_names_the_likely_reasons():
    library = Library(refuses=True)
    with pytest.raises(DeviceUnavailable, match="privacy settings"):
        PortAudioRecording(portaudio_microphones(library)[0], library)
