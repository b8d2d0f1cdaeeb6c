"""A camera of a real kernel: user-mode Linux with v4l2loopback, fed and followed there."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[3]
UML = ROOT / "packaging/linux/uml"
OPTIONS = (
    'options v4l2loopback devices=1 video_nr=10 exclusive_caps=1 max_buffers=2 card_label="{}"\n'
)

pytestmark = [pytest.mark.device, pytest.mark.slow]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What `kernel_camera.py` saw there."""
    where = subprocess.run([UML / "build", "--where"], capture_output=True, text=True)
    if where.returncode:
        pytest.skip(where.stderr.strip())
    folder = tmp_path_factory.mktemp("kernel")
    (folder / "options").write_text(OPTIONS.format("Studio Camera"))
    command = f"cd {ROOT} && {sys.executable} -m tests.engines.camera.kernel_camera"
    words = [UML / "run", "-t", "200", "-o", folder / "options", folder / "out", command]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_before_it_is_there_its_absence_is_told(told):
    assert told["before"].startswith("There is no camera called Studio Camera.")


def test_it_is_found_with_its_mode_when_it_comes(told):
    assert [1280, 720, 30.0] in told["modes"]


@pytest.mark.parametrize("time", ["first", "second"])
def test_its_pictures_come_in_order_next_to_none_left_out(told, time):
    numbers = told[time]["numbers"][10:]
    assert len(numbers) == 50
    steps = np.diff(numbers)
    assert steps.min() >= 1
    assert np.mean(steps == 1) > 0.8, "on one emulated processor for writer and reader"


def test_its_pictures_are_fresh_and_carry_the_moment_at_which_they_were_taken(told):
    assert told["first"]["lag"] < 2 / 30
    assert 0 <= told["first"]["age"] < 0.02


def test_when_its_pictures_end_that_is_told_and_it_is_found_again(told):
    reasons = ("The camera Studio Camera gives no", "The camera Studio Camera was unplugged")
    assert told["gone"].startswith(reasons)
    assert told["second"]["numbers"]
