"""Which virtual camera it is to be: the first that works, and why not the ones before it."""

import logging
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from core.devices import CAMERA_NAME, Image, VirtualCamera
from core.errors import DeviceUnavailable, UsageError

log = logging.getLogger(__name__)

_WAYS = {
    "v4l2loopback": "engines.virtual_camera.loopback:LoopbackCamera",
    "pipewire": "engines.virtual_camera.pipewire:PipeWireCamera",
    "unitycapture": "engines.virtual_camera.elsewhere:UnityCamera",
    "obs": "engines.virtual_camera.elsewhere:ObsCamera",
}
_ON = {"win32": ("unitycapture", "obs"), "darwin": ("obs",)}
_LINUX = ("v4l2loopback", "pipewire")
_SEEN_BY = {
    "pipewire": "by programs that ask the camera portal: Firefox, OBS, and Chromium with "
    "chrome://flags/#enable-webrtc-pipewire-camera",
}


class NoCamera:
    """Shows its pictures to nobody: there is the preview only."""

    name = backend = "none"

    def send(self, image: Image) -> None:
        pass

    @property
    def watched(self) -> bool | None:
        return False

    def close(self) -> None:
        pass


@dataclass(frozen=True)
class Opened:
    """The camera, the reason why it is this one as a sentence for the user, and what the ones
    before it said."""

    camera: VirtualCamera
    reason: str
    refusals: tuple[str, ...] = ()


def ways() -> tuple[str, ...]:
    """The ways that this system has, best first."""
    return _ON.get(sys.platform, _LINUX)


def open_virtual_camera(wanted: str = "auto") -> Opened:
    """Call it in the outputs process only (see this package's docstring).

    "auto" always gives a camera, if need be one that nobody sees. "off" gives that one at once.
    Otherwise `wanted` is a way, or the path of a v4l2loopback device: DeviceUnavailable when it
    does not work, UsageError when there is no such thing.
    """
    if wanted == "off":
        return Opened(NoCamera(), "The virtual camera is switched off.")
    if wanted == "auto":
        return _first()
    if wanted in _WAYS:
        return _described(_open(wanted))
    if wanted.startswith("/dev/") or os.path.sep in wanted:
        return _described(_open("v4l2loopback", os.path.realpath(wanted)))
    known = ", ".join(("auto", "off", *ways()))
    raise UsageError(
        f"There is no virtual camera {wanted!r}; there are {known}, and paths like /dev/video10."
    )


def _first() -> Opened:
    refusals: list[str] = []
    for way in ways():
        try:
            return _described(_open(way), tuple(refusals))
        except DeviceUnavailable as exc:
            log.info("virtual camera %s refused: %s", way, exc)
            refusals.append(f"{way}: {exc}")
    reason = f"No program can see “{CAMERA_NAME}”, there is the preview only. " + " ".join(refusals)
    return Opened(NoCamera(), reason, tuple(refusals))


def _open(way: str, *device: str) -> VirtualCamera:
    module, name = _WAYS[way].split(":")
    constructor: Callable[..., VirtualCamera] = getattr(import_module(module), name)
    return constructor(*device)


def _described(camera: VirtualCamera, refusals: tuple[str, ...] = ()) -> Opened:
    seen = _SEEN_BY.get(camera.backend, "by every program")
    reason = f"“{camera.name}” through {camera.backend} is seen {seen}."
    reason += "".join(f" Not {refusal}" for refusal in refusals)
    return Opened(camera, reason, refusals)
