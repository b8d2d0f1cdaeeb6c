from types import SimpleNamespace

import pytest

from core.devices import CameraInfo, CameraMode, DeviceLost, Shot
from engines.camera import followed
from engines.camera.followed import FollowedCamera

SHOT = Shot(None, 1.0)


class Camera:
    mode = CameraMode(1280, 720, 30.0)

    def __init__(self, info):
        self.info, self.alive, self.closed = info, True, False

    def read(self, timeout):
        if not self.alive:
            raise DeviceLost(f"The camera {self.info.name} was unplugged.")
        return SHOT

    def close(self):
        self.closed = True


@pytest.fixture
def machine(monkeypatch):
    """Two cameras whose plugs the test holds."""
    there = {"BRIO": CameraInfo("BRIO", "usb1"), "Lens": CameraInfo("Lens", "pci1")}
    opened = []

    def open_device(info, mode):
        opened.append(Camera(info))
        return opened[-1]

    monkeypatch.setattr(followed, "cameras", lambda: list(there.values()))
    monkeypatch.setattr(followed, "open_device", open_device)
    return SimpleNamespace(there=there, opened=opened)


def until(camera, name):
    while camera.device.name != name:
        camera.read(0.05)


def test_reading_never_raises_and_the_user_is_told_what_is_shown(machine):
    told = []
    camera = FollowedCamera("BRIO", on_change=told.append)
    until(camera, "BRIO")
    assert camera.read(1.0) is SHOT
    brio = machine.there.pop("BRIO")
    machine.opened[0].alive = False
    assert camera.read(0.0) is None
    until(camera, "Lens")
    assert camera.status == "The camera BRIO was unplugged; Lens is shown until it is back."
    machine.there["BRIO"] = brio
    until(camera, "BRIO")
    assert camera.status == ""
    camera.close()
    assert all(one.closed for one in machine.opened)
    assert [device.name for device in told if device.works] == ["BRIO", "Lens", "BRIO"]


def test_a_source_is_followed_too():
    camera = FollowedCamera("pattern", mode=CameraMode(320, 180, 30.0))
    until(camera, "pattern")
    assert camera.read(1.0).image.shape == (180, 320, 3)
    camera.close()


def test_another_choice_is_taken_up(machine):
    camera = FollowedCamera("BRIO")
    until(camera, "BRIO")
    camera.choose("Lens")
    until(camera, "Lens")
    camera.close()
