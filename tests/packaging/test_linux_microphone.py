"""The configuration that makes the virtual microphone for good, on real servers."""

from pathlib import Path

import numpy as np
import pytest

from core.devices import MICROPHONE_NAME
from engines.virtual_microphone.pulse import PulseMicrophone
from engines.virtual_microphone.pulse_devices import SINK, SOURCE
from tests.audio_analysis import judge, silence, word
from tests.audio_servers import FAKE_SOURCE, audio_server, wait_until

pytestmark = pytest.mark.device
LINUX = Path(__file__).parents[2] / "packaging/linux"
PLACES = {
    "pulseaudio": ("pulse/default.pa.d/translated-microphone.pa", "translated-microphone.pa"),
    "pipewire": (
        "pipewire/pipewire-pulse.conf.d/translated-microphone.conf",
        "translated-microphone.conf",
    ),
}


@pytest.mark.parametrize("kind", PLACES)
def test_the_microphone_is_there_before_the_program_and_after_it(kind):
    place, name = PLACES[kind]
    with audio_server(kind, configuration={place: (LINUX / name).read_text()}) as server:
        wait_until(lambda: SOURCE in server.sources(), "the microphone being there")
        assert server.descriptions()[SOURCE] == MICROPHONE_NAME
        sound = word(1)
        with server.here(), server.record(SOURCE) as recording:
            microphone = PulseMicrophone()
            played = np.concatenate([silence(0.3), sound, silence(0.3)])
            for at in range(0, len(played), 480):
                microphone.play(played[at : at + 480])
            microphone.close()
        assert judge(recording.samples, [sound], whole=False).flaws == ()
        assert SOURCE in server.sources()
        assert server.pactl("list", "short", "sinks").count(SINK) == 1
        info = server.pactl("info")
        assert f"Default Source: {FAKE_SOURCE}" in info
        assert "Default Sink: speakers" in info
