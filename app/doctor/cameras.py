"""The camera: whether there is one, who may use it and who does, and whether it is good enough."""

from collections.abc import Iterator, Sequence

from app.devices.machine import Machine
from app.doctor.mending import command, mended
from core.devices import FPS, SIZE, CameraInfo
from core.errors import DeviceUnavailable
from core.findings import Finding, State

CAMERA, PERMISSION, BUSY, MODE = "Camera", "Camera permission", "Busy camera", "Camera's picture"
_SLATE = "Meetings hear the translation and see a slate with a text."


def check(machine: Machine) -> Iterator[Finding]:
    from engines.camera.opening import is_source

    wanted = machine.config.devices.camera
    yield from _permission(machine)
    if is_source(wanted):
        yield Finding(CAMERA, State.OK, f"The settings take {wanted} in place of one.")
        return
    infos = machine.probes.cameras()
    real = [one for one in infos if not one.ours]
    if not real:
        says = f"There is no camera that this user may use. {_SLATE}"
        yield Finding(CAMERA, State.TROUBLE, says)
        return
    chosen, finding = _chosen(wanted, infos, real)
    yield finding
    if machine.system.linux:
        yield from _busy(machine, chosen)
    yield from _mode(chosen)


def _chosen(
    wanted: str, infos: Sequence[CameraInfo], real: Sequence[CameraInfo]
) -> tuple[CameraInfo, Finding]:
    from engines.camera.listing import choose_camera

    try:
        chosen = choose_camera(wanted, infos)
    except DeviceUnavailable as exc:
        says = f"{exc} {real[0].name} is taken meanwhile."
        return real[0], Finding(CAMERA, State.HINT, says)
    if chosen.trouble:
        return chosen, Finding(CAMERA, State.TROUBLE, chosen.trouble)
    return chosen, Finding(CAMERA, State.OK, f"{chosen.name} is taken.")


def _permission(machine: Machine) -> Iterator[Finding]:
    system = machine.system
    if not system.linux:
        return
    paths = system.files("/dev", "video[0-9]*")
    closed = [path for path in paths if not system.allowed(path)]
    if not closed:
        return
    group = system.group_of(closed[0]) or "video"
    says = f"This user may not use {', '.join(closed)}."
    finding = Finding(PERMISSION, State.TROUBLE, says)
    if group in system.run("id", "-nG", system.user).out.split() and system.user:
        says += f" The group {group} has been joined already: log out and in again."
        yield Finding(PERMISSION, State.TROUBLE, says)
    elif group == "root" or not system.user:
        yield mended(finding, None, "sudo usermod -aG video $USER")
    else:
        then = "Log out and in again."
        words = ("usermod", "-aG", group, system.user)
        yield mended(finding, command(machine, *words, root=True, then=then))


def _busy(machine: Machine, chosen: CameraInfo) -> Iterator[Finding]:
    if users := machine.probes.users_of(chosen):
        says = (
            f"{chosen.name} is open in {', '.join(users)}. Most cameras serve one program at a "
            f"time: if no picture comes, end that program."
        )
        yield Finding(BUSY, State.HINT, says)


def _mode(chosen: CameraInfo) -> Iterator[Finding]:
    from engines.camera.modes import best_mode
    from engines.camera.sources import WANTED

    mode = best_mode(chosen.modes, WANTED)
    if mode is None:
        return
    told = f"{mode.width}x{mode.height}" + (
        f" at {mode.fps:g} pictures a second" if mode.fps else ""
    )
    if mode.fps and mode.fps < FPS - 1:
        yield Finding(MODE, State.HINT, f"Its best is {told}: the picture will jerk.")
    elif mode.height < SIZE[1]:
        yield Finding(MODE, State.HINT, f"Its best is {told}: the picture will be coarse.")
    else:
        yield Finding(MODE, State.OK, f"{told}.")
