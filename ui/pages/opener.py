"""Opens the windows beside the main one, each made when it is first asked for."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ui.services import Offer, Services
from ui.window import MainWindow
from ui.work import Work

if TYPE_CHECKING:  # imported when they are opened: the main window is to be seen at once
    from ui.pages.about import AboutWindow
    from ui.pages.diagnostics import DiagnosticsWindow
    from ui.pages.guide import Guide
    from ui.pages.models import ModelWindow
    from ui.pages.transcript import TranscriptWindow
    from ui.settings.dialog import SettingsDialog

W = TypeVar("W", bound=QWidget)


class Pages(QObject):
    models_changed = Signal()

    def __init__(self, window: MainWindow, services: Services, work: Work) -> None:
        super().__init__(window)
        self._window, self._services, self._work = window, services, work
        self._made: dict[str, QWidget] = {}
        self._offer = Offer()
        self._takers: list[Callable[[Offer], None]] = []
        window.settings.clicked.connect(self.settings)
        window.transcript.clicked.connect(self.transcript)
        window.help_wanted.connect(self.diagnostics)
        window.rungs.models_wanted.connect(self.models)
        window.add_page(self.tr("First steps"), self.guide)
        window.add_page(self.tr("Models"), self.models)
        window.add_page(self.tr("Diagnostics"), self.diagnostics)
        window.add_page(self.tr("About"), self.about)

    def settings(self) -> "SettingsDialog":
        return self._open("settings", self._make_settings)

    def transcript(self) -> "TranscriptWindow":
        from ui.pages.transcript import TranscriptWindow

        window = self._window
        return self._open("transcript", lambda: TranscriptWindow(window.conversation, window))

    def diagnostics(self) -> "DiagnosticsWindow":
        from ui.pages.diagnostics import DiagnosticsWindow

        window = self._window
        return self._open(
            "diagnostics",
            lambda: DiagnosticsWindow(window.model, self._services, self._work, window),
        )

    def about(self) -> "AboutWindow":
        from ui.pages.about import AboutWindow

        return self._open("about", lambda: AboutWindow(self._services, self._work, self._window))

    def models(self) -> "ModelWindow":
        return self._open("models", self._make_models)

    def guide(self) -> "Guide":
        guide = self._open("guide", self._make_guide)
        guide.go(0)
        return guide

    def show_offer(self, offer: Offer) -> None:
        """What the machine has, for those that are open and those that will be."""
        self._offer = offer
        for take in self._takers:
            take(offer)

    def _make_settings(self) -> "SettingsDialog":
        from ui.settings.dialog import SettingsDialog

        made = SettingsDialog(self._window.model, self._services, self._work, self._window)
        keys = self._window.keys
        made.note("shortcuts", keys.why_not_everywhere)
        keys.not_everywhere.connect(lambda why: made.note("shortcuts", why))
        self._takers.append(made.show_offer)
        return made

    def _make_models(self) -> "ModelWindow":
        from ui.pages.models import ModelWindow

        made = ModelWindow(self._services.models, self._work, self._window)
        made.changed.connect(self.models_changed)
        return made

    def _make_guide(self) -> "Guide":
        from ui.pages.guide import Guide

        made = Guide(self._window.model, self._services, self._work, self._window)
        made.models_wanted.connect(self.models)
        made.show_offer(self._offer)
        self._takers.append(made.show_offer)
        return made

    def _open(self, name: str, make: Callable[[], W]) -> W:
        page = self._made.get(name)
        if page is None:
            page = self._made[name] = make()
        page.show()
        page.raise_()
        page.activateWindow()
        return page  # type: ignore[return-value] # what `make` gave under that name
