"""One page of the settings dialog: a section as it is declared, and what belongs beside it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from core.config import Config
from core.setting import Setting
from ui.sentences import translated
from ui.services import Offer, Option
from ui.settings.editors import Editor, editor
from ui.settings.words import section_title, setting_text
from ui.widgets.basics import Card, button, label, row


class SectionPage(QWidget):
    """A row for each setting: what it is, and its widget; under it what is not seen at once."""

    edited = Signal(str, object)
    """Name and value of a setting that the user has changed."""

    def __init__(
        self, section: str, settings: Sequence[Setting], options: dict[str, Sequence[Option]]
    ) -> None:
        super().__init__()
        self.section = section
        self.editors: dict[str, Editor] = {}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(4, 0, 12, 0)
        self.column.setSpacing(12)
        self.column.addWidget(label(section_title(section), "title"))
        self.card = Card()
        self.column.addWidget(self.card)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(20)
        self.grid.setVerticalSpacing(14)
        self.grid.setColumnStretch(0, 3)
        self.grid.setColumnStretch(1, 2)
        self.card.body.addLayout(self.grid)
        self.note = label("", "dim", wrap=True)
        self.note.hide()
        self.card.body.addWidget(self.note)
        for setting in settings:
            self._add(setting, options.get(setting.name, ()))
        self.defaults = button(self.tr("Back to the defaults"))
        self.defaults.clicked.connect(self._to_defaults)
        self.column.addLayout(row(self.defaults, None))
        self.column.addStretch(1)

    def add_row(self, text: str, part: QWidget) -> None:
        """Something beside the declared settings."""
        at = self.grid.rowCount()
        self.grid.addWidget(label(text, wrap=True), at, 0)
        self.grid.addWidget(part, at, 1)
        part.setAccessibleName(text)

    def show_note(self, text: str) -> None:
        """A remark under the settings; nothing when there is none."""
        self.note.setText(translated(text))
        self.note.setVisible(bool(text))

    def add_part(self, part: QWidget, *, first: bool = False) -> None:
        """A card of its own, under the settings or above them."""
        self.column.insertWidget(1 if first else 2, part)

    def show_config(self, config: Config) -> None:
        for one in self.editors.values():
            one.show_value(one.setting.of(config))

    def show_offer(self, offer: Offer) -> None:
        """All that this machine offers, for a page to which `offer` does not tell enough."""

    def offer(self, options: dict[str, Sequence[Option]]) -> None:
        for name, one in self.editors.items():
            if options.get(name):
                one.offer(options[name])

    def _add(self, setting: Setting, options: Sequence[Option]) -> None:
        made = editor(setting, options)
        made.changed.connect(lambda value: self.edited.emit(setting.name, value))
        self.editors[setting.name] = made
        text = label(setting_text(setting), wrap=True)
        text.setBuddy(made)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(text)
        if not setting.live:
            words.addWidget(label(self.tr("Takes effect at the next start."), "dim"))
        at = self.grid.rowCount()
        self.grid.addLayout(words, at, 0)
        self.grid.addWidget(made, at, 1, Qt.AlignmentFlag.AlignVCenter)

    def _to_defaults(self) -> None:
        for name, one in self.editors.items():
            one.show_value(one.setting.default)
            self.edited.emit(name, one.setting.default)
