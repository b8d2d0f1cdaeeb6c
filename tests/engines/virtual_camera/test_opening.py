import subprocess
import sys

import numpy as np
import pytest

from core.devices import SIZE
from core.errors import DeviceUnavailable, UsageError
from engines.virtual_camera import opening
from engines.virtual_camera.opening import NoCamera, open_virtual_camera, ways

PICTURE = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)


class Works:
    def __init__(self, backend: str, device: str = "") -> None:
        self.backend, self.device, self.name = backend, device, "Translated Camera"


@pytest.fixture
def machine(monkeypatch):
    """A Linux on which the ways named in the returned set work."""
    working: set[str] = set()

    def open_(way: str, *device: str):
        if way not in working:
            raise DeviceUnavailable(f"No {way} here. Install it.")
        return Works(way, *device)

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(opening, "_open", open_)
    return working


def test_v4l2loopback_comes_before_pipewire(machine):
    machine.update(("pipewire", "v4l2loopback"))
    opened = open_virtual_camera()
    assert opened.camera.backend == "v4l2loopback"
    assert not opened.refusals


def test_pipewire_is_taken_where_there_is_no_v4l2loopback_and_both_reasons_are_told(machine):
    machine.add("pipewire")
    opened = open_virtual_camera("auto")
    assert opened.camera.backend == "pipewire"
    assert opened.refusals == ("v4l2loopback: No v4l2loopback here. Install it.",)
    assert "camera portal" in opened.reason
    assert "No v4l2loopback here" in opened.reason


def test_where_nothing_works_there_is_the_preview_with_every_reason(machine):
    opened = open_virtual_camera("auto")
    assert isinstance(opened.camera, NoCamera)
    assert [refusal.split(":")[0] for refusal in opened.refusals] == ["v4l2loopback", "pipewire"]
    assert all(refusal in opened.reason for refusal in opened.refusals)


def test_a_way_that_was_asked_for_by_name_is_the_only_one_tried(machine):
    machine.add("v4l2loopback")
    with pytest.raises(DeviceUnavailable, match="No pipewire here"):
        open_virtual_camera("pipewire")


def test_a_path_is_a_device_of_v4l2loopback(machine):
    machine.add("v4l2loopback")
    camera = open_virtual_camera("/dev/video7").camera
    assert (camera.backend, camera.device) == ("v4l2loopback", "/dev/video7")


def test_off_opens_nothing(machine):
    machine.add("v4l2loopback")
    assert isinstance(open_virtual_camera("off").camera, NoCamera)


def test_what_there_is_not_is_a_mistake_of_the_user_and_what_there_is_is_listed():
    with pytest.raises(UsageError, match="'snapcam'; there are auto, off"):
        open_virtual_camera("snapcam")


@pytest.mark.parametrize(
    ("platform", "expected"),
    [("linux", ("v4l2loopback", "pipewire")), ("win32", ("unitycapture", "obs")),
     ("darwin", ("obs",))],
)  # fmt: skip
def test_each_system_has_ways_of_its_own(monkeypatch, platform, expected):
    monkeypatch.setattr(sys, "platform", platform)
    assert ways() == expected


def test_no_camera_takes_pictures_and_says_that_nobody_sees_them():
    camera = NoCamera()
    camera.send(PICTURE)
    camera.close()
    assert (camera.name, camera.backend, camera.watched) == ("none", "none", False)


def test_nothing_here_brings_licences_together_that_do_not_mix():
    """pyvirtualcam only when a camera is opened, and the Apache-2.0 libraries never."""
    script = (
        "import pkgutil, importlib, sys, engines.virtual_camera as package\n"
        "for module in pkgutil.iter_modules(package.__path__):\n"
        "    importlib.import_module(f'engines.virtual_camera.{module.name}')\n"
        "from engines.virtual_camera.slate import slate\n"
        "slate('No camera')\n"
        "assert 'pyvirtualcam' not in sys.modules\n"
        "import pyvirtualcam\n"
        "print([n for n in ('cv2', 'openvino', 'mediapipe', 'onnxruntime') if n in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
