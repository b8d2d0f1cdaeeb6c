"""The desktop program: the window with everything that it needs, from start to quit."""

import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication

from app import settings
from app.threads import lane_thread, running
from core.config import Config
from core.errors import CannotWrite
from core.live import LiveControl
from core.pipeline import Spawn
from ui import theme
from ui.icons import icon
from ui.model import LiveModel
from ui.widgets.basics import repaint_icons
from ui.window import MainWindow
from ui.work import Work

log = logging.getLogger(__name__)

SAVE_AFTER = 600
"""Milliseconds without a further change after which settings are written."""

MakeLive = Callable[[Config, Spawn], LiveControl]


def live_session(config: Config, spawn: Spawn) -> LiveControl:
    """The real one. Slow: its libraries are loaded, its devices opened."""
    from app.live.session import LiveSession

    session: LiveControl = LiveSession(config, spawn)
    return session


class Desktop(QObject):
    """One window with its session. The window is shown first; the session comes when it is
    there."""

    def __init__(
        self,
        path: Path | None = None,
        make_live: MakeLive = live_session,
        geometry: QSettings | None = None,
    ) -> None:
        super().__init__()
        self._path = path
        self._make_live = make_live
        loaded = settings.load(path)
        self.model = LiveModel(loaded.config, self)
        self.work = Work(lane_thread, self)
        self._theme = ""
        self._paint(loaded.config)
        self.window = MainWindow(self.model, geometry)
        self.window.closing.connect(self._closing)
        self._saving = QTimer(self, interval=SAVE_AFTER, singleShot=True)
        self._saving.timeout.connect(self.save)
        self.model.config_changed.connect(self._changed)
        problems = "\n".join(map(str, loaded.problems))
        self.window.banners.tell("settings", problems)

    def open(self) -> None:
        """Show the window, and begin to open the devices."""
        self.window.painted.connect(self._open_session)
        self.window.show()

    def close(self) -> None:
        """The end of everything. The devices disappear."""
        if self._saving.isActive():
            self.save()
        self.window.hide()
        self.model.close()

    def save(self) -> None:
        self._saving.stop()
        try:
            settings.save(self.model.config, self._path)
            self.window.banners.tell("saving", "")
        except CannotWrite as error:
            self.window.banners.tell("saving", str(error), "bad")

    def _open_session(self) -> None:
        config = self.model.config
        self.work.ask(
            "open session",
            lambda: self._make_live(config, lane_thread),
            self.model.attach,
            lambda sentence: self.window.banners.tell("session", sentence, "bad"),
        )

    def _changed(self, config: Config) -> None:
        self._saving.start()
        self._paint(config)

    def _paint(self, config: Config) -> None:
        app = QApplication.instance()
        if config.window.theme != self._theme and isinstance(app, QApplication):
            self._theme = config.window.theme
            theme.apply(app, self._theme)
            for window in app.topLevelWidgets():
                repaint_icons(window)

    def _closing(self, event: QCloseEvent) -> None:
        event.accept()
        QApplication.quit()


def application() -> QApplication:
    """Qt's, made once. OpenCV names its own Qt plug-ins, which ours cannot use."""
    os.environ.pop("QT_QPA_PLATFORM_PLUGIN_PATH", None)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("translated-camera")
    app.setApplicationDisplayName("Translated Camera")
    app.setDesktopFileName("translated-camera")
    app.setWindowIcon(icon("app"))
    app.setQuitOnLastWindowClosed(False)
    return app


def run(path: Path | None = None) -> int:
    """Until the user quits; the exit code."""
    app = application()
    desktop = Desktop(path, geometry=QSettings("translated-camera", "window"))
    desktop.open()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: app.quit())
    # Python runs its signal handlers only when it gets to run at all.
    alive = QTimer()
    alive.timeout.connect(lambda: None)
    alive.start(200)
    code = app.exec()
    desktop.close()
    if hung := running():
        log.warning("left behind at the end: %s", ", ".join(hung))
        sys.stderr.flush()
        os._exit(code)
    return code
