"""PipeWire and the camera portal: the virtual camera on Linux without a kernel module."""

import re
from collections.abc import Iterator
from pathlib import Path

from app.devices.machine import Machine
from app.devices.virtual import camera_ways, pipewire_runs
from app.doctor.mending import called, command, mended, packages
from core.findings import Finding, Fix, State

CAMERA, SERVER, PORTAL = "PipeWire camera", "PipeWire", "Camera portal"
_BUS, _PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
_TOOLS = ("gcc", "pkg-config")


def check(machine: Machine) -> Iterator[Finding]:
    wanted = machine.config.devices.virtual_camera
    if not machine.system.linux or wanted in ("off", "v4l2loopback") or wanted.startswith("/"):
        return
    loopback = next(one for one in camera_ways(machine) if one.way == "v4l2loopback")
    if loopback.ready and wanted != "pipewire":
        return
    yield _compiled(machine)
    runs = pipewire_runs(machine)
    yield _running(machine) if not runs else Finding(SERVER, State.OK, "It is running.")
    if runs:
        yield _portal(machine)


def _compiled(machine: Machine) -> Finding:
    if machine.probes.pipewire_camera():
        return Finding(CAMERA, State.OK, "It is compiled.")
    system = machine.system
    headers = system.run("pkg-config", "--exists", "libpipewire-0.3").good
    if headers and all(map(system.which, _TOOLS)):
        says = "The small library that makes the camera is not compiled."
        build = called(
            "python -m engines.virtual_camera.build",
            machine.probes.compile_pipewire_camera,
            "The PipeWire camera is compiled.",
        )
        return mended(Finding(CAMERA, State.TROUBLE, says), build)
    says = "What compiles the small library that makes the camera is not installed."
    fix = packages(
        machine,
        apt="gcc pkg-config libpipewire-0.3-dev",
        dnf="gcc pkgconf-pkg-config pipewire-devel",
        pacman="gcc pkgconf libpipewire",
        zypper="gcc pkg-config pipewire-devel",
    )
    return mended(Finding(CAMERA, State.TROUBLE, says), fix)


def _running(machine: Machine) -> Finding:
    if machine.system.which("pipewire"):
        says = "PipeWire is installed and does not run for this user."
        return mended(Finding(SERVER, State.TROUBLE, says), user_service(machine, "pipewire"),
                      "systemctl --user start pipewire")  # fmt: skip
    says = "PipeWire is not installed; without it and without v4l2loopback there is no camera."
    names = "pipewire wireplumber"
    fix = packages(machine, apt=names, dnf=names, pacman=names, zypper=names)
    return mended(Finding(SERVER, State.TROUBLE, says), fix)


def user_service(machine: Machine, *names: str) -> Fix | None:
    """Starts services of this user, where systemd keeps them."""
    system = machine.system
    if not (system.which("systemctl") and system.exists("/run/systemd/system")):
        return None
    return command(machine, "systemctl", "--user", "start", *names)


def _portal(machine: Machine) -> Finding:
    if not _session_bus(machine):
        says = "There is no D-Bus session, so no portal: browsers cannot be given the camera."
        return Finding(PORTAL, State.HINT, says)
    answer = machine.system.run(
        "gdbus", "call", "--session", "--timeout", "4", "--dest", _BUS, "--object-path", _PATH,
        "--method", "org.freedesktop.DBus.Properties.Get",
        "org.freedesktop.portal.Camera", "version", timeout=6.0,
    )  # fmt: skip
    if answer.good:
        found = re.search(r"\d+", answer.out.replace("uint32", ""))
        return Finding(PORTAL, State.OK, f"It is there (version {found[0] if found else '?'}).")
    if "ServiceUnknown" in answer.err or "not provided by any" in answer.err:
        says = "xdg-desktop-portal is not installed: browsers cannot be given the camera."
        names = "xdg-desktop-portal"
        fix = packages(machine, apt=names, dnf=names, pacman=names, zypper=names)
        return mended(Finding(PORTAL, State.TROUBLE, says), fix)
    if "interface" in answer.err.lower():
        says = "This desktop's portal offers no cameras. Install the portal of your desktop."
        return Finding(PORTAL, State.TROUBLE, says)
    reason = answer.err.strip() or "gdbus is not installed or does not answer"
    return Finding(PORTAL, State.HINT, f"Whether there is one cannot be told: {reason}.")


def _session_bus(machine: Machine) -> bool:
    environment = machine.system.environment
    if environment.get("DBUS_SESSION_BUS_ADDRESS"):
        return True
    run = environment.get("XDG_RUNTIME_DIR")
    return bool(run) and machine.system.exists(Path(str(run)) / "bus")
