"""v4l2loopback: the virtual camera on Linux that every program sees."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.devices.machine import Machine
from app.devices.virtual import camera_ways, our_loopback
from app.doctor.mending import called, command, mended, packages, set_up
from core.devices import CAMERA_NAME, SIZE
from core.findings import Finding, Fix, State

if TYPE_CHECKING:
    from engines.virtual_camera.v4l2 import Loopback

MODULE, DEVICE, EXCLUSIVE = "v4l2loopback", "Virtual camera device", "exclusive_caps"
_LOADED = "/sys/module/v4l2loopback"
_NUMBER = "10"
_PIXELS = "YU12"
_YES = ("Y", "1")
_INSTEAD = " PipeWire's camera stands in, which fewer programs see."


def check(machine: Machine) -> Iterator[Finding]:
    if not machine.system.linux:
        return
    if machine.config.devices.virtual_camera in ("off", "pipewire"):
        return
    bad = _severity(machine)
    if not machine.system.exists(_LOADED):
        yield _absent(machine, bad)
        return
    version = machine.system.text(f"{_LOADED}/version").strip()
    yield Finding(MODULE, State.OK, f"The kernel module is loaded{version and f' ({version})'}.")
    device = our_loopback(machine)
    if device is None:
        yield _unnamed(machine, bad)
        return
    exclusive = _parameter(machine, device)
    yield from _exclusive(machine, device, exclusive)
    yield _device(machine, device, exclusive in _YES)


def options(machine: Machine) -> tuple[str, ...]:
    """For modprobe, unless its own configuration has some for this module already."""
    files = machine.system.files("/etc/modprobe.d", "*.conf")
    if any("options v4l2loopback" in machine.system.text(path) for path in files):
        return ()
    return all_options(machine)


def all_options(machine: Machine) -> tuple[str, ...]:
    path = f"/dev/video{_NUMBER}"
    another = machine.system.exists(path) and all(
        one.path != path for one in machine.probes.loopbacks()
    )
    number = () if another else (f"video_nr={_NUMBER}",)
    label = f"card_label={CAMERA_NAME}"
    return ("devices=1", *number, "exclusive_caps=1", "max_buffers=2", label)


def _severity(machine: Machine) -> State:
    """What is wrong here matters less where PipeWire stands in."""
    stands_in = any(one.way == "pipewire" and one.ready for one in camera_ways(machine))
    return State.HINT if stands_in else State.TROUBLE


def _absent(machine: Machine, bad: State) -> Finding:
    instead = _INSTEAD if bad is State.HINT else ""
    if machine.system.run("modinfo", "-n", "v4l2loopback").good:
        load = set_up(machine) or command(
            machine, "modprobe", "v4l2loopback", *options(machine), root=True
        )
        says = f"The kernel module is installed and not loaded.{instead}"
        return mended(Finding(MODULE, bad, says), load)
    release = machine.system.text("/proc/sys/kernel/osrelease").strip()
    if not machine.system.exists(f"/lib/modules/{release}"):
        says = "This system has no kernel modules of its own (a container?): load it on the host."
        return Finding(MODULE, bad, says + instead)
    says = f"The kernel module is not installed, which makes the camera for programs.{instead}"
    # Our script knows one package program.
    fix = set_up(machine) if machine.system.which("apt-get") else None
    fix = fix or packages(
        machine,
        apt=f"v4l2loopback-dkms linux-headers-{release}",
        dnf="akmod-v4l2loopback",
        pacman="v4l2loopback-dkms",
        zypper="v4l2loopback-kmp-default",
    )
    return mended(Finding(MODULE, bad, says), fix)


def _unnamed(machine: Machine, bad: State) -> Finding:
    """Never by unloading: that would take the others' devices away."""
    if closed := machine.probes.forbidden():
        says = f"{', '.join(closed)} may not be opened by this user; see the permissions."
        return Finding(DEVICE, bad, says)
    others = ", ".join(f"{one.path} ({one.name})" for one in machine.probes.loopbacks())
    says = f"No device is called “{CAMERA_NAME}”."
    if others:
        says += f" There is {others}; the setting devices.virtual_camera can name one by its path."
    fix = _added(machine)
    again = f"modprobe -r v4l2loopback && modprobe v4l2loopback {_quoted(options(machine))}"
    return mended(Finding(DEVICE, bad, says), fix, f"sudo sh -c '{again.strip()}'")


