"""The desktop program: the window with everything that it needs, from start to quit."""

import logging
import os
import signal
import sys
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication

from app.interrupts import when_closed
from app.threads import lane_thread, running
from core.config import Config
from core.errors import CannotWrite
from core.live import LiveControl
from ui import theme, translation
from ui.icons import icon
from ui.model import LiveModel
from ui.pages.opener import Pages
from ui.sentences import translated
from ui.services import Offer, Services
from ui.widgets.basics import repaint_icons
from ui.window import MainWindow
from ui.work import Work
from ui.wrong_settings import problem_words

if TYPE_CHECKING:
    from core.pipeline import Spawn
    from ui.tray import Tray

log = logging.getLogger(__name__)

SAVE_AFTER = 600
"""Milliseconds without a further change after which settings are written."""

MakeLive = Callable[[Config, "Spawn"], LiveControl]


def live_session(config: Config, spawn: "Spawn") -> LiveControl:
    """The real one. Slow: its libraries are loaded, its devices opened."""
    from app.live.session import LiveSession

    return LiveSession(config, spawn)


class Desktop(QObject):
    """One window with its session. The window is shown first; the session comes when it is
    there."""

    def __init__(
        self,
        services: Services,
        config: Config,
        make_live: MakeLive = live_session,
        geometry: QSettings | None = None,
    ) -> None:
        super().__init__()
        self.services = services
        self._make_live = make_live
        self.model = LiveModel(config, self)
        self.work = Work(lane_thread, self)
        self._theme = ""
        self._language = translation.chosen(config.window.language)
        app = QApplication.instance()
        assert isinstance(app, QApplication), "made by `application`"
        theme.choose(app, config.window.theme)
        QApplication.styleHints().colorSchemeChanged.connect(self._scheme_changed)
        self.window = MainWindow(self.model, geometry)
        self.pages = Pages(self.window, services, self.work)
        self._paint(config)
        self.window.closing.connect(self._closing)
        self.pages.models_changed.connect(self._look)
        self._saving = QTimer(self, interval=SAVE_AFTER, singleShot=True)
        self._saving.timeout.connect(self.save)
        self.model.config_changed.connect(self._changed)
        self.window.banners.tell("settings", "\n".join(map(problem_words, services.problems)))

    @cached_property
    def tray(self) -> "Tray":
        """Made when the window is there already."""
        from ui.tray import Tray

        tray = Tray(self.model, self)
        tray.show_window.connect(self.show_window)
        tray.quit_wanted.connect(self.quit)
        return tray

    def open(self, *, hidden: bool = False) -> None:
        """Show the window, and then begin to open the devices."""
        if hidden and self.tray.there:
            QTimer.singleShot(0, self._open_session)
        else:
            self.window.painted.connect(self._open_session)
            self.window.show()
        if self.services.first_run and not hidden:
            self.window.painted.connect(self.pages.guide)

    def close(self) -> None:
        """The end of everything, whatever brought it about: what is being typed is kept. The
        devices disappear."""
        if (part := QApplication.focusWidget()) is not None:
            part.clearFocus()
        if self._saving.isActive():
            self.save()
        self.window.hide()
        self.tray.icon.hide()
        self.window.keys.close()
        self.model.close()

    def show_window(self) -> None:
        self.window.show()
        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.raise_()
        self.window.activateWindow()

    def told(self, word: str) -> None:
        """Another start of the program says it."""
        if word == "show":
            self.show_window()
        else:
            self.window.keys.do(word)

    def quit(self) -> None:
        """Ask first while a program reads the camera or the microphone that we feed."""
        if self._may_quit():
            QApplication.quit()

    def save(self) -> None:
        self._saving.stop()
        try:
            self.services.save(self.model.config)
            self.window.banners.tell("saving", "")
        except CannotWrite as error:
            self.window.banners.tell("saving", translated(str(error)), "bad")

    def _open_session(self) -> None:
        self.tray.show()
        config = self.model.config
        self.work.ask(
            self,
            "open session",
            lambda: self._make_live(config, lane_thread),
            self._opened,
            lambda sentence: self.window.banners.tell("session", sentence, "bad"),
        )

    def _opened(self, live: LiveControl) -> None:
        self.model.attach(live)
        self._look()

    def _look(self) -> None:
        config = self.model.config
        self.work.ask(self, "offer", lambda: self.services.offer(config), self._offered)

    def _offered(self, offer: Offer) -> None:
        for one in (self.window, self.pages, self.tray):
            one.show_offer(offer)

    def _changed(self, config: Config) -> None:
        self._saving.start()
        other = translation.chosen(config.window.language) != self._language
        text = self.tr("The window changes its language when the program starts again.")
        self.window.banners.tell("language", text if other else "", "info")
        self._paint(config)

    def _paint(self, config: Config) -> None:
        app = QApplication.instance()
        if config.window.theme != self._theme and isinstance(app, QApplication):
            self._theme = config.window.theme
            self._colour(app)

    def _scheme_changed(self) -> None:
        """The system has become dark or light, perhaps because evening came."""
        app = QApplication.instance()
        if self._theme == "system" and isinstance(app, QApplication):
            self._colour(app)

    def _colour(self, app: QApplication) -> None:
        theme.apply(app, self._theme)
        for window in app.topLevelWidgets():
            repaint_icons(window)

    def _closing(self, event: QCloseEvent) -> None:
        """Closing the window is quitting, unless the icon in the notification area stays."""
        if self.model.config.window.tray and self.tray.there:
            event.accept()
        elif self._may_quit():
            event.accept()
            QApplication.quit()
        else:
            event.ignore()

    def _may_quit(self) -> bool:
        status = self.model.status
        watched = status.virtual_camera.watched or status.virtual_microphone.watched
        if not watched:
            return True
        from ui.quitting import agrees_to_quit

        return agrees_to_quit(self.window)


def application(language: str = "auto") -> QApplication:
    """Qt's, made once. OpenCV names its own Qt plug-ins, which ours cannot use."""
    os.environ.pop("QT_QPA_PLATFORM_PLUGIN_PATH", None)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("translated-camera")
    app.setApplicationDisplayName("Translated Camera")
    app.setDesktopFileName("translated-camera")
    app.setWindowIcon(icon("app"))
    app.setQuitOnLastWindowClosed(False)
    translation.install(app, language)
    return app


def until_quit(app: QApplication, desktop: Desktop) -> int:
    """Qt's loop, which Ctrl-C and the end of its terminal end as well; the exit code."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: app.quit())
    when_closed(app.quit)
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
