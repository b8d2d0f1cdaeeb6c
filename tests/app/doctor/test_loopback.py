"""Each way in which v4l2loopback can be amiss, and its cure."""

from dataclasses import replace

import pytest

from app.doctor.loopback import DEVICE, EXCLUSIVE, MODULE, check
from app.doctor.mending import _SET_UP
from app.system import Answer
from core.findings import State
from engines.virtual_camera.v4l2 import Form
from tests.machines import LOOPBACK, READER, WRITER, fake, named

MODULES = {"/proc/sys/kernel/osrelease": "6.1.0-18-amd64\n", "/lib/modules/6.1.0-18-amd64/x": ""}
PARAMETERS = "/sys/module/v4l2loopback/parameters"
LOADED = {f"{PARAMETERS}/exclusive_caps": "Y,N\n", f"{PARAMETERS}/video_nr": "10,-1\n"}
PIPEWIRE = {"compiled": True}
SOCKET = {"sockets": {"/run/user/1/pipewire-0"}, "variables": {"XDG_RUNTIME_DIR": "/run/user/1"}}


def looked(system=None, probes=None, **settings):
    machine = fake(system, probes, **settings)
    return list(check(machine)), machine


def loaded(**probes):
    return looked({"texts": LOADED}, {"loopback_list": (LOOPBACK,), **probes})


@pytest.mark.parametrize(
    ("manager", "package"),
    [
        ("apt-get", "v4l2loopback-dkms"),
        ("dnf", "akmod-v4l2loopback"),
        ("pacman", "v4l2loopback-dkms"),
    ],
)
def test_a_module_that_is_not_installed_is_installed_with_what_the_system_has(manager, package):
    (found,), _ = looked({"texts": MODULES, "programs": {manager}})
    assert (found.name, found.state) == (MODULE, State.TROUBLE)
    assert found.command.startswith(f"sudo {manager}")
    assert package in found.command
    assert found.fix.root


def test_without_any_package_manager_there_is_no_fix_and_it_is_still_said():
    (found,), _ = looked({"texts": MODULES})
    assert found.fix is None
    assert "not installed" in found.says


def test_with_pipewire_instead_it_is_a_hint():
    (found,), _ = looked({"texts": MODULES, **SOCKET}, PIPEWIRE)
    assert found.state is State.HINT
    assert "PipeWire" in found.says


def test_in_a_container_nothing_is_offered_that_cannot_work():
    (found,), _ = looked({"programs": {"apt-get"}})
    assert "on the host" in found.says
    assert found.fix is None


def test_an_installed_module_is_loaded_with_the_name_and_exclusive_caps():
    answers = {"modinfo -n v4l2loopback": Answer(0, "/lib/x.ko")}
    (found,), machine = looked({"texts": MODULES, "answers": answers})
    found.fix.act()
    ((words, root),) = machine.system.performed
    assert root
    assert words[:2] == ("modprobe", "v4l2loopback")
    assert {"exclusive_caps=1", "card_label=Translated Camera", "video_nr=10"} <= set(words)


def test_in_a_checkout_our_own_script_does_all_of_it_after_asking():
    texts = {**MODULES, str(_SET_UP): ""}
    (found,), machine = looked({"texts": texts, "programs": {"apt-get"}})
    assert found.command == f"sudo {_SET_UP}"
    found.fix.act()
    assert machine.system.performed == [((str(_SET_UP),), True)]
    answers = {"modinfo -n v4l2loopback": Answer(0)}
    (found,), _ = looked({"texts": texts, "answers": answers})
    assert found.command == f"sudo {_SET_UP}"


def test_where_our_script_cannot_install_the_module_it_comes_second():
    texts = {**MODULES, str(_SET_UP): ""}
    (found,), _ = looked({"texts": texts, "programs": {"dnf"}})
    assert found.command.startswith("sudo dnf")


def test_options_that_somebody_has_set_up_are_left_to_them():
    texts = {**MODULES, "/etc/modprobe.d/mine.conf": "options v4l2loopback devices=2\n"}
    answers = {"modinfo -n v4l2loopback": Answer(0)}
    (found,), _ = looked({"texts": texts, "answers": answers})
    assert found.command == "sudo modprobe v4l2loopback"


def test_a_number_that_another_device_has_is_not_asked_for():
    texts = {**MODULES, "/dev/video10": ""}
    answers = {"modinfo -n v4l2loopback": Answer(0)}
    (found,), _ = looked({"texts": texts, "answers": answers})
    assert "video_nr" not in found.command


