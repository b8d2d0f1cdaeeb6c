"""The first minute: camera, microphone, what the meeting needs, language, models."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from core.config import declared
from core.live import LiveStatus
from ui.model import LiveModel
from ui.pages.findings import FindingList
from ui.services import Offer, Services
from ui.settings.device_page import DevicePreview
from ui.settings.dialog import options_of
from ui.settings.editors import Choice
from ui.widgets.basics import Card, button, label, row, scrolled
from ui.widgets.languages import LanguageCard
from ui.work import Work


class Guide(QDialog):
    """Five pages; whatever is chosen holds at once. It may be left at any page."""

    models_wanted = Signal()

    def __init__(self, model: LiveModel, services: Services, work: Work, parent: QWidget) -> None:
        super().__init__(parent)
        self._model, self._services = model, services
        self.setWindowTitle(self.tr("Welcome"))
        self.resize(680, 620)
        self.stack = QStackedWidget()
        self.preview = DevicePreview(model)
        self.findings = FindingList(services, work)
        self.languages = LanguageCard(model)
        self.choices: dict[str, Choice] = {}
        self._pages()
        self.back = button(self.tr("Back"))
        self.onward = button("", "primary")
        self.onward.setDefault(True)
        self.leave = button(self.tr("Skip"))
        self.step = label("", "dim")
        self.back.clicked.connect(lambda: self.go(self.stack.currentIndex() - 1))
        self.onward.clicked.connect(self._next)
        self.leave.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(12)
        column.addWidget(self.stack, 1)
        column.addLayout(row(self.leave, self.step, None, self.back, self.onward))
        model.status_changed.connect(self._heard)
        self.findings.look()
        self.go(0)

    def go(self, at: int) -> None:
        self.stack.setCurrentIndex(at)
        last = at == self.stack.count() - 1
        self.back.setEnabled(at > 0)
        self.onward.setText(self.tr("Start translating") if last else self.tr("Next"))
        self.leave.setText(self.tr("Close") if last else self.tr("Skip"))
        self.step.setText(self.tr("Step {0} of {1}").format(at + 1, self.stack.count()))
        self.onward.setFocus()

    def show_offer(self, offer: Offer) -> None:
        self.languages.show_offer(offer)
        options = options_of(offer, self._model.config)
        for name, choice in self.choices.items():
            choice.offer(options[name])

    def _next(self) -> None:
        at = self.stack.currentIndex() + 1
        if at < self.stack.count():
            self.go(at)
        else:
            self.accept()
            if not self._model.at_work:
                self._model.start()

    def _pages(self) -> None:
        camera = self._choice("devices.camera")
        microphone = self._choice("devices.microphone")
        self.loud = label(self.tr("Say something: the bar should move."), wrap=True)
        self._add(
            self.tr("Camera and microphone"),
            self.tr("Is this you, and does the bar move when you speak?"),
            self._named(self.tr("Camera"), camera),
            self._named(self.tr("Microphone"), microphone),
            self.preview,
            self.loud,
        )  # fmt: skip
        self._add(
            self.tr("What the meeting needs"),
            self.tr(
                "Meeting programs see a camera called Translated Camera and hear a microphone"
                " called Translated Microphone. What is missing for that stands here."
            ),
            scrolled(self.findings),
        )
        self._add(
            self.tr("Languages"),
            self.tr("You can change them at any time, also while you speak."),
            self.languages,
        )
        more = button(self.tr("Choose better models…"))
        more.clicked.connect(self.models_wanted)
        self._add(
            self.tr("Models"),
            self.tr(
                "What is built in works at once and is clumsy: simple recognition of English,"
                " simple translation, a robot's voice. Better models can be downloaded now or"
                " later."
            ),
            self._named("", more),
        )
        card = Card()
        for text in (
            self.tr("Choose Translated Camera and Translated Microphone in your meeting program."),
            self.tr("Something is wrong? {0} shows your own picture and voice at once.").format(
                self._model.config.shortcuts.panic
            ),
            self.tr("Headphones keep the microphone from hearing the translation."),
        ):
            card.body.addWidget(label("•  " + text, wrap=True))
        self._add(self.tr("Ready"), self.tr("Three things to know:"), card)

    def _add(self, title: str, text: str, *parts: QWidget) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(label(title, "title"))
        column.addWidget(label(text, "dim", wrap=True))
        for part in parts:
            column.addWidget(part, 4 if isinstance(part, QScrollArea) else 0)
        column.addStretch(1)
        self.stack.addWidget(page)

    def _named(self, text: str, part: QWidget) -> QWidget:
        """With its name in front; without one, at the side where reading begins."""
        line = QWidget()
        name = label(text, "dim")
        name.setVisible(bool(text))
        name.setMinimumWidth(110)
        line.setLayout(row(name, part, None))
        return line

    def _choice(self, name: str) -> Choice:
        setting = next(one for one in declared() if one.name == name)
        made = Choice(setting, options_of(Offer(), self._model.config)[name])
        made.show_value(setting.of(self._model.config))
        made.changed.connect(lambda value: self._model.set(name, value))
        self.choices[name] = made
        return made

    def _heard(self, status: LiveStatus) -> None:
        if status.level.speech > 0.5 and self.isVisible():
            self.loud.setText(self.tr("I hear you."))
