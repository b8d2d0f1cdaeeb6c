"""What the window needs: Qt and a display."""

import sys
from collections.abc import Iterator

from app.devices.machine import Machine
from app.doctor.mending import mended, packages
from core.findings import Finding, State

QT, DISPLAY = "Qt", "Display"
_LIBRARIES = {
    "apt": "libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libxcb-cursor0 libxcb-icccm4 "
    "libxcb-keysyms1 libxcb-image0 libxcb-render-util0 libxcb-shape0 libxcb-xkb1 "
    "libxkbcommon-x11-0",
    "dnf": "mesa-libEGL libxkbcommon libxkbcommon-x11 xcb-util-cursor xcb-util-wm "
    "xcb-util-keysyms xcb-util-image xcb-util-renderutil",
    "pacman": "libglvnd libxkbcommon libxkbcommon-x11 xcb-util-cursor xcb-util-wm "
    "xcb-util-keysyms xcb-util-image xcb-util-renderutil",
    "zypper": "libEGL1 libxkbcommon0 libxkbcommon-x11-0 libxcb-cursor0",
}
_TRY = """
import os, sys
os.environ.pop("QT_QPA_PLATFORM_PLUGIN_PATH", None)
from PySide6.QtGui import QGuiApplication
print(QGuiApplication(sys.argv[:1]).platformName())
"""


def check(machine: Machine) -> Iterator[Finding]:
    version = machine.system.package("PySide6-Essentials")
    if not version:
        says = "PySide6 is not installed: there is no window, only the command line."
        yield Finding(QT, State.TROUBLE, says, "pip install PySide6-Essentials")
        return
    session = _session(machine)
    if not session:
        says = "There is none here: no window, but `translated-camera run --headless` works."
        yield Finding(DISPLAY, State.HINT, says)
        return
    yield Finding(DISPLAY, State.OK, session)
    yield _qt(machine, version)


def _session(machine: Machine) -> str:
    """What the display is; empty when there is none."""
    system = machine.system
    if not system.linux:
        return {"win32": "Windows", "darwin": "macOS"}.get(system.platform, system.platform)
    if wayland := system.environment.get("WAYLAND_DISPLAY"):
        return f"Wayland ({wayland})"
    if x11 := system.environment.get("DISPLAY"):
        return f"X11 ({x11})"
    return ""


def _qt(machine: Machine, version: str) -> Finding:
    """Qt ends its process when it finds no display it can use, so it is tried in another."""
    if getattr(sys, "frozen", False):
        return Finding(QT, State.OK, version)
    answer = machine.system.run(machine.system.python, "-c", _TRY, timeout=20.0)
    if answer.good:
        return Finding(QT, State.OK, f"{version} on {answer.out.strip()}")
    lines = [line for line in answer.err.splitlines() if line.strip()]
    reason = next((line for line in lines if "needed" in line or "lib" in line), "")
    says = f"The window cannot be shown: {reason or (lines or ['Qt does not start'])[-1]}"
    return mended(Finding(QT, State.TROUBLE, says), packages(machine, **_LIBRARIES))
