"""Windows and macOS: the virtual devices that others make."""

from collections.abc import Iterator

from app.devices.machine import Machine
from app.devices.virtual import microphone_ways
from core.devices import CAMERA_NAME
from core.findings import Finding, State

CAMERA, CABLE = "Virtual camera", "Virtual cable"
_CABLE_FROM = {
    "win32": "Install VB-CABLE from https://vb-audio.com/Cable.",
    "darwin": "Install BlackHole 2ch: https://existential.audio/blackhole.",
}
_CABLE_COMMAND = {"darwin": "brew install blackhole-2ch"}
_CAMERA_FROM = {
    "win32": "It is UnityCapture, registered as administrator: regsvr32 UnityCaptureFilter64.dll "
    f'"/i:UnityCaptureName={CAMERA_NAME}"; or the virtual camera of OBS Studio.',
    "darwin": "It is the virtual camera of OBS Studio 30 or later, started there once and stopped.",
}


def check(machine: Machine) -> Iterator[Finding]:
    platform = machine.system.platform
    if platform not in _CAMERA_FROM:
        return
    if machine.config.devices.virtual_camera != "off":
        says = f"Whether it is there shows when a session starts. {_CAMERA_FROM[platform]}"
        yield Finding(CAMERA, State.HINT, says)
    if machine.config.devices.virtual_microphone != "off":
        (way,) = microphone_ways(machine)
        if way.ready:
            yield Finding(CABLE, State.OK, f"{way.name} is there.")
        else:
            says = f"{way.says} {_CABLE_FROM[platform]}"
            yield Finding(CABLE, State.TROUBLE, says, _CABLE_COMMAND.get(platform, ""))
    if platform == "darwin":
        says = "macOS asks once for camera and microphone; see System Settings, Privacy & Security."
        yield Finding("Permissions", State.HINT, says)
    else:
        says = "If nothing is seen or heard: Settings, Privacy & security, Camera and Microphone."
        yield Finding("Permissions", State.HINT, says)
