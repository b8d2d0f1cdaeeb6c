"""A guest in the settings: their name, what they speak into, in which languages, whose voice."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from core.errors import UsageError
from core.guests import Guest, called
from core.text.languages import language_code, spoken_code
from ui.languages import DETECT, language_title
from ui.services import Offer, Option
from ui.widgets.basics import Card, button, label, row, tip

VOICES = ("+f3", "+f5", "+f2", "+f4"), ("+m3", "+m5", "+m7", "+m1")
"""Variants that the built-in synthesiser knows in every language: women's and men's."""
NARROW = 200
LONGEST_NAME = 60


class GuestCard(Card):
    """Shows a guest, and what the user makes of them. `kept` is who they are in the settings:
    nobody yet while something is missing, and what they were before while something is wrong.
    There they stand as `text`, which may be a wrong one."""

    edited = Signal()
    removed = Signal()

    def __init__(self, guest: Guest) -> None:
        super().__init__()
        self.kept: Guest | None = None
        self.text = ""
        self._offer, self._source = Offer(), ""
        self.name = _Name()
        if self.isRightToLeft():  # else it goes by the letters of the name
            self.name.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
        self.source, self.from_, self.to, self.voice = Choose(), Choose(), Choose(), Choose()
        self.remove = button(self.tr("Remove"))
        self.says = label("", "warn", wrap=True)
        self.says.hide()
        self._lay_out()
        self.show_guest(guest)
        self.name.editingFinished.connect(self._typed)
        for box in self._boxes:
            box.activated.connect(self._chosen)
        self.remove.clicked.connect(self.removed)

    @property
    def parts(self) -> tuple[QWidget, ...]:
        """What is operated, in the order in which it is read."""
        return (*self._titles, self.remove)

    @property
    def guest(self) -> Guest:
        """As the fields say."""
        return Guest(called(self.name.text()), *(box.currentData() for box in self._boxes))

    @property
    def changed(self) -> bool:
        """Whether it is other than in the settings."""
        return self.guest != self.kept

    def keep(self, text: str) -> None:
        """It stands in the settings as it is here."""
        self.kept, self.text = self.guest, text

    def show_guest(self, guest: Guest) -> None:
        self.name.setMaxLength(max(LONGEST_NAME, len(guest.name)))
        self.name.setText(guest.name)
        self._fill(guest)
        self._call(guest.name)

    def show_offer(self, offer: Offer, source: str) -> None:
        """What can be chosen here; `source` is the language that the user speaks. A list that
        somebody has open stays as it is; a later call finds it closed."""
        if (offer, source) != (self._offer, self._source) and not self._open:
            self._offer, self._source = offer, source
            self._fill(self.guest)

    def say(self, text: str) -> None:
        """What is wrong with them; nothing where all is well. Who hears the window read out is
        told at each field."""
        self.says.setText(text)
        self.says.setVisible(bool(text))
        for part in self.parts:
            part.setAccessibleDescription(text)

    @property
    def _boxes(self) -> tuple["Choose", ...]:
        return self.source, self.from_, self.to, self.voice

    @property
    def _open(self) -> bool:
        return any(box.view().isVisible() for box in self._boxes)

    def _chosen(self) -> None:
        """What they can be heard in depends on what they speak."""
        self._fill(self.guest)
        self.edited.emit()

    def _typed(self) -> None:
        self._call(called(self.name.text()))
        self.edited.emit()

    def _call(self, name: str) -> None:
        """For who hears the window read out: whose fields these are."""
        name = name or self.tr("Guest")
        self.setAccessibleName(name)
        for part, title in self._titles.items():
            part.setAccessibleName(f"{title}: {name}")
        remove = self.tr("Remove {0}").format(name)
        self.remove.setAccessibleName(remove)
        self.remove.setToolTip(tip(remove))

    def _fill(self, guest: Guest) -> None:
        offer = self._offer
        microphones = [one for one in offer.options.get("devices.microphone", ()) if one.value]
        if not guest.source:
            microphones.insert(0, Option("", self.tr("Choose a microphone")))
        from_, to = _code(guest.from_, spoken_code), _code(guest.to, language_code)
        targets = offer.targets.get(from_ or _code(self._source, spoken_code), ())
        found_out = offer.detect or from_ == DETECT
        detect = [Option(DETECT, self.tr("Detect"))] if found_out else []
        self.source.fill(microphones, guest.source)
        as_user = Option("", self.tr("The same as you"))
        self.from_.fill([as_user, *detect, *_languages(offer.sources, from_)], from_)
        as_for_user = Option("", self.tr("The same as for you"))
        self.to.fill([as_for_user, *_languages(targets, to)], to)
        self.voice.fill(self._voices(), guest.voice)

    def _voices(self) -> list[Option]:
        """The one that nobody else has is found by itself."""
        women, men = self.tr("A woman's voice, {0}"), self.tr("A man's voice, {0}")
        named = [
            Option(voice, title.format(number))
            for title, voices in zip((women, men), VOICES, strict=True)
            for number, voice in enumerate(voices, start=1)
        ]
        return [Option("", self.tr("One of their own")), *named]

    def _lay_out(self) -> None:
        self._titles: dict[QWidget, str] = {
            self.name: self.tr("Name in captions and transcripts"),
            self.source: self.tr("Microphone"),
            self.from_: self.tr("They speak"),
            self.to: self.tr("Others hear them in"),
            self.voice: self.tr("Voice of the translation"),
        }
        self.source.setToolTip(self.tr("Nobody else speaks into it, and nothing else is heard."))
        self.voice.setToolTip(self.tr("Some engines have one voice only; then all sound alike."))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        for at, (part, title) in enumerate(self._titles.items()):
            part.setMinimumWidth(NARROW)
            text = label(title, "dim")
            text.setBuddy(part)
            grid.addWidget(text, at // 2 * 3, at % 2)
            grid.addWidget(part, at // 2 * 3 + 1, at % 2)
            grid.setRowMinimumHeight(at // 2 * 3 + 2, 2)
        grid.addLayout(row(None, self.remove), 7, 1)
        self.body.addLayout(grid)
        self.body.addWidget(self.says)


class _Name(QLineEdit):
    """The key that ends it does not close the dialog."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()


class Choose(QComboBox):
    """One of several; what is not among them is kept. The wheel scrolls the page."""

    def fill(self, options: Sequence[Option], value: str) -> None:
        self.clear()
        for option in options:
            self.addItem(option.title, option.value)
        if self.findData(value) < 0:
            self.addItem(value, value)
        self.setCurrentIndex(self.findData(value))
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def _code(given: str, read: Callable[[str], str]) -> str:
    """The language as the boxes have it; what is none stays as it is written."""
    try:
        return read(given) if given else ""
    except UsageError:
        return given


def _languages(codes: Sequence[str], chosen: str) -> list[Option]:
    """The chosen one among them, whether it can be had or not."""
    named = [Option(code, language_title(code)) for code in {*codes, chosen} - {"", DETECT}]
    return sorted(named, key=lambda one: one.title.casefold())
