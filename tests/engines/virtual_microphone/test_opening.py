"""Which virtual microphone is opened, and what the user is told."""

import sys

import numpy as np
import pytest

from core.clock import ManualClock
from core.devices import MICROPHONE_NAME, RATE
from engines.virtual_microphone.absent import NoMicrophone
from engines.virtual_microphone.opening import open_virtual_microphone
from engines.virtual_microphone.pace import Pace
from tests.audio_servers import KINDS, audio_server


def test_off_is_a_microphone_that_nobody_hears_with_the_reason():
    microphone, reason, refusals = open_virtual_microphone("off")
    assert isinstance(microphone, NoMicrophone)
    assert reason == "no program hears the voice: the virtual microphone is off"
    assert refusals == ()


@pytest.mark.skipif(sys.platform != "linux", reason="sound servers are Linux's")
def test_without_a_sound_server_it_says_so_and_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/none")
    microphone, reason, refusals = open_virtual_microphone()
    assert microphone.backend == "none"
    assert reason.startswith("no program hears the voice: sound server: ")
    assert "Start PipeWire" in reason
    assert len(refusals) == 1


@pytest.mark.device
@pytest.mark.parametrize("kind", KINDS)
def test_on_a_sound_server_programs_get_a_microphone_by_its_name(kind):
    with audio_server(kind) as server, server.here():
        microphone, reason, refusals = open_virtual_microphone()
        assert microphone.name == MICROPHONE_NAME
        assert MICROPHONE_NAME in reason
        assert refusals == ()
        assert MICROPHONE_NAME in server.descriptions().values()
        microphone.close()


def test_nobody_still_hears_at_the_pace_of_a_device():
    clock = ManualClock(auto=True)
    microphone = NoMicrophone("", clock)
    for _ in range(300):
        microphone.play(np.zeros(RATE // 100, np.float32))
    assert clock.now() == pytest.approx(3.0, abs=0.03)


def test_who_was_late_for_a_moment_catches_up_and_a_long_absence_is_forgotten():
    clock = ManualClock(auto=True)
    pace = Pace(clock, lead=0.0)
    pace.wait(RATE // 10)
    clock.advance(0.05)
    pace.wait(RATE // 10)
    assert clock.now() == pytest.approx(0.2)
    clock.advance(5.0)
    pace.wait(RATE // 10)
    assert clock.now() == pytest.approx(5.3)