def _added(machine: Machine) -> Fix | None:
    """One more device, where the module can do that while it is loaded."""
    system = machine.system
    if not (system.which("v4l2loopback-ctl") and system.exists("/dev/v4l2loopback")):
        return None
    words = ("v4l2loopback-ctl", "add", "-n", CAMERA_NAME, "-x", "1", "-b", "2")
    number = () if system.exists(f"/dev/video{_NUMBER}") else (f"/dev/video{_NUMBER}",)
    return command(machine, *words, *number, root=True)


def _exclusive(machine: Machine, device: "Loopback", value: str) -> Iterator[Finding]:
    if value in _YES:
        yield Finding(EXCLUSIVE, State.OK, "It is on, as Chromium needs it.")
    elif value:
        says = "It is off: Chromium and what is made of it never list the camera."
        finding = Finding(EXCLUSIVE, State.TROUBLE, says)
        alone = len(machine.probes.loopbacks()) == 1 and not machine.probes.holders(device.path)
        again = f"modprobe -r v4l2loopback && modprobe v4l2loopback {_quoted(all_options(machine))}"
        fix = command(machine, "sh", "-c", again, root=True) if alone else None
        yield mended(finding, fix, f"sudo sh -c '{again}'")


def _parameter(machine: Machine, device: "Loopback") -> str:
    """Of this device: the module keeps a list of each parameter, in the order of its devices."""
    folder = f"{_LOADED}/parameters"
    values = machine.system.text(f"{folder}/exclusive_caps").strip().split(",")
    numbers = machine.system.text(f"{folder}/video_nr").strip().split(",")
    number = device.path.removeprefix("/dev/video")
    paths = [one.path for one in machine.probes.loopbacks()]
    at = numbers.index(number) if number in numbers else paths.index(device.path)
    return values[at] if at < len(values) else ""


def _device(machine: Machine, device: "Loopback", exclusive: bool) -> Finding:
    """Without `exclusive` it says at all times that it can do everything."""
    path, probes = device.path, machine.probes
    holders = probes.holders(path)
    names = ", ".join(sorted({one.program for one in holders})) or "a program"
    if device.capture and probes.is_written(path):
        if machine.probes.is_session(holders):
            return Finding(DEVICE, State.OK, f"A session of this program feeds {path}.")
        says = f"{path} is fed by {names} at this moment; one program can at a time."
        return Finding(DEVICE, State.HINT, says)
    if not device.output and holders:
        says = f"{path} takes no pictures while {names} holds it. End that program."
        return Finding(DEVICE, State.TROUBLE, says)
    if not device.output:
        says = f"{path} takes no pictures since its last writer died; the next session cures that."
        does, done = f"give {path} its output side back", f"{path} takes pictures again."
        cure = called(does, lambda: probes.make_writable(path), done)
        return Finding(DEVICE, State.HINT, says, "translated-camera doctor --fix", cure)
    if exclusive and device.capture and (held := _other_form(machine, path)):
        says = f"{names} holds {path} at {held}. Switch the camera off there, and on again later."
        return Finding(DEVICE, State.TROUBLE, says)
    return Finding(DEVICE, State.OK, f"“{CAMERA_NAME}” ({path}) takes pictures.")


def _other_form(machine: Machine, path: str) -> str:
    form = machine.probes.form(path)
    same = (form.width, form.height, form.pixels) == (*SIZE, _PIXELS)
    return "" if same else str(form)


def _quoted(words: tuple[str, ...]) -> str:
    """As a shell takes them."""
    return " ".join(
        f'{k}="{v}"' if " " in v else f"{k}={v}" for k, v in (w.split("=") for w in words)
    )
