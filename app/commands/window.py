"""`translated-camera` without a command: the window."""

import logging
import os
import sys
from pathlib import Path

from core.errors import DeviceUnavailable


def run(config: Path | None = None, *, hidden: bool = False) -> int:
    """Show the window until the user quits; the exit code. `config` takes the place of the user's
    own settings file; `hidden` begins in the notification area."""
    require_display()
    from PySide6.QtCore import QSettings

    from app.desktop.diagnostics import RecentLog
    from app.desktop.program import Desktop, application, until_quit
    from app.desktop.services import DesktopServices

    log = RecentLog()
    logging.getLogger().addHandler(log)
    services = DesktopServices(config, log)
    app = application(services.config.window.language)
    desktop = Desktop(services, services.config, geometry=QSettings("translated-camera", "window"))
    desktop.open(hidden=hidden)
    return until_quit(app, desktop)


def require_display() -> None:
    """Qt ends the program without one. DeviceUnavailable."""
    chosen = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in chosen):
        raise DeviceUnavailable(
            "There is no display for a window. Start it from a desktop, or without a window:"
            " translated-camera run --headless."
        )
