"""`translated-camera` without a command: the window; and what tells a running one what to do."""

import gc
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import DeviceUnavailable

if TYPE_CHECKING:
    from app.desktop.program import Desktop


def run(
    config: Path | None = None,
    *,
    hidden: bool = False,
    painted: Callable[[], None] | None = None,
) -> int:
    """Show the window until the user quits; the exit code. When one is there already, that one is
    shown. `config` takes the place of the user's own settings file; `hidden` begins in the
    notification area; `painted` is called when there is something to see."""
    require_display()
    from PySide6.QtCore import QSettings

    from app.desktop.program import Desktop, application, until_quit
    from app.desktop.recent_log import RecentLog
    from app.desktop.services import DesktopServices
    from app.desktop.single import SingleInstance, tell

    log = RecentLog()
    logging.getLogger().addHandler(log)
    services = DesktopServices(config, log)
    app = application(services.config.window.language)
    where = str(config) if config else ""
    single = SingleInstance(where)
    if not single.first():
        tell("show", where)
        return 0
    geometry = QSettings("translated-camera", "window")
    desktop = Desktop(services, services.config, geometry=geometry)
    desktop.window.painted.connect(lambda: _seen(desktop))
    single.told.connect(desktop.told)
    if painted is not None:
        desktop.window.painted.connect(painted)
    desktop.open(hidden=hidden)
    if hidden:
        _seen(desktop)
    return until_quit(app, desktop)


def _seen(desktop: "Desktop") -> None:
    """What can wait until there is a window."""
    gc.freeze()
    gc.enable()
    from app.desktop.global_keys import GlobalKeys
    from app.threads import lane_thread

    desktop.window.keys.reach(GlobalKeys(lane_thread))


def say(word: str) -> None:
    """To the window that runs. DeviceUnavailable when none does."""
    from app.desktop.single import tell

    if not tell(word):
        raise DeviceUnavailable("The window is not running. Start it with: translated-camera.")


def require_display() -> None:
    """Qt ends the program without one. DeviceUnavailable."""
    chosen = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in chosen):
        raise DeviceUnavailable(
            "There is no display for a window. Start it from a desktop, or without a window:"
            " translated-camera run --headless."
        )
