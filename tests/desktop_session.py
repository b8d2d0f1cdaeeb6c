"""A private desktop without a screen: D-Bus, PipeWire, WirePlumber and a camera portal that says
yes, next to the sound servers of tests/audio_servers.py. Programs started with its `environment`
find cameras as they do on a person's desktop.
"""

import contextlib
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.audio_servers import AudioServer, audio_server

_PORTAL = """\
[portal]
DBusName=org.freedesktop.impl.portal.desktop.fake
Interfaces=org.freedesktop.impl.portal.Access;org.freedesktop.impl.portal.Lockdown;
UseIn=fake
"""
_PORTAL_PROGRAM = Path("/usr/libexec/xdg-desktop-portal")
_PATIENCE = 20.0
_STORE = "org.freedesktop.impl.portal.PermissionStore"
_DESKTOP = "org.freedesktop.portal.Desktop"


def missing() -> str:
    """Why there can be no such desktop here; empty when there can."""
    if not _PORTAL_PROGRAM.exists():
        return "xdg-desktop-portal is not installed"
    return "" if shutil.which("dbus-send") else "dbus-send is not installed"


@contextlib.contextmanager
def desktop_session() -> Iterator[AudioServer]:
    """Skips the test, with the reason, where something is not installed."""
    if reason := missing():
        pytest.skip(reason)
    extra = {"XDG_CURRENT_DESKTOP": "fake", "XDG_DESKTOP_PORTAL_DIR": "{run}/portals"}
    with audio_server("pipewire", extra=extra, services=True) as server:
        folder = server.run / "portals"
        folder.mkdir()
        (folder / "fake.portal").write_text(_PORTAL)
        _allow_cameras(server)
        yield server


def _allow_cameras(server: AudioServer) -> None:
    """Every program may use them. Asking for the portal's version starts it."""
    store = f"/{_STORE.replace('.', '/')}"
    allowed = ["string:devices", "boolean:true", "string:camera", "string:", "array:string:yes"]
    _call(server, _STORE, store, f"{_STORE}.SetPermission", *allowed)
    asked = ["string:org.freedesktop.portal.Camera", "string:version"]
    path = f"/{_DESKTOP.rpartition('.')[0].replace('.', '/')}/desktop"
    _call(server, _DESKTOP, path, "org.freedesktop.DBus.Properties.Get", *asked)


def _call(server: AudioServer, name: str, path: str, method: str, *given: str) -> None:
    words = ["dbus-send", "--session", "--print-reply", f"--dest={name}", path, method, *given]
    until = time.monotonic() + _PATIENCE
    while True:
        done = subprocess.run(words, env=server.environment, capture_output=True, text=True)
        if done.returncode == 0:
            return
        if time.monotonic() > until:
            raise TimeoutError(f"{method}: {done.stderr.strip()}")
        time.sleep(0.1)
