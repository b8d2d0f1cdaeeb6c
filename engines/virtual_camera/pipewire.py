"""The virtual camera on Linux without a kernel module: a PipeWire node.

Programs that ask the camera portal see it: Firefox, OBS, and Chromium with its PipeWire camera
switched on. PipeWire may come and go; the node comes back with it.
"""

import ctypes
import errno
import logging
import os

import numpy as np
from numpy.typing import NDArray

from core.devices import CAMERA_NAME
from core.errors import DeviceUnavailable
from engines.virtual_camera.fed import FedCamera
from engines.virtual_camera.pipewire_library import load

log = logging.getLogger(__name__)

BACKEND = "pipewire"
_LOST, _READ = 0, 2


class PipeWireBackend:
    """What pyvirtualcam asks of a backend. `device` is the camera's name; pictures are RGB."""

    def __init__(
        self,
        *,
        width: int,
        height: int,
        fps: float,
        fourcc: int,
        device: str | None = None,
        **_: object,
    ) -> None:
        if fourcc != _fourcc("raw "):
            raise ValueError("The PipeWire camera takes RGB pictures only.")
        self._name = device or CAMERA_NAME
        self._library = load()
        self._camera = self._library.translated_camera_open(
            self._name.encode(), width, height, round(fps)
        )
        if not self._camera:
            raise DeviceUnavailable(_refusal(ctypes.get_errno()))
        self._lost = False

    @property
    def state(self) -> int:
        return int(self._library.translated_camera_state(self._camera)) if self._camera else _LOST

    def send(self, frame: NDArray[np.uint8]) -> None:
        """While PipeWire is away this does nothing."""
        state = self._library.translated_camera_send(self._camera, frame.ctypes.data)
        if (state == _LOST) != self._lost:
            self._lost = state == _LOST
            log.warning("PipeWire is gone; waiting for it" if self._lost else "PipeWire is back")

    def device(self) -> str:
        return self._name

    def native_fourcc(self) -> int | None:
        return _fourcc("YUY2")

    def close(self) -> None:
        camera, self._camera = self._camera, None
        if camera:
            self._library.translated_camera_close(camera)


class PipeWireCamera(FedCamera):
    """A node of this name. DeviceUnavailable when it is not compiled or PipeWire is not there."""

    def __init__(self, name: str = CAMERA_NAME) -> None:
        register()
        super().__init__(BACKEND, name, name)

    @property
    def watched(self) -> bool | None:
        backend = self._camera._backend
        return backend.state == _READ if backend is not None else False


def register() -> None:
    """Make the backend known to pyvirtualcam, for anybody in this process."""
    try:
        import pyvirtualcam
    except ImportError as exc:
        raise DeviceUnavailable(f"pyvirtualcam is not installed ({exc}).") from exc
    pyvirtualcam.register_backend(BACKEND, PipeWireBackend)


def _fourcc(code: str) -> int:
    return int.from_bytes(code.encode(), "little")


def _refusal(error: int) -> str:
    if error in (errno.EHOSTDOWN, errno.ENOENT, errno.ECONNREFUSED, errno.EPIPE):
        return "PipeWire is not running for this user. Start it: systemctl --user start pipewire"
    return f"PipeWire does not take a camera: {os.strerror(error)}."
