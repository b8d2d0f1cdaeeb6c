"""Which language is spoken and which one is heard."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout

from core.live import LiveStatus
from ui.languages import DETECT, language_title
from ui.model import LiveModel
from ui.sentences import translated
from ui.services import Offer
from ui.widgets.basics import Card, label, tool


class LanguageCard(Card):
    """A change in a running session starts it anew; the same language on both sides passes the
    voice on as it is, which the window sees to."""

    def __init__(self, model: LiveModel) -> None:
        super().__init__("")
        self._model = model
        self._offer = Offer()
        self._found = "", False
        self.source, self.target = QComboBox(), QComboBox()
        self.source.setAccessibleName(self.tr("Language you speak"))
        self.target.setAccessibleName(self.tr("Language they hear"))
        self.swap = tool("swap", self.tr("Swap the languages"))
        self.pass_theirs = QCheckBox(self.tr("When I speak theirs, pass my own voice on"))
        self.note = label("", "dim", wrap=True)
        self.note.hide()
        self.body.addLayout(self._grid())
        self.body.addWidget(self.pass_theirs)
        self.body.addWidget(self.note)
        self.source.activated.connect(lambda: self._choose("source", self.source))
        self.target.activated.connect(lambda: self._choose("target", self.target))
        self.swap.clicked.connect(self._swap)
        self.pass_theirs.clicked.connect(self._pass_theirs)
        model.config_changed.connect(self.refresh)
        self.refresh()

    def show_offer(self, offer: Offer) -> None:
        self._offer = offer
        self.refresh()

    def refresh(self) -> None:
        languages, offer = self._model.config.languages, self._offer
        _fill(self.source, offer.sources, languages.source)
        self._add_detect(languages.source)
        _fill(self.target, offer.targets.get(languages.source, ()), languages.target)
        back = offer.targets.get(languages.target, ())
        self.swap.setEnabled(languages.target in offer.sources and languages.source in back)
        self.swap.setToolTip(
            self.tr("Swap the languages")
            if self.swap.isEnabled()
            else self.tr("The other direction cannot be translated with what is installed.")
        )
        self._show_passing()
        self._explain()

    def show_status(self, status: LiveStatus) -> None:
        """What was found out about the language."""
        if (status.language, status.own) != self._found:
            self._found = status.language, status.own
            self._explain()

    def _show_passing(self) -> None:
        """Where the language is found out anyway, there is nothing to choose."""
        languages = self._model.config.languages
        detected = languages.source == DETECT
        self.pass_theirs.setChecked(detected or languages.pass_theirs)
        possible = self._offer.detect or languages.pass_theirs
        self.pass_theirs.setEnabled(possible and not detected)
        self.pass_theirs.setToolTip("" if possible else translated(self._offer.no_detection))

    def _pass_theirs(self, wanted: bool) -> None:
        self._model.set("languages.pass_theirs", wanted)
        self._model.restart()

    def _add_detect(self, chosen: str) -> None:
        """Offered when it works; shown, but not to be chosen, with its reason when not."""
        self.source.addItem(self.tr("Detect"), DETECT)
        if chosen == DETECT:
            self.source.setCurrentIndex(self.source.count() - 1)
        items = self.source.model()
        if not self._offer.detect and isinstance(items, QStandardItemModel):
            item = items.item(self.source.count() - 1)
            item.setEnabled(False)
            item.setToolTip(translated(self._offer.no_detection))

    def _explain(self) -> None:
        languages = self._model.config.languages
        known = self._offer.targets.get(languages.source)
        found, own = self._found
        text = ""
        if own:
            text = self.tr("You speak their language: your own voice is passed on.")
        elif found and languages.source == DETECT:
            text = self.tr("You speak {0}.").format(language_title(found))
        elif languages.source == languages.target:
            text = self.tr("They speak your language already: your own voice is passed on.")
        elif known is not None and languages.target not in known:
            text = self.tr("This pair cannot be translated with what is installed.")
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def _choose(self, key: str, box: QComboBox) -> None:
        self._model.set(f"languages.{key}", box.currentData())
        self._model.restart()

    def _swap(self) -> None:
        languages = self._model.config.languages
        before = self._model.config
        swapped = replace(languages, source=languages.target, target=languages.source)
        self._model.change(replace(before, languages=swapped))
        self._model.restart()

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(4)
        speak, hear = label(self.tr("I speak"), "dim"), label(self.tr("They hear"), "dim")
        speak.setBuddy(self.source)
        hear.setBuddy(self.target)
        grid.addWidget(speak, 0, 0)
        grid.addWidget(hear, 0, 2)
        grid.addWidget(self.source, 1, 0)
        grid.addWidget(self.swap, 1, 1, Qt.AlignmentFlag.AlignCenter)
        grid.addWidget(self.target, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(2, 1)
        return grid


def _fill(box: QComboBox, codes: tuple[str, ...], chosen: str) -> None:
    """The codes by their names, the chosen one among them whether offered or not."""
    wanted = sorted({*codes, chosen} - {DETECT}, key=lambda code: language_title(code).casefold())
    box.clear()
    for code in wanted:
        box.addItem(language_title(code), code)
    box.setCurrentIndex(box.findData(chosen))
    box.setMinimumContentsLength(6)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
