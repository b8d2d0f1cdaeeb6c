from dataclasses import replace

import pytest

from core.errors import DeviceUnavailable
from engines.virtual_camera import loopback
from engines.virtual_camera.v4l2 import Form, Loopback

READY = Loopback("/dev/video10", "Translated Camera", (6, 1, 0), capture=False, output=True)
STUCK = replace(READY, output=False)
FED = replace(READY, capture=True, output=False)


class Machine:
    """What the functions that look at the machine answer."""

    def __init__(self) -> None:
        self.devices: tuple[Loopback, ...] = (READY,)
        self.closed: tuple[str, ...] = ()
        self.cured = True
        self.cures = 0
        self.fed = False
        self.form = Form(1280, 720, "YU12")
        self.programs = "zoom"

    def look(self, path: str) -> Loopback | None:
        return next((device for device in self.devices if device.path == path), None)

    def make_writable(self, path: str) -> None:
        self.cures += 1
        if self.cured:
            self.devices = tuple(replace(device, output=True) for device in self.devices)


@pytest.fixture
def machine(monkeypatch):
    machine = Machine()
    answers = {
        "loopbacks": lambda: machine.devices,
        "forbidden": lambda: machine.closed,
        "look": machine.look,
        "make_writable": machine.make_writable,
        "is_written": lambda path: machine.fed,
        "has_writer": lambda path: False,
        "agreed": lambda path, wanted: machine.form,
        "programs": lambda path: machine.programs,
    }
    for name, answer in answers.items():
        monkeypatch.setattr(loopback, name, answer)
    return machine


def refusal(path: str | None = None) -> str:
    with pytest.raises(DeviceUnavailable) as caught:
        loopback._ready(path or loopback._ours())
    return str(caught.value)


def test_the_device_with_our_name_is_taken_among_others(machine):
    other = replace(READY, path="/dev/video2", name="OBS Virtual Camera")
    machine.devices = (other, READY)
    assert loopback._ready(loopback._ours()) == READY
    assert machine.cures == 0


def test_a_device_that_forgot_its_output_side_is_cured(machine):
    machine.devices = (STUCK,)
    assert loopback._ready("/dev/video10").output
    assert machine.cures == 1


def test_a_device_that_is_fed_is_left_to_its_program_and_not_cured(machine):
    machine.devices, machine.fed = (FED,), True
    assert refusal() == (
        "/dev/video10 is in use: zoom feeds it. End that program, or choose another device."
    )
    assert machine.cures == 0


def test_an_old_reader_of_the_right_size_does_not_matter(machine):
    machine.devices = (FED,)
    assert loopback._ready("/dev/video10").output


@pytest.mark.parametrize("device", [FED, READY], ids=["0.12", "0.13"])
def test_an_old_reader_of_another_size_is_named_with_what_to_do(machine, device):
    """Later versions of v4l2loopback show themselves as an output again all the same."""
    machine.devices, machine.form = (device,), Form(640, 480, "YUYV")
    said = refusal()
    assert "held at 640x480 YUYV by zoom" in said
    assert "Switch the camera off there" in said


def test_a_device_that_has_no_size_yet_is_held_by_nobody(machine):
    """As with exclusive_caps=0, where one that was never written to may look like a camera."""
    machine.devices = (replace(READY, capture=True),)
    machine.form = Form(0, 0, "BGR4")
    assert loopback._ready("/dev/video10").output


@pytest.mark.parametrize("stays", [Form(0, 0, "BGR4"), Form(640, 480, "YU12")])
def test_a_device_that_does_not_take_our_size_is_refused_and_left(machine, monkeypatch, stays):
    closed = []

    def opened(self, *about):
        self.device = "/dev/video10"

    monkeypatch.setattr(loopback.FedCamera, "__init__", opened)
    monkeypatch.setattr(loopback.FedCamera, "close", lambda self: closed.append(self))
    monkeypatch.setattr(loopback, "form", lambda path: stays)
    machine.form = Form(0, 0, "BGR4")
    with pytest.raises(DeviceUnavailable, match=f"held at {stays}"):
        loopback.LoopbackCamera("/dev/video10")
    assert len(closed) == 1


def test_a_device_that_does_not_tell_its_form_is_refused_with_a_sentence(machine, monkeypatch):
    def agreed(path: str, wanted: Form) -> Form:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(loopback, "agreed", agreed)
    assert refusal() == "/dev/video10 is in use or broken: Invalid argument."


def test_a_device_that_cannot_be_cured_says_how_to_load_it_anew(machine):
    machine.devices, machine.cured = (STUCK,), False
    assert "modprobe -r v4l2loopback" in refusal()


def test_without_any_device_it_says_what_to_install(machine):
    machine.devices = ()
    assert "Install v4l2loopback-dkms" in refusal()


def test_a_device_of_another_name_is_offered_by_its_path(machine):
    machine.devices = (replace(READY, name="OBS Virtual Camera"),)
    assert "/dev/video10 (OBS Virtual Camera)" in refusal()


def test_a_device_that_this_user_may_not_open_says_which_group_to_join(machine):
    machine.devices, machine.closed = (), ("/dev/video10",)
    assert "group video" in refusal()


def test_a_real_camera_is_not_written_to(machine):
    machine.devices = ()
    assert "is a real camera or no camera" in refusal("/dev/video0")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FileNotFoundError(2, "No such file"), "There is no device /dev/video10."),
        (PermissionError(13, "Permission denied"), "group video"),
        (OSError(16, "Device or resource busy"), "is in use or broken: Device or resource busy"),
    ],
)
def test_what_the_system_says_becomes_a_sentence(machine, monkeypatch, error, said):
    def look(path: str) -> Loopback:
        raise error

    monkeypatch.setattr(loopback, "look", look)
    assert said in refusal("/dev/video10")
