"""The page of the settings where guests are added, changed and removed."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from core.config import Config, Setting
from core.errors import UsageError
from core.guests import MOST, Guest, check, faults, guest, needs_own, written
from core.live import Device, LiveStatus
from ui.sentences import translated
from ui.services import Offer, Option
from ui.settings.editors import Editor
from ui.settings.guest_card import GuestCard
from ui.settings.page import SectionPage
from ui.settings.words import setting_text
from ui.widgets.basics import button, label, row


class GuestList(Editor):
    """A card for each guest. One that is not finished yet is only here."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.cards: list[GuestCard] = []
        self._config, self._offer = Config(), Offer()
        self._microphones: Mapping[str, Device] = {}
        self._own = ""
        body = QWidget()
        self.column = QVBoxLayout(body)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        self.adding = button(self.tr("Add a guest"))
        self.adding.clicked.connect(self.begin)
        self.column.addLayout(row(self.adding, None))
        self.add(body)
        self.setFocusProxy(self.adding)

    @property
    def value(self) -> tuple[str, ...]:
        return tuple(written(card.kept) for card in self.cards if card.kept is not None)

    def show_value(self, value: Any) -> None:
        if self.value != value:
            while self.cards:
                self._take(self.cards[-1])
            for one in map(guest, value):
                self._put(one).kept = one
        self._judge()

    def show_config(self, config: Config) -> None:
        """The settings beside which they are to make sense."""
        self._config = config
        for card in self.cards:
            card.show_offer(self._offer, config.languages.source)

    def show_offer(self, offer: Offer) -> None:
        self._offer = offer
        self.show_config(self._config)
        self._judge()

    def show_status(self, status: LiveStatus) -> None:
        found = {one.name: one.microphone for one in status.guests}
        own = status.microphone.name if status.microphone.works else ""
        if (found, own) != (self._microphones, self._own):
            self._microphones, self._own = found, own
            self._judge()

    def begin(self) -> None:
        """A further card, to be filled in."""
        taken = {card.guest.name for card in self.cards}
        names = (self.tr("Guest {0}").format(number) for number in range(1, MOST + 2))
        card = self._put(Guest(next(name for name in names if name not in taken), ""))
        self._judge()
        card.name.setFocus()
        card.name.selectAll()
        _show(card)

    def _put(self, one: Guest) -> GuestCard:
        card = GuestCard(one)
        card.show_offer(self._offer, self._config.languages.source)
        card.edited.connect(lambda: self._edited(card))
        card.removed.connect(lambda: self._removed(card))
        self.column.insertWidget(len(self.cards), card)
        self.cards.append(card)
        walked = [part for one in self.cards for part in one.parts]
        for part, after in pairwise([*walked, self.adding]):
            self.setTabOrder(part, after)
        return card

    def _take(self, card: GuestCard) -> None:
        self.cards.remove(card)
        self.column.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _edited(self, card: GuestCard) -> None:
        if not self._wrong(card):
            card.kept = card.guest
            self.changed.emit(self.value)
        self._judge()

    def _removed(self, card: GuestCard) -> None:
        at, was_kept = self.cards.index(card), card.kept is not None
        self._take(card)
        after = self.cards[at:] or self.cards[-1:]
        (after[0].remove if after else self.adding).setFocus()
        if was_kept:
            self.changed.emit(self.value)
        self._judge()

    def _wrong(self, card: GuestCard) -> str:
        """Why it cannot be kept as it is."""
        if not card.guest.name:
            return self.tr("What are they called?")
        if not card.guest.source:
            return self.tr("Which microphone do they speak into?")
        others = (one.kept for one in self.cards if one is not card)
        try:
            check([written(one) for one in (card.guest, *others) if one is not None])
        except UsageError as error:
            return translated(str(error))
        return ""

    def _judge(self) -> None:
        """Say at each card what is wrong with it, and add none above what is possible."""
        known = [card.kept for card in self.cards if card.kept is not None]
        wrong = dict(faults(known, self._config))
        for card in self.cards:
            entered = "" if card.kept == card.guest else self._wrong(card)
            card.say(entered or self._trouble(card.kept, wrong))
        full = len(self.cards) >= MOST
        self.adding.setEnabled(not full)
        many = translated(f"At most {MOST} further speakers can be heard.")
        self.adding.setToolTip(many if full else self.tr("Somebody with a microphone of their own"))

    def _trouble(self, one: Guest | None, wrong: Mapping[Guest, str]) -> str:
        """Why they are not heard or not translated, though all about them is said."""
        if one is None:
            return ""
        microphone = self._microphones.get(one.name, Device())
        if one in wrong:
            return translated(wrong[one])
        languages = one.config(self._config).languages
        known = self._offer.targets.get(languages.source)
        if known is not None and languages.target not in known:
            return self.tr("This pair cannot be translated with what is installed.")
        if microphone.works and microphone.name == self._own:
            return translated(needs_own(one))
        return translated(microphone.says)


class GuestsPage(SectionPage):
    """In place of a row for each setting: the guests."""

    guests: GuestList

    def __init__(
        self, section: str, settings: Sequence[Setting], options: dict[str, Sequence[Option]]
    ) -> None:
        super().__init__(section, settings, options)
        self.card.hide()
        self.defaults.hide()

    def _add(self, setting: Setting, options: object) -> None:
        self.guests = GuestList(setting)
        self.guests.changed.connect(lambda value: self.edited.emit(setting.name, value))
        self.editors[setting.name] = self.guests
        said = setting_text(setting)
        more = self.tr("Each is translated beside you, and named in captions and transcripts.")
        self.column.addWidget(label(f"{said} {more}", "dim", wrap=True))
        self.column.addWidget(self.guests)
        later = self.tr("While you translate, a change takes effect at the next start.")
        self.column.addWidget(label(later, "dim", wrap=True))

    def show_config(self, config: Config) -> None:
        self.guests.show_config(config)
        super().show_config(config)

    def show_offer(self, offer: Offer) -> None:
        self.guests.show_offer(offer)

    def show_status(self, status: LiveStatus) -> None:
        if self.isVisible():
            self.guests.show_status(status)


def _show(card: QWidget) -> None:
    """Where it can be seen, as soon as the page has grown by it."""
    above = card.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if isinstance(above, QScrollArea):
        area, once = above, Qt.ConnectionType.SingleShotConnection
        area.verticalScrollBar().rangeChanged.connect(
            lambda: QTimer.singleShot(0, card, lambda: area.ensureWidgetVisible(card)), once
        )
