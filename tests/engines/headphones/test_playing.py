"""Playing by PortAudio, as on Windows and macOS."""

import types

import pytest

from core.devices import SoundInfo
from core.errors import DeviceUnavailable

pytest.importorskip("sounddevice", reason="PortAudio is not installed", exc_type=OSError)
from engines.headphones import playing
from engines.microphone import portaudio
from engines.virtual_microphone import cable


@pytest.fixture
def asked(monkeypatch):
    """What is asked of the device that plays."""
    found = []

    class Refusing:
        def __init__(self, *words, **options):
            found.append((words, options))
            raise DeviceUnavailable("It is held.")

    monkeypatch.setattr(cable, "CableMicrophone", Refusing)
    monkeypatch.setattr(playing, "sys", types.SimpleNamespace(platform="win32"))
    return found


def test_the_output_that_was_chosen_is_opened_by_its_whole_name(asked):
    open_streams = portaudio._open_streams
    with pytest.raises(DeviceUnavailable):
        playing.open_output(SoundInfo("Headset", "Headset"))
    assert asked == [(("Headset",), {"exact": True})]
    assert portaudio._open_streams == open_streams
