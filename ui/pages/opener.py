"""Opens the windows beside the main one, each made when it is first asked for."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.services import Offer, Services
from ui.settings.dialog import SettingsDialog
from ui.window import MainWindow
from ui.work import Work

W = TypeVar("W", bound=QWidget)


class Pages(QObject):
    def __init__(self, window: MainWindow, services: Services, work: Work) -> None:
        super().__init__(window)
        self._window, self._services, self._work = window, services, work
        self._made: dict[str, QWidget] = {}
        self._offer = Offer()
        window.settings.clicked.connect(self.settings)

    def settings(self) -> SettingsDialog:
        window = self._window
        return self._open(
            "settings", lambda: SettingsDialog(window.model, self._services, self._work, window)
        )

    def show_offer(self, offer: Offer) -> None:
        self._offer = offer

    def _open(self, name: str, make: Callable[[], W]) -> W:
        page = self._made.get(name)
        if page is None:
            page = self._made[name] = make()
        page.show()
        page.raise_()
        page.activateWindow()
        return page  # type: ignore[return-value] # what `make` gave under that name