def test_a_device_of_another_name_is_told_and_never_unloaded_by_a_fix():
    other = replace(LOOPBACK, name="OBS")
    found, _ = looked({"texts": LOADED}, {"loopback_list": (other,)})
    device = named(found, DEVICE)
    assert "/dev/video10 (OBS)" in device.says
    assert device.fix is None
    assert "modprobe -r" in device.command


def test_where_a_device_can_be_added_it_is():
    other = replace(LOOPBACK, name="OBS", path="/dev/video3")
    texts = {**LOADED, "/dev/v4l2loopback": ""}
    system = {"texts": texts, "programs": {"v4l2loopback-ctl"}}
    found, machine = looked(system, {"loopback_list": (other,)})
    named(found, DEVICE).fix.act()
    ((words, root),) = machine.system.performed
    assert words[:4] == ("v4l2loopback-ctl", "add", "-n", "Translated Camera")
    assert words[-1] == "/dev/video10"
    assert root


def test_a_device_that_may_not_be_opened_is_not_called_missing():
    found, _ = looked({"texts": LOADED}, {"forbidden_list": ("/dev/video10",)})
    assert "may not be opened" in named(found, DEVICE).says


def test_exclusive_caps_that_are_off_are_trouble_with_a_fix_when_nobody_else_is_there():
    texts = {**LOADED, f"{PARAMETERS}/exclusive_caps": "N,N\n"}
    found, machine = looked({"texts": texts}, {"loopback_list": (LOOPBACK,)})
    one = named(found, EXCLUSIVE)
    assert one.state is State.TROUBLE
    one.fix.act()
    ((words, root),) = machine.system.performed
    assert root
    assert 'exclusive_caps=1 max_buffers=2 card_label="Translated Camera"' in words[2]
    assert "video_nr=10" in words[2]


@pytest.mark.parametrize("probes", [
    {"holder_list": (READER,)},
    {"loopback_list": (LOOPBACK, replace(LOOPBACK, path="/dev/video11", name="Other"))},
])  # fmt: skip
def test_exclusive_caps_are_left_to_a_person_while_others_use_the_module(probes):
    texts = {**LOADED, f"{PARAMETERS}/exclusive_caps": "N,N\n"}
    found, _ = looked({"texts": texts}, {"loopback_list": (LOOPBACK,), **probes})
    assert named(found, EXCLUSIVE).fix is None


def test_the_parameter_of_our_own_device_counts():
    texts = {
        f"{PARAMETERS}/exclusive_caps": "N,Y,N",
        f"{PARAMETERS}/video_nr": "3,10,-1",
    }
    found, _ = looked({"texts": texts}, {"loopback_list": (LOOPBACK,)})
    assert named(found, EXCLUSIVE).good


def test_a_device_whose_writer_died_is_given_its_output_side_back():
    stuck = replace(LOOPBACK, output=False)
    found, machine = loaded(loopback_list=(stuck,))
    one = named(found, DEVICE)
    assert one.state is State.HINT
    one.fix.act()
    assert machine.probes.done == ["writable /dev/video10"]
    assert not one.fix.root


def test_a_stuck_device_that_a_program_holds_is_not_touched():
    found, _ = loaded(loopback_list=(replace(LOOPBACK, output=False),), holder_list=(READER,))
    one = named(found, DEVICE)
    assert (one.state, one.fix) == (State.TROUBLE, None)
    assert "chromium" in one.says


def test_another_program_that_feeds_it_is_named():
    on = replace(LOOPBACK, capture=True)
    found, _ = loaded(loopback_list=(on,), written=True, holder_list=(WRITER,))
    assert "fed by obs" in named(found, DEVICE).says


def test_a_session_of_our_own_that_feeds_it_is_well():
    on = replace(LOOPBACK, capture=True)
    found, _ = loaded(loopback_list=(on,), written=True, session=True)
    assert named(found, DEVICE).good


def test_a_size_that_a_reader_holds_is_trouble():
    on = replace(LOOPBACK, capture=True)
    form = Form(640, 480, "YUYV")
    found, _ = loaded(loopback_list=(on,), held_form=form, holder_list=(READER,))
    one = named(found, DEVICE)
    assert one.state is State.TROUBLE
    assert "chromium" in one.says
    assert "640x480 YUYV" in one.says


@pytest.mark.parametrize("choice", ["off", "pipewire"])
def test_who_does_not_want_it_is_told_nothing_of_it(choice):
    found, _ = looked({}, {}, devices__virtual_camera=choice)
    assert found == []


def test_elsewhere_than_on_linux_there_is_no_such_thing():
    assert looked({"platform": "darwin"})[0] == []
