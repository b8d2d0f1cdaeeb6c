"""All checks together: none takes the others down, and the exit code says whether it runs."""

import sys
from types import SimpleNamespace

import pytest

from app.doctor.look import SUBJECTS, MachineDoctor, exit_code
from core.findings import Doctor, Finding, State
from tests.machines import (
    CAMERA,
    LOOPBACK,
    MICROPHONE,
    SERVER,
    FakeProbes,
    FakeSystem,
    fake,
)

OK = Finding("a", State.OK, "good")


def subject(monkeypatch, name, check):
    monkeypatch.setitem(sys.modules, f"app.doctor.{name}", SimpleNamespace(check=check))
    return name


def test_a_check_that_crashes_is_a_finding_and_the_next_one_is_made(monkeypatch):
    def crash(machine):
        yield OK
        raise RuntimeError("the driver is haunted")

    names = [subject(monkeypatch, "first", crash), subject(monkeypatch, "second", lambda m: [OK])]
    found = MachineDoctor(fake(), names).findings()
    assert [one.state for one in found] == [State.OK, State.TROUBLE, State.OK]
    assert "the driver is haunted" in found[1].says


def test_a_package_that_a_check_needs_is_named(monkeypatch):
    def lacking(machine):
        raise ModuleNotFoundError("No module named 'soxr'", name="soxr")

    (found,) = MachineDoctor(fake(), [subject(monkeypatch, "any", lacking)]).findings()
    assert found.says == "It could not be looked at: the Python module soxr is missing."


def test_a_subject_that_cannot_even_be_imported_is_a_finding():
    (found,) = MachineDoctor(fake(), ["nowhere"]).findings()
    assert found.state is State.TROUBLE
    assert "nowhere" in found.name


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin", "freebsd14"])
def test_where_everything_is_missing_each_check_still_says_something(
    platform, tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    found = MachineDoctor(fake({"platform": platform})).findings()
    assert not [one for one in found if one.name.startswith("Check of")]
    assert exit_code(found) == 6
    assert len({one.name for one in found}) == len(found)
    assert all(one.says.strip() for one in found)


def test_the_same_without_any_device_library(monkeypatch):
    class Bare(FakeProbes):
        def __getattribute__(self, name):
            if name in ("close", "__class__", "__dict__", "done"):
                return object.__getattribute__(self, name)
            raise ImportError(f"no module for {name}")

    from app.devices.machine import Machine
    from core.config import Config

    found = MachineDoctor(Machine(Config(), FakeSystem(), Bare())).findings()
    broken = [one for one in found if one.name.startswith("Check of")]
    assert broken
    assert all(one.state is State.TROUBLE for one in broken)
    assert {one.name for one in found} >= {"Processor", "Memory", "Disk"}


def test_a_machine_with_everything_can_run_and_has_no_troubles(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    machine = fake(
        {
            "texts": {
                "/sys/module/v4l2loopback/parameters/exclusive_caps": "Y,N",
                "/sys/module/v4l2loopback/parameters/video_nr": "10,-1",
            },
            "versions": {"PySide6-Essentials": "6.9"},
        },
        {
            "camera_list": [CAMERA],
            "microphone_list": [MICROPHONE],
            "server": SERVER,
            "loopback_list": (LOOPBACK,),
            "reached": {"en": frozenset({"es"})},
        },
    )
    found = MachineDoctor(machine).findings()
    assert exit_code(found) == 0
    assert [one for one in found if one.state is State.TROUBLE] == []


def test_without_a_machine_given_each_look_takes_the_settings_as_they_are_then(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = tmp_path / "translated-camera/settings.toml"
    path.parent.mkdir()
    doctor = MachineDoctor(subjects=["microphone"])
    for source in ("demo", "tone"):
        path.write_text(f'[devices]\nmicrophone = "{source}"\n')
        (found,) = doctor.findings()
        assert source in found.says


def test_a_missing_device_outweighs_a_missing_engine():
    found = [OK, Finding("b", State.TROUBLE, "", code=5), Finding("c", State.TROUBLE, "", code=6)]
    assert exit_code(found) == 6
    assert exit_code(found[:2]) == 5
    assert exit_code(found[:1]) == 0


def test_what_was_started_to_look_is_ended_even_when_nobody_mends():
    machine = fake()
    MachineDoctor(machine, ["fonts"]).findings()
    assert machine.probes.done == ["closed"]


def test_mending_says_what_came_of_it_and_never_raises():
    machine = fake({"programs": {"pulseaudio"}})
    doctor: Doctor = MachineDoctor(machine, ["sound"])
    assert "Done: pulseaudio --start" in doctor.mend("Sound server")
    assert machine.system.performed == [(("pulseaudio", "--start"), False)]
    assert "nothing that can be done" in doctor.mend("Unheard of")


def test_a_fix_that_fails_is_a_sentence(monkeypatch):
    machine = fake({"programs": {"pulseaudio"}})
    from core.errors import TranslatedCameraError

    def refuse(*command, root=False):
        raise TranslatedCameraError("It will not.")

    monkeypatch.setattr(machine.system, "perform", refuse)
    assert MachineDoctor(machine, ["sound"]).mend("Sound server") == "It will not."


def test_every_subject_has_its_module():
    from importlib import import_module

    assert all(callable(import_module(f"app.doctor.{name}").check) for name in SUBJECTS)
