"""What meeting programs would get at this moment: each way that there is to a virtual camera and
a virtual microphone, told without opening any of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.devices.machine import Machine
from app.devices.sound_server import CLIENT, VIRTUAL_SOURCE, VOICE_SINK
from core.devices import CAMERA_NAME, MICROPHONE_NAME
from core.errors import DeviceUnavailable

if TYPE_CHECKING:
    from engines.virtual_camera.v4l2 import Loopback

CABLES = {"win32": "CABLE Input", "darwin": "BlackHole 2ch"}
"""What the playing end of the usual virtual cable is called there."""
_ON_AIR = "A session of this program feeds it at this moment."
_UNTOLD = "Whether it is there can only be told by opening it; `run` does."


@dataclass(frozen=True)
class Way:
    """One way to a virtual device. `ready` is None when that cannot be told beforehand. `here`:
    meeting programs can see it at this moment; `users`: those that do, as far as it is known."""

    way: str
    ready: bool | None
    says: str
    name: str = ""
    here: bool = False
    users: tuple[str, ...] = ()


def camera_ways(machine: Machine) -> tuple[Way, ...]:
    """Best first, as `auto` tries them."""
    platform = machine.system.platform
    if platform == "win32":
        return Way("unitycapture", None, _UNTOLD), Way("obs", None, _UNTOLD)
    if platform == "darwin":
        return (Way("obs", None, _UNTOLD),)
    return _loopback(machine), _pipewire(machine)


def microphone_ways(machine: Machine) -> tuple[Way, ...]:
    if machine.system.linux:
        return (_sound_server(machine),)
    return (_cable(machine),)


def taken(ways: tuple[Way, ...], wanted: str) -> Way | None:
    """The way that `auto`, or the setting, takes: the first that is not known to fail. None when
    all are, or it is off."""
    known = [one for one in ways if one.ready is not False]
    return next((one for one in known if wanted in ("", "auto", one.way, one.name)), None)


def pipewire_runs(machine: Machine) -> bool:
    return any(machine.system.listens(path) for path in _pipewire_sockets(machine))


def our_loopback(machine: Machine) -> "Loopback | None":
    found = machine.probes.loopbacks()
    return next((one for one in found if one.name == CAMERA_NAME), None)


def _loopback(machine: Machine) -> Way:
    way = "v4l2loopback"
    device = our_loopback(machine)
    if device is None:
        return Way(way, False, _no_loopback(machine))
    holders = machine.probes.holders(device.path)
    users = tuple(sorted({one.program for one in holders if not one.only_writes}))
    if device.capture and machine.probes.is_written(device.path):
        if machine.probes.is_session(holders):
            return Way(way, True, _ON_AIR, device.path, here=True, users=users)
        writers = ", ".join(sorted({one.program for one in holders if one.only_writes}))
        fed = f"It is fed by {writers or 'a program'} at this moment."
        return Way(way, False, fed, device.path, here=True, users=users)
    return Way(way, True, "Every program sees it.", device.path, device.capture, users)


def _no_loopback(machine: Machine) -> str:
    if closed := machine.probes.forbidden():
        return f"This user may not open {', '.join(closed)}."
    others = machine.probes.loopbacks()
    if others:
        named = ", ".join(f"{one.path} ({one.name})" for one in others)
        return f"None is called “{CAMERA_NAME}”; there is {named}."
    return "There is no v4l2loopback device."


def _pipewire(machine: Machine) -> Way:
    way = "pipewire"
    if not machine.probes.pipewire_camera():
        return Way(way, False, "The PipeWire camera is not compiled.")
    if not pipewire_runs(machine):
        return Way(way, False, "PipeWire is not running for this user.")
    here, users = machine.probes.pipewire_readers(machine.system)
    says = _ON_AIR if here else "Programs that ask the camera portal see it."
    return Way(way, True, says, CAMERA_NAME, here, users)


def _pipewire_sockets(machine: Machine) -> Iterator[Path]:
    environment = machine.system.environment
    remote = environment.get("PIPEWIRE_REMOTE") or "pipewire-0"
    for variable in ("PIPEWIRE_RUNTIME_DIR", "XDG_RUNTIME_DIR"):
        if folder := environment.get(variable):
            yield Path(folder) / remote
            return
    yield Path("/run/pipewire") / remote


def _sound_server(machine: Machine) -> Way:
    way = "sound server"
    try:
        server = machine.probes.sound_server()
    except DeviceUnavailable as exc:
        return Way(way, False, str(exc))
    source, sink = server.source(VIRTUAL_SOURCE), server.sink(VOICE_SINK)
    if source is None or sink is None:
        return Way(way, True, "It is made when a session starts.", MICROPHONE_NAME)
    if CLIENT in sink.users:
        return Way(way, True, _ON_AIR, MICROPHONE_NAME, here=True, users=source.users)
    if sink.users:
        says = f"It is in use: {', '.join(sink.users)} plays into it."
        return Way(way, False, says, MICROPHONE_NAME, here=True, users=source.users)
    return Way(way, True, "Every program hears it.", MICROPHONE_NAME, True, source.users)


def _cable(machine: Machine) -> Way:
    way, wanted = "virtual cable", CABLES.get(machine.system.platform, "")
    try:
        found = [one for one in machine.probes.players() if wanted and wanted in one]
    except DeviceUnavailable as exc:
        return Way(way, False, str(exc))
    if not found:
        return Way(way, False, f"There is no sound device named “{wanted}”.")
    return Way(way, True, "Every program hears its other end.", found[0], here=True)
