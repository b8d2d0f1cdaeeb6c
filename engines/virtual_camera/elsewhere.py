"""The virtual cameras of Windows and macOS. None of this has been tried on those systems yet."""

import sys

from core.devices import CAMERA_NAME
from core.errors import DeviceUnavailable
from engines.virtual_camera.fed import FedCamera

OBS, UNITY = "obs", "unitycapture"
_OBS_NAME = "OBS Virtual Camera"
_UNITY_NAMES = (CAMERA_NAME, "Unity Video Capture")


class UnityCamera(FedCamera):
    """UnityCapture on Windows, under our name where it was registered so. Whether a program reads
    it cannot be told."""

    def __init__(self, name: str | None = None) -> None:
        refusals: list[str] = []
        for candidate in (name,) if name else _UNITY_NAMES:
            try:
                super().__init__(UNITY, candidate, candidate)
                return
            except DeviceUnavailable as exc:
                refusals.append(str(exc))
        raise DeviceUnavailable(
            f"UnityCapture is not registered ({refusals[0]}). Install it and run, as "
            f'administrator: regsvr32 UnityCaptureFilter64.dll "/i:UnityCaptureName={CAMERA_NAME}"'
        )


class ObsCamera(FedCamera):
    """The virtual camera of OBS Studio, which keeps its own name. Whether a program reads it
    cannot be told."""

    def __init__(self) -> None:
        try:
            super().__init__(OBS, None, _OBS_NAME)
        except DeviceUnavailable as exc:
            raise DeviceUnavailable(
                f"The camera of OBS Studio is not there ({exc}). {_how()}"
            ) from exc


def _how() -> str:
    if sys.platform == "darwin":
        return (
            "Install OBS Studio 30 or later and start its virtual camera once, so that macOS asks "
            "for the permission; then stop it there, since it has one writer at a time."
        )
    return (
        "Install OBS Studio; its own virtual camera must be off, since it has one writer at a time."
    )
