"""The doctor on the real v4l2loopback, in a user-mode Linux."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
UML = ROOT / "packaging/linux/uml"
DEVICE = "Virtual camera device"

pytestmark = [pytest.mark.device, pytest.mark.slow]


def booted(folder, options=""):
    where = subprocess.run([UML / "build", "--where"], capture_output=True, text=True)
    if where.returncode:
        pytest.skip(where.stderr.strip())
    words = [UML / "run", "-t", "200"]
    if options:
        (folder / "options").write_text(f"options v4l2loopback {options}\n")
        words += ["-o", folder / "options"]
    command = f"cd {ROOT} && {sys.executable} -m tests.app.doctor.kernel_doctor"
    done = subprocess.run([*words, folder / "out", command], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return booted(tmp_path_factory.mktemp("kernel"))


def test_a_device_that_was_just_loaded_is_well(told):
    assert {one["state"] for name, one in told["fresh"].items() if name != "way"} == {"ok"}
    assert told["fresh"]["way"]["ready"]


def test_a_program_that_feeds_it_is_told_by_its_name(told):
    assert told["fed"][DEVICE]["state"] == "hint"
    assert "is fed by python" in told["fed"][DEVICE]["says"]
    assert told["fed"]["way"]["ready"] is False


def test_when_that_program_was_killed_the_device_is_cured_without_a_reload(told):
    assert told["dead"][DEVICE]["state"] == "hint"
    assert "last writer died" in told["dead"][DEVICE]["says"]
    assert "takes pictures again" in told["said"]
    assert told["mended"][DEVICE]["state"] == "ok"


def test_a_device_without_exclusive_caps_is_trouble(tmp_path):
    options = 'devices=1 video_nr=10 exclusive_caps=0 card_label="Translated Camera"'
    fresh = booted(tmp_path, options)["fresh"]
    assert fresh["exclusive_caps"]["state"] == "trouble"
    assert fresh[DEVICE]["state"] == "ok"


def test_a_device_of_another_name_is_told(tmp_path):
    options = 'devices=1 video_nr=3 exclusive_caps=1 card_label="Studio Camera"'
    fresh = booted(tmp_path, options)["fresh"]
    assert fresh[DEVICE]["state"] == "trouble"
    assert "/dev/video3 (Studio Camera)" in fresh[DEVICE]["says"]
