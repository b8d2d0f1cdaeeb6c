"""The private audio servers themselves: what other tests stand on."""

import contextlib
from collections.abc import Iterator

import numpy as np
import psutil
import pytest

from tests.audio_analysis import judge, silence, word
from tests.audio_servers import (
    FAKE_MICROPHONE,
    FAKE_SOURCE,
    KINDS,
    AudioServer,
    audio_server,
)

pytestmark = pytest.mark.device
WORDS = [word(seed) for seed in range(2)]


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest) -> Iterator[AudioServer]:
    with audio_server(request.param) as server:
        yield server


def test_what_is_said_into_the_fake_microphone_is_recorded_whole(server):
    said = np.concatenate([WORDS[0], silence(0.2), WORDS[1], silence(0.6)])
    with server.record(FAKE_SOURCE) as recording, server.microphone.say(said):
        pass
    assert judge(recording.samples, WORDS).flaws == ()


def test_the_fake_microphone_is_the_default_and_can_be_unplugged_and_replugged(server):
    assert server.descriptions()[FAKE_SOURCE] == FAKE_MICROPHONE
    assert f"Default Source: {FAKE_SOURCE}" in server.pactl("info")
    server.microphone.unplug()
    assert FAKE_SOURCE not in server.sources()
    server.microphone.plug()
    assert FAKE_SOURCE in server.sources()


def test_a_server_that_crashed_comes_back_without_the_microphone(server):
    server.restart()
    assert FAKE_SOURCE not in server.sources()
    server.microphone.plug()
    assert FAKE_SOURCE in server.sources()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_was_started_is_left(kind):
    with audio_server(kind) as server:
        assert _living(server)
    assert not _living(server)
    assert not server.folder.exists()


def _living(server: AudioServer) -> list[str]:
    """The programs that run in the server's own environment."""
    names = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("XDG_RUNTIME_DIR") == str(server.run):
                names.append(process.name())
    return names
