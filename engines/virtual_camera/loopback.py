"""The virtual camera on Linux that every program sees: a v4l2loopback device."""

import contextlib
import os

from core.devices import CAMERA_NAME, SIZE, DeviceLost, Image
from core.errors import DeviceUnavailable
from engines.virtual_camera.fed import FedCamera
from engines.virtual_camera.holders import Readers, has_writer, is_written, programs
from engines.virtual_camera.v4l2 import (
    Form,
    Loopback,
    agreed,
    forbidden,
    form,
    look,
    loopbacks,
    make_writable,
)

BACKEND = "v4l2loopback"
_FORM = Form(*SIZE, "YU12")
_LOOK_EVERY = 30
_SET_UP = "packaging/linux/install sets it up (it asks for the administrator's password)"


class LoopbackCamera(FedCamera):
    """Feeds the device at a path; without one, the device that is called "Translated Camera".
    DeviceUnavailable says what to do."""

    def __init__(self, path: str | None = None) -> None:
        device = _ready(path or _ours())
        super().__init__(BACKEND, device.path, device.name)
        try:
            _accepted(device.path)
        except DeviceUnavailable:
            self.close()
            raise
        self._readers = Readers(device.path)
        self._sent = 0

    def send(self, image: Image) -> None:
        self._sent += 1
        # A failed write is only printed by pyvirtualcam.
        if self._sent % _LOOK_EVERY == 0 and not os.path.exists(self.device):
            raise DeviceLost(f"{self.device} is gone: the module v4l2loopback was unloaded.")
        super().send(image)

    @property
    def watched(self) -> bool | None:
        return self._readers.watched


def _ours() -> str:
    found = loopbacks()
    for device in found:
        if device.name == CAMERA_NAME:
            return device.path
    if closed := forbidden():
        raise DeviceUnavailable(f"{closed[0]} may not be opened by this user. {_join_group()}")
    if found:
        others = ", ".join(f"{device.path} ({device.name})" for device in found)
        raise DeviceUnavailable(
            f"No v4l2loopback device is called “{CAMERA_NAME}”. There is {others}: it can be "
            f"chosen by its path, or {_SET_UP}."
        )
    raise DeviceUnavailable(
        f"There is no v4l2loopback device. Install v4l2loopback-dkms; {_SET_UP}."
    )


def _ready(path: str) -> Loopback:
    """The device, free and able to take our pictures."""
    device = _look(path)
    if has_writer(path) or (device.capture and is_written(path)):
        raise DeviceUnavailable(
            f"{path} is in use: {programs(path) or 'another program'} feeds it. "
            "End that program, or choose another device."
        )
    if not device.output:
        make_writable(path)
        device = _look(path)
    if not device.output:
        raise DeviceUnavailable(
            f"{path} takes no pictures; {programs(path) or 'another program'} holds it. "
            "End that program, or load v4l2loopback anew: modprobe -r v4l2loopback; "
            "modprobe v4l2loopback"
        )
    _same_form(path)
    return device


def _same_form(path: str) -> None:
    """Who reads the device goes on expecting what came first, and pyvirtualcam does not notice.
    One without a size was never sent anything: nobody can hold it to that."""
    try:
        found = agreed(path, _FORM)
    except OSError as exc:
        raise DeviceUnavailable(f"{path} is in use or broken: {exc.strerror}.") from exc
    if found.width and found.height:
        _refuse_other(path, found)


def _accepted(path: str) -> None:
    """What a device without a size has become. Later versions tell nobody but its writer."""
    with contextlib.suppress(OSError):
        _refuse_other(path, form(path))


def _refuse_other(path: str, found: Form) -> None:
    if found != _FORM:
        raise DeviceUnavailable(
            f"{path} is held at {found} by {programs(path) or 'a program'} that reads it; "
            f"pictures of {_FORM} would arrive garbled. "
            "Switch the camera off there, and on again later."
        )


def _look(path: str) -> Loopback:
    try:
        device = look(path)
    except FileNotFoundError:
        raise DeviceUnavailable(f"There is no device {path}.") from None
    except PermissionError:
        raise DeviceUnavailable(f"{path} may not be opened by this user. {_join_group()}") from None
    except OSError as exc:
        raise DeviceUnavailable(f"{path} is in use or broken: {exc.strerror}.") from exc
    if device is None:
        raise DeviceUnavailable(f"{path} is a real camera or no camera, not v4l2loopback's.")
    return device


def _join_group() -> str:
    return "Join the group video (sudo usermod -aG video $USER), then log out and in again."
