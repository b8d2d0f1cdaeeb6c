"""Settings kept by name: save, switch, remove, import, export."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QInputDialog, QListWidget, QVBoxLayout, QWidget

from core.errors import TranslatedCameraError
from ui.model import LiveModel
from ui.sentences import translated
from ui.services import Services
from ui.widgets.basics import Card, button, label, row
from ui.wrong_settings import problem_words


class ProfilePage(QWidget):
    def __init__(self, model: LiveModel, services: Services) -> None:
        super().__init__()
        self._model, self._profiles = model, services.profiles
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 0, 12, 0)
        column.setSpacing(12)
        column.addWidget(label(self.tr("Profiles"), "title"))
        hint = self.tr("A profile holds all settings, for example those of one meeting or voice.")
        column.addWidget(label(hint, "dim", wrap=True))
        card = Card()
        column.addWidget(card)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Profiles"))
        self.says = label("", wrap=True)
        card.body.addWidget(self.list)
        card.body.addWidget(self.says)
        self.buttons = {
            "switch": (self.tr("Use"), self.switch),
            "save": (self.tr("Save as…"), self.ask_name),
            "remove": (self.tr("Remove"), self.remove),
            "import": (self.tr("Import…"), self.ask_import),
            "export": (self.tr("Export…"), self.ask_export),
        }
        parts = []
        for text, do in self.buttons.values():
            made = button(text)
            made.clicked.connect(do)
            parts.append(made)
        card.body.addLayout(row(*parts, None))
        column.addStretch(1)
        self.list.itemActivated.connect(self.switch)
        self.refresh()

    def refresh(self) -> None:
        self.list.clear()
        self.list.addItems(self._profiles.names())

    def switch(self) -> None:
        if name := self._chosen():
            self._try(lambda: self._model.change(self._profiles.load(name)), name)

    def save(self, name: str) -> None:
        self._try(lambda: self._profiles.save(name, self._model.config), name)
        self.refresh()

    def remove(self) -> None:
        if name := self._chosen():
            self._try(lambda: self._profiles.remove(name), "")
            self.refresh()

    def bring(self, path: Path) -> None:
        """Use the settings of a file, as far as they are right."""

        def take() -> None:
            config, problems = self._profiles.bring(path)
            self._model.change(config)
            self.says.setText("\n".join(map(problem_words, problems)) or path.stem)

        self._try(take, "")

    def export(self, path: Path) -> None:
        self._try(lambda: self._profiles.export(self._model.config, path), path.name)

    def ask_name(self) -> None:
        title = self.tr("Save as…")
        name, good = QInputDialog.getText(self, title, self.tr("Name of the profile"))
        if good and name.strip():
            self.save(name.strip())

    def ask_import(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Import…"), "", "TOML (*.toml)")
        if path:
            self.bring(Path(path))

    def ask_export(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, self.tr("Export…"), "", "TOML (*.toml)")
        if path:
            self.export(Path(path))

    def _chosen(self) -> str:
        item = self.list.currentItem()
        return item.text() if item is not None else ""

    def _try(self, do: Callable[[], None], done: str) -> None:
        try:
            self.says.setText(done)
            do()
        except TranslatedCameraError as error:
            self.says.setText(translated(str(error)))
