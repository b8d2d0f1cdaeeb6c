"""The user's own output on real sound servers, and which ones are refused."""

from collections.abc import Iterator

import numpy as np
import pytest

from core.devices import RATE
from engines.headphones.followed import FollowedOutput
from engines.headphones.listing import outputs
from tests.audio_analysis import find, word
from tests.audio_servers import KINDS, AudioServer, audio_server, wait_until

pytestmark = pytest.mark.device
WORD = np.concatenate([word(7, 0.3), np.zeros(RATE // 10, np.float32)])


one_kind = pytest.mark.parametrize("server", ["pulseaudio"], indirect=True)
"""For what is decided here and not by the server."""


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest) -> Iterator[AudioServer]:
    with audio_server(request.param) as server, server.here():
        yield server


def plug(server: AudioServer, name: str, title: str) -> None:
    described = f"sink_properties='device.description=\"{title}\"'"
    server.pactl("load-module", "module-null-sink", f"sink_name={name}", described)


def said(output: FollowedOutput, server: AudioServer, sink: str) -> bool:
    """Whether what is played comes out there; again, where a busy machine has cut it."""
    with server.record(f"{sink}.monitor") as recording:
        for _ in range(8):
            for at in range(0, len(WORD), 960):
                output.play(WORD[at : at + 960])
            found = find(recording.samples, WORD[: 3 * RATE // 10])
            if found is not None and found.likeness > 0.8:
                return True
    return False


def test_it_is_heard_in_the_output_of_the_users_choice_and_nowhere_else(server):
    plug(server, "usb", "USB Headset")
    output = FollowedOutput("headset")
    with server.record("speakers.monitor") as others:
        wait_until(lambda: output.device.works, "the headset")
        assert output.device.name == "USB Headset"
        assert said(output, server, "usb")
        assert not others.samples.any()
    output.close()


def test_the_second_of_two_outputs_of_one_name_can_be_chosen(server):
    plug(server, "left", "USB Headset")
    plug(server, "right", "USB Headset")
    names = {one.name: one.id for one in outputs()}
    assert {names["USB Headset"], names["USB Headset (2)"]} == {"left", "right"}


def test_by_default_it_goes_with_the_systems_output(server):
    output = FollowedOutput()
    wait_until(lambda: output.device.name == "Speakers", "the default")
    plug(server, "usb", "USB Headset")
    server.pactl("set-default-sink", "usb")
    wait_until(lambda: output.device.name == "USB Headset", "the other default")
    assert said(output, server, "usb")
    output.close()


def test_a_headset_that_is_pulled_out_is_replaced_and_taken_again(server):
    described = "sink_properties='device.description=\"USB Headset\"'"
    words = ("load-module", "module-null-sink", "sink_name=usb", described)
    module = server.pactl(*words).strip()
    output = FollowedOutput("USB Headset")
    wait_until(lambda: output.device.name == "USB Headset", "the headset")
    server.pactl("unload-module", module)
    wait_until(lambda: output.device.name == "Speakers", "the other output")
    output.play(WORD[:960])
    assert "unplugged" in output.device.says
    server.pactl(*words)
    wait_until(lambda: output.device.name == "USB Headset", "the headset being back")
    output.close()


@one_kind
def test_an_output_that_the_meeting_hears_is_refused(server):
    plug(server, "outgoing", "Translated Camera voice")
    for wanted in ("Translated Camera voice", "Fake hardware feed"):  # the microphone hears that
        output = FollowedOutput(wanted)
        wait_until(lambda output=output: "go round in circles" in output.device.says, "refusal")
        assert output.device.name == "Speakers"
        output.close()


@one_kind
def test_with_another_microphone_its_loudspeaker_is_refused(server):
    assert {one.id for one in outputs("speakers.monitor") if one.ours} == {"speakers"}
    assert {one.id for one in outputs() if one.ours} == {"fake_hardware_feed"}


def test_without_any_output_the_pace_is_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    output = FollowedOutput()
    for _ in range(3):
        output.play(WORD[:960])
    assert not output.device.works
    output.close()
