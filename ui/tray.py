"""The icon in the notification area: state, start and stop, panic, languages, show, quit."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QActionGroup, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from core.events import State
from core.live import LiveStatus, Voiced
from ui import theme
from ui.icons import icon
from ui.languages import language_title
from ui.model import LiveModel
from ui.services import Offer


class Tray(QObject):
    show_window = Signal()
    quit_wanted = Signal()

    def __init__(self, model: LiveModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._look = ""
        self.menu = QMenu()
        self.title = self.menu.addAction("Translated Camera")
        self.title.setEnabled(False)
        self.start = self.menu.addAction("")
        self.panic = self.menu.addAction(self.tr("My own voice now"))
        self.mute = self.menu.addAction(self.tr("Mute"))
        self.panic.setCheckable(True)
        self.mute.setCheckable(True)
        self.targets = self.menu.addMenu(self.tr("They hear"))
        self.menu.addSeparator()
        self.window = self.menu.addAction(self.tr("Show the window"))
        self.quit = self.menu.addAction(self.tr("Quit"))
        self.icon = QSystemTrayIcon(self)
        self.icon.setContextMenu(self.menu)
        self.start.triggered.connect(model.toggle)
        self.panic.triggered.connect(model.panic)
        self.mute.triggered.connect(model.mute)
        self.window.triggered.connect(self.show_window)
        self.quit.triggered.connect(self.quit_wanted)
        self.icon.activated.connect(self._clicked)
        self._offer = Offer()
        model.status_changed.connect(self.show_status)
        model.config_changed.connect(lambda _: self.show_offer(self._offer))
        self.show_offer(self._offer)
        self.show_status(model.status)

    @property
    def there(self) -> bool:
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show(self) -> None:
        if self.there:
            self.icon.show()

    def show_offer(self, offer: Offer) -> None:
        """The languages that can be switched to."""
        self._offer = offer
        languages = self._model.config.languages
        self.targets.clear()
        group = QActionGroup(self.targets)
        for code in sorted({languages.target, *offer.targets.get(languages.source, ())}):
            action = self.targets.addAction(language_title(code))
            action.setCheckable(True)
            action.setChecked(code == languages.target)
            action.triggered.connect(lambda _, wanted=code: self._switch(wanted))
            group.addAction(action)

    def show_status(self, status: LiveStatus) -> None:
        running = status.state in (State.STARTING, State.RUNNING)
        look = "own" if status.voiced is not Voiced.TRANSLATED else "on" if running else "off"
        self.panic.setChecked(status.voiced is Voiced.ORIGINAL)
        self.mute.setChecked(status.voiced is Voiced.MUTED)
        self.start.setText(self.tr("Stop translating") if running else self.tr("Start translating"))
        if look != self._look:
            self._look = look
            words = {
                "on": self.tr("Translating"),
                "own": self.tr("Passing your own voice on"),
                "off": self.tr("Ready"),
            }[look]
            self.icon.setIcon(_badged(look))
            self.icon.setToolTip(f"Translated Camera: {words}")
            self.title.setText(words)

    def _switch(self, code: str) -> None:
        self._model.set("languages.target", code)
        self._model.restart()

    def _clicked(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.show_window.emit()


def _badged(look: str) -> QIcon:
    """The program's icon with a dot that tells its state."""
    colours = theme.current()
    pixmap = QPixmap(icon("app").pixmap(40, 40))
    if look != "off":
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.good if look == "on" else colours.warn))
        painter.drawEllipse(24, 24, 15, 15)
        painter.end()
    return QIcon(pixmap)
