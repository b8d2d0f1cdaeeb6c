"""Which virtual devices meeting programs would get, told without opening one."""

from dataclasses import replace

import pytest

from app.devices.overview import overview
from app.devices.sound_server import VIRTUAL_SOURCE, VOICE_SINK, End
from app.devices.virtual import camera_ways, microphone_ways, pipewire_runs, taken
from tests.machines import HEADSET, LOOPBACK, READER, SERVER, SPEAKERS, WRITER, fake

SOCKET = {"sockets": {"/run/user/1/pipewire-0"}, "variables": {"XDG_RUNTIME_DIR": "/run/user/1"}}
FED = replace(LOOPBACK, capture=True, output=False)
SOURCE, SINK = End(VIRTUAL_SOURCE, "Translated Microphone"), End(VOICE_SINK, "voice")


def camera(system=None, **probes):
    ways = camera_ways(fake(system, probes))
    return ways, taken(ways, "auto")


def test_the_kernel_module_comes_before_pipewire():
    _, one = camera(SOCKET, loopback_list=(LOOPBACK,), compiled=True)
    assert (one.way, one.name, one.here) == ("v4l2loopback", "/dev/video10", False)


def test_without_it_pipewire_is_taken_and_the_reason_is_kept():
    ways, one = camera(SOCKET, compiled=True)
    assert one.way == "pipewire"
    assert ways[0].says == "There is no v4l2loopback device."


@pytest.mark.parametrize(
    ("system", "compiled", "part"),
    [(SOCKET, False, "not compiled"), ({}, True, "not running")],
)
def test_without_either_there_is_none(system, compiled, part):
    ways, one = camera(system, compiled=compiled)
    assert one is None
    assert part in ways[1].says


def test_a_device_that_another_program_feeds_is_not_taken():
    ways, one = camera(loopback_list=(FED,), written=True, holder_list=(WRITER, READER))
    assert one is None
    assert ways[0].says == "It is fed by obs at this moment."
    assert ways[0].users == ("chromium",)


def test_one_that_our_own_session_feeds_is_the_one_that_is_taken():
    _, one = camera(loopback_list=(FED,), written=True, session=True, holder_list=(READER,))
    assert one.here
    assert one.users == ("chromium",)


def test_a_device_of_another_name_is_named():
    other = replace(LOOPBACK, name="OBS")
    ways, _ = camera(loopback_list=(other,))
    assert "/dev/video10 (OBS)" in ways[0].says


def test_a_device_that_may_not_be_opened_is_named():
    ways, _ = camera(forbidden_list=("/dev/video10",))
    assert "may not open /dev/video10" in ways[0].says


def test_who_reads_the_pipewire_camera_is_told():
    _, one = camera(SOCKET, compiled=True, seen=(True, ("Firefox",)))
    assert (one.here, one.users) == (True, ("Firefox",))


@pytest.mark.parametrize(
    ("variables", "socket"),
    [
        ({"PIPEWIRE_RUNTIME_DIR": "/a", "XDG_RUNTIME_DIR": "/b"}, "/a/pipewire-0"),
        ({"XDG_RUNTIME_DIR": "/b", "PIPEWIRE_REMOTE": "other"}, "/b/other"),
        ({}, "/run/pipewire/pipewire-0"),
    ],
)
def test_pipewire_is_looked_for_where_its_clients_do(variables, socket):
    assert pipewire_runs(fake({"variables": variables, "sockets": {socket}}))
    assert not pipewire_runs(fake({"variables": variables}))


def test_on_other_systems_only_opening_tells():
    ways = camera_ways(fake({"platform": "win32"}))
    assert [one.way for one in ways] == ["unitycapture", "obs"]
    assert taken(ways, "auto").ready is None


def test_the_virtual_microphone_is_made_where_there_is_a_server():
    (way,) = microphone_ways(fake({}, {"server": SERVER}))
    assert (way.ready, way.here) == (True, False)


def test_one_that_is_there_tells_who_hears_it():
    heard = replace(SOURCE, users=("Firefox",))
    playing = replace(SINK, users=("Translated Camera",))
    server = replace(SERVER, sources=(HEADSET, heard), sinks=(SPEAKERS, playing))
    (way,) = microphone_ways(fake({}, {"server": server}))
    assert (way.ready, way.here, way.users) == (True, True, ("Firefox",))


def test_one_that_another_program_plays_into_is_not_ready():
    server = replace(SERVER, sources=(SOURCE,), sinks=(replace(SINK, users=("mpv",)),))
    (way,) = microphone_ways(fake({}, {"server": server}))
    assert way.ready is False
    assert "mpv" in way.says


def test_without_a_server_there_is_none():
    found = overview(fake()).virtual_microphone
    assert found.taken is None
    assert "preview only" in found.trouble


@pytest.mark.parametrize(
    ("wanted", "part"), [("off", "switched off"), ("pipewire", "wants pipewire")]
)
def test_what_the_settings_want_is_told_when_it_is_not_had(wanted, part):
    found = overview(fake({}, {"loopback_list": (LOOPBACK,)}, devices__virtual_camera=wanted))
    assert found.virtual_camera.taken is None
    assert part.removeprefix("wants ") in found.virtual_camera.trouble


def test_a_cable_is_found_by_its_name_on_windows():
    machine = fake({"platform": "win32"}, {"outputs": ["CABLE Input (VB-Audio)"]})
    (way,) = microphone_ways(machine)
    assert way.ready
    (way,) = microphone_ways(fake({"platform": "win32"}, {"outputs": ["Speakers"]}))
    assert way.ready is False
