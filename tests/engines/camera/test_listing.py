import errno
from dataclasses import replace
from types import SimpleNamespace

import av
import pytest

from core.devices import CameraInfo, CameraMode
from core.errors import DeviceUnavailable
from engines.camera.listing import choose_camera, linux_cameras, other_cameras
from engines.camera.v4l2 import Node

MODES = (CameraMode(1280, 720, 30.0, "MJPG"),)


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


class Machine:
    """A folder of device files, and what the kernel says of each."""

    def __init__(self, folder):
        self.folder, self.nodes, self.asked = folder, {}, []

    def plug(self, number, card, driver="uvcvideo", modes=MODES):
        path = self.folder / f"video{number}"
        path.write_bytes(b"")
        self.nodes[str(path)] = Node(str(path), card, "usb-1", driver, modes)
        return str(path)

    def refuse(self, number, code):
        path = self.folder / f"video{number}"
        path.write_bytes(b"")
        self.nodes[str(path)] = OSError(code, "refused")

    def unplug(self, number):
        (self.folder / f"video{number}").unlink()

    def cameras(self):
        return linux_cameras(self.folder, self.query, self.folder / "virtual")

    def query(self, path):
        self.asked.append(path)
        if isinstance(self.nodes[path], OSError):
            raise self.nodes[path]
        return self.nodes[path]


def test_cameras_come_by_number_and_what_programs_make_after_them(machine):
    machine.plug(10, "OBS Virtual Camera", driver="v4l2 loopback")
    machine.plug(11, "Translated Camera", driver="v4l2 loopback")
    machine.plug(12, "USB Camera")
    machine.plug(0, "Integrated Camera")
    told = [(info.name, info.ours) for info in machine.cameras()]
    assert told == [
        ("Integrated Camera", False),
        ("USB Camera", False),
        ("OBS Virtual Camera", False),
        ("Translated Camera", True),
    ]


def test_the_kernel_is_asked_again_only_when_something_changed(machine):
    machine.plug(0, "Integrated Camera")
    machine.cameras()
    machine.cameras()
    assert len(machine.asked) == 1
    machine.plug(2, "USB Camera")
    assert [info.name for info in machine.cameras()] == ["Integrated Camera", "USB Camera"]
    machine.unplug(2)
    assert [info.name for info in machine.cameras()] == ["Integrated Camera"]


def test_a_virtual_camera_is_asked_each_time_for_it_comes_with_its_writer(machine):
    path = machine.plug(10, "OBS Virtual Camera", driver="v4l2 loopback")
    (machine.folder / "virtual/video10").mkdir(parents=True)
    fed, machine.nodes[path] = machine.nodes[path], None
    assert machine.cameras() == []
    machine.nodes[path] = fed
    assert [info.name for info in machine.cameras()] == ["OBS Virtual Camera"]


def test_a_stable_name_is_used_where_the_system_gives_one(machine):
    path = machine.plug(0, "USB Camera")
    links = machine.folder / "v4l/by-path"
    links.mkdir(parents=True)
    (links / "pci-usb-0:1").symlink_to(path)
    (info,) = machine.cameras()
    assert info.id == str(links / "pci-usb-0:1")
    assert choose_camera(path, [info]) is info


def test_a_camera_that_may_not_be_used_is_listed_with_the_cure(machine):
    machine.refuse(0, errno.EACCES)
    (info,) = machine.cameras()
    assert "usermod -aG video" in info.trouble


def test_a_file_that_is_no_camera_is_left_out(machine):
    machine.refuse(0, errno.ENOTTY)
    machine.nodes[machine.plug(1, "metadata")] = None
    assert machine.cameras() == []


def test_our_own_camera_is_refused():
    ours = CameraInfo("Translated Camera", "/dev/video10", ours=True)
    with pytest.raises(DeviceUnavailable, match="only go round in circles"):
        choose_camera("Translated Camera", [ours])
    with pytest.raises(DeviceUnavailable, match="only go round in circles"):
        choose_camera("/dev/video10", [ours])
    with pytest.raises(DeviceUnavailable, match="There is no camera"):
        choose_camera("", [ours])


def test_without_a_list_there_is_a_first_camera_to_try():
    assert other_cameras("a system that FFmpeg does not know") == [
        CameraInfo("Camera 0", "0", place=0)
    ]


def test_windows_and_mac_cameras_are_listed_in_opencvs_order_without_microphones(monkeypatch):
    def device(name, kind):
        return SimpleNamespace(name=name, description=name, media_types=[kind])

    there = [
        device("Microphone (BRIO)", "audio"),
        device("BRIO", "video"),
        device("OBS Virtual Camera", "video"),
    ]
    monkeypatch.setattr(av, "enumerate_input_devices", lambda system: there)
    assert other_cameras("dshow") == [
        CameraInfo("BRIO", "BRIO", place=0),
        CameraInfo("OBS Virtual Camera", "OBS Virtual Camera", ours=True, place=1),
    ]


def test_two_windows_cameras_of_one_name_are_told_apart_and_keep_their_names(monkeypatch):
    there = [
        SimpleNamespace(name=name, description=name, media_types=["video"])
        for name in ("Integrated Camera", "BRIO", "BRIO")
    ]
    monkeypatch.setattr(av, "enumerate_input_devices", lambda system: there)
    assert choose_camera("BRIO", other_cameras("dshow")).place == 1
    second = choose_camera("BRIO (2)", other_cameras("dshow"))
    assert second.place == 2
    del there[0]  # what another camera does changes places, not what the cameras are known by
    assert choose_camera("BRIO (2)", other_cameras("dshow")) == replace(second, place=1)


def test_two_linux_cameras_of_one_name_can_be_told_apart(machine):
    machine.plug(0, "BRIO")
    machine.plug(2, "BRIO")
    names = [info.name for info in machine.cameras()]
    assert names == ["BRIO", "BRIO (2)"]
