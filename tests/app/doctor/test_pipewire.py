"""The virtual camera without a kernel module: library, server, portal."""

import pytest

from app.doctor.pipewire import CAMERA, PORTAL, SERVER, check
from app.system import Answer
from core.findings import State
from tests.machines import LOOPBACK, fake, named

RUN = {"XDG_RUNTIME_DIR": "/run/user/1", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/x"}
RUNS = {"sockets": {"/run/user/1/pipewire-0"}, "variables": RUN}


def portal(answer):
    system = {**RUNS, "answers": {"gdbus call": answer}, "programs": {"gdbus", "apt-get"}}
    return named(check(fake(system, {"compiled": True})), PORTAL)


def test_where_the_kernel_module_serves_nothing_is_said():
    assert list(check(fake({}, {"loopback_list": (LOOPBACK,)}))) == []


def test_who_chose_pipewire_is_told_even_so():
    machine = fake({}, {"loopback_list": (LOOPBACK,)}, devices__virtual_camera="pipewire")
    assert named(check(machine), CAMERA).state is State.TROUBLE


def test_what_is_not_compiled_is_compiled_where_that_can_be_done():
    answers = {"pkg-config --exists": Answer(0)}
    machine = fake({"answers": answers, "programs": {"gcc", "pkg-config"}})
    found = named(check(machine), CAMERA)
    found.fix.act()
    assert machine.probes.done == ["compiled"]
    assert not found.fix.root


def test_what_compiles_it_is_installed_first():
    found = named(check(fake({"programs": {"apt-get", "gcc"}})), CAMERA)
    assert "libpipewire-0.3-dev" in found.command
    assert found.fix.root


def test_pipewire_that_does_not_run_is_started_where_there_is_systemd():
    system = {"programs": {"pipewire", "systemctl"}, "texts": {"/run/systemd/system": ""}}
    machine = fake(system, {"compiled": True})
    found = list(check(machine))
    assert named(found, SERVER).state is State.TROUBLE
    named(found, SERVER).fix.act()
    assert machine.system.performed == [(("systemctl", "--user", "start", "pipewire"), False)]
    assert not [one for one in found if one.name == PORTAL]


def test_without_systemd_the_command_is_only_told():
    found = named(check(fake({"programs": {"pipewire"}})), SERVER)
    assert (found.fix, found.command) == (None, "systemctl --user start pipewire")


def test_a_portal_with_cameras_is_well():
    assert portal(Answer(0, "(<uint32 1>,)\n")).good


@pytest.mark.parametrize(
    ("err", "state", "part"),
    [
        ("Error: org.freedesktop.DBus.Error.ServiceUnknown: The name", State.TROUBLE, "installed"),
        ("GDBus.Error:UnknownMethod: No such interface “org...Camera”", State.TROUBLE, "offers no"),
        ("Timeout was reached", State.HINT, "cannot be told: Timeout was reached"),
        ("", State.HINT, "gdbus is not installed"),
    ],
)
def test_what_is_wrong_with_the_portal_is_told(err, state, part):
    found = portal(Answer(1, "", err))
    assert found.state is state
    assert part in found.says


def test_without_a_session_bus_nobody_is_asked():
    system = {**RUNS, "variables": {"XDG_RUNTIME_DIR": "/run/user/1"}}
    assert "no D-Bus" in named(check(fake(system, {"compiled": True})), PORTAL).says
