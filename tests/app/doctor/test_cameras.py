"""No camera, one that may not be used, a busy one, a poor one."""

from dataclasses import replace

import pytest

from app.doctor.cameras import BUSY, CAMERA, MODE, PERMISSION, check
from app.system import Answer
from core.devices import CameraMode
from core.findings import State
from tests.machines import CAMERA as LENS
from tests.machines import OUR_CAMERA, fake, named


def looked(*infos, system=None, users=(), **settings):
    machine = fake(system, {"camera_list": infos, "camera_users": users}, **settings)
    return list(check(machine)), machine


@pytest.mark.parametrize("infos", [(), (OUR_CAMERA,)])
def test_without_a_camera_the_voice_still_goes_on(infos):
    (found,), _ = looked(*infos)
    assert (found.state, found.code) == (State.TROUBLE, 0)
    assert "slate" in found.says


def test_a_good_one_is_well():
    found, _ = looked(LENS)
    assert [one.state for one in found] == [State.OK, State.OK]
    assert named(found, MODE).says == "1280x720 at 30 pictures a second."


def test_one_with_trouble_says_it():
    found, _ = looked(replace(LENS, trouble="The camera Lens is used by another program."))
    assert named(found, CAMERA).state is State.TROUBLE


def test_devices_that_may_not_be_used_are_opened_to_the_user_by_their_group():
    system = {"texts": {"/dev/video0": ""}, "closed": {"/dev/video0"}}
    found, machine = looked(system=system)
    named(found, PERMISSION).fix.act()
    assert machine.system.performed == [(("usermod", "-aG", "video", "ann"), True)]


def test_a_group_joined_a_moment_ago_wants_a_new_login():
    system = {
        "texts": {"/dev/video0": ""},
        "closed": {"/dev/video0"},
        "answers": {"id -nG ann": Answer(0, "ann video\n")},
    }
    one = named(looked(system=system)[0], PERMISSION)
    assert "log out and in again" in one.says
    assert one.fix is None


def test_nobody_is_made_a_member_of_root():
    system = {"texts": {"/dev/video0": ""}, "closed": {"/dev/video0"}, "group": "root"}
    one = named(looked(system=system)[0], PERMISSION)
    assert one.fix is None


def test_who_holds_the_camera_is_named():
    one = named(looked(LENS, users=("zoom",))[0], BUSY)
    assert one.state is State.HINT
    assert "zoom" in one.says


@pytest.mark.parametrize(
    ("mode", "part"),
    [
        (CameraMode(1280, 720, 5.0, "YUYV"), "jerk"),
        (CameraMode(320, 240, 30.0, "YUYV"), "coarse"),
    ],
)
def test_a_poor_picture_is_a_hint(mode, part):
    one = named(looked(replace(LENS, modes=(mode,)))[0], MODE)
    assert one.state is State.HINT
    assert part in one.says


def test_a_camera_that_does_not_tell_its_modes_is_not_judged():
    found, _ = looked(replace(LENS, modes=()))
    assert [one.name for one in found] == [CAMERA]


def test_one_that_is_not_there_is_replaced_and_that_is_said():
    found, _ = looked(LENS, devices__camera="Studio")
    assert "Lens is taken meanwhile" in named(found, CAMERA).says


def test_who_takes_the_demo_needs_none():
    found, _ = looked(devices__camera="demo")
    assert named(found, CAMERA).good
