"""The sound server, and what has been made the default on it."""

from dataclasses import replace

import pytest

from app.devices.sound_server import VIRTUAL_SOURCE, VOICE_SINK, End
from app.doctor.sound import DEFAULT_SINK, DEFAULT_SOURCE, SERVER, VIRTUAL, check
from core.errors import DeviceUnavailable
from core.findings import State
from tests.machines import HEADSET, SPEAKERS, fake, named
from tests.machines import SERVER as HERE

OUR_SOURCE = End(VIRTUAL_SOURCE, "Translated Microphone", users=("Firefox",))
OUR_SINK = End(VOICE_SINK, "voice")
MONITOR = End("speakers.monitor", "Monitor", monitor=True)


def looked(server=None, programs=(), **settings):
    machine = fake(
        {"programs": set(programs), "texts": {"/run/systemd/system": ""}},
        {"server": server} if server else {},
        **settings,
    )
    return list(check(machine)), machine


@pytest.mark.parametrize(
    ("programs", "command"),
    [
        (["pipewire-pulse", "systemctl"], "systemctl --user start pipewire wireplumber"),
        (["pulseaudio"], "pulseaudio --start"),
        (["apt-get"], "sudo apt-get install -y pipewire-pulse wireplumber"),
        ([], ""),
    ],
)
def test_a_server_that_does_not_answer_is_started_or_installed(programs, command):
    (found,), _ = looked(None, programs)
    assert found.state is State.TROUBLE
    assert found.command.startswith(command)
    assert (found.fix is not None) == bool(command)


def test_a_missing_client_library_is_installed_rather_than_a_server_started():
    missing = DeviceUnavailable("The sound library libpulse is missing.")
    (found,), _ = looked(missing, ["apt-get", "pulseaudio"])
    assert found.command == "sudo apt-get install -y libpulse0"


def test_a_missing_module_of_python_starts_no_server():
    missing = DeviceUnavailable("The Python module pulsectl is missing.")
    (found,), _ = looked(missing, ["apt-get", "pulseaudio"])
    assert (found.fix, found.command) == (None, "")


def test_a_server_is_named_and_the_microphone_can_be_made():
    found, _ = looked(HERE)
    assert named(found, SERVER).says == "pulseaudio 16.1"
    assert "made when a session starts" in named(found, VIRTUAL).says


def test_who_hears_the_virtual_microphone_is_told():
    server = replace(HERE, sinks=(SPEAKERS, OUR_SINK), sources=(HEADSET, OUR_SOURCE))
    assert "heard by Firefox" in named(looked(server)[0], VIRTUAL).says


def test_another_program_that_plays_into_it_is_named():
    held = replace(OUR_SINK, users=("mpv",))
    server = replace(HERE, sinks=(held,), sources=(OUR_SOURCE,))
    found = named(looked(server)[0], VIRTUAL)
    assert found.state is State.HINT
    assert "mpv" in found.says


def test_our_microphone_as_the_default_is_a_hint_and_the_real_one_takes_its_place():
    server = replace(HERE, default_source=VIRTUAL_SOURCE, sources=(OUR_SOURCE, MONITOR, HEADSET))
    found, machine = looked(server)
    one = named(found, DEFAULT_SOURCE)
    assert one.state is State.HINT
    one.fix.act()
    assert machine.probes.done == ["source headset"]
    assert one.command == "pactl set-default-source headset"


def test_our_sink_as_the_default_is_trouble():
    server = replace(HERE, default_sink=VOICE_SINK, sinks=(OUR_SINK, SPEAKERS))
    one = named(looked(server)[0], DEFAULT_SINK)
    assert one.state is State.TROUBLE
    assert one.command == "pactl set-default-sink speakers"


def test_without_another_device_there_is_nothing_to_set():
    server = replace(HERE, default_source=VIRTUAL_SOURCE, sources=(OUR_SOURCE, MONITOR))
    one = named(looked(server)[0], DEFAULT_SOURCE)
    assert one.fix is None
    assert "no other" in one.says


def test_switched_off_is_said():
    found, _ = looked(HERE, devices__virtual_microphone="off")
    assert "switched off" in named(found, VIRTUAL).says


def test_elsewhere_than_on_linux_nothing_is_asked():
    assert list(check(fake({"platform": "win32"}))) == []
