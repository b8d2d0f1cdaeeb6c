"""The page of the settings where guests are added, changed and removed."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from core.config import Config
from core.errors import UsageError
from core.guests import (
    MOST,
    Guest,
    as_the_others,
    called,
    faults,
    guest,
    needs_own,
    written,
    wrong,
)
from core.live import Device, LiveStatus
from core.setting import Setting
from core.text.languages import language_code, spoken_code
from ui.conversation import others_title
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
        self._microphones: Mapping[tuple[str, str], Device] = {}
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
        return tuple(card.text for card in self._kept)

    def show_value(self, value: Any) -> None:
        if self.value != value:
            while self.cards:
                self._take(self.cards[-1])
            for text in value:
                self._put(_as_far_as_it_goes(text)).keep(text)
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
        found = {(one.name, one.source): one.microphone for one in status.guests}
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
        card.edited.connect(lambda: self._settle(self.value))
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

    @property
    def _kept(self) -> list[GuestCard]:
        return [card for card in self.cards if card.kept is not None]

    def _removed(self, card: GuestCard) -> None:
        before, at = self.value, self.cards.index(card)
        self._take(card)
        after = self.cards[at:] or self.cards[-1:]
        (after[0].remove if after else self.adding).setFocus()
        self._settle(before)

    def _settle(self, before: tuple[str, ...]) -> None:
        """What was wrong with one may have been mended at another."""
        while waiting := [card for card in self.cards if card.changed and not self._wrong(card)]:
            waiting[0].keep(written(waiting[0].guest))
        if self.value != before:
            self.changed.emit(self.value)
        self._judge()

    def _bad(self) -> dict[GuestCard, str]:
        """Who stands in the settings and counts for nothing, and why."""
        kept = self._kept
        return {kept[at]: why for at, why in wrong(self.value).items()}

    def _wrong(self, card: GuestCard) -> str:
        """Why it cannot be kept as it is."""
        if not card.guest.name:
            return self.tr("What are they called?")
        if not card.guest.source:
            return self.tr("Which microphone do they speak into?")
        if card.guest.name.casefold() == others_title().casefold():
            return translated(as_the_others(card.guest.name))
        without = {card, *self._bad()}
        others = [one.text for one in self._kept if one not in without]
        try:
            bad = wrong([*others, written(card.guest)])
        except UsageError as error:
            return translated(str(error))
        return translated(bad.get(len(others), ""))

    def _judge(self) -> None:
        """Say at each card what is wrong with it, and add none above what is possible."""
        bad = self._bad()
        known = {card: guest(card.text) for card in self._kept if card not in bad}
        faulty = dict(faults(list(known.values()), self._config))
        for card in self.cards:
            says = self._wrong(card) if card.changed else translated(bad.get(card, ""))
            if not says and (one := known.get(card)) is not None:
                says = translated(faulty.get(one, "")) or self._trouble(one, list(known.values()))
            card.say(says)
        full = len(self.cards) >= MOST
        self.adding.setEnabled(not full)
        many = translated(f"At most {MOST} further speakers can be heard.")
        self.adding.setToolTip(many if full else self.tr("Somebody with a microphone of their own"))

    def _trouble(self, one: Guest, all_: Sequence[Guest]) -> str:
        """Why they are not heard or not translated, though all about them is said."""
        languages, targets = one.config(self._config).languages, self._offer.targets
        known = targets.get(spoken_code(languages.source), ())
        if targets and language_code(languages.target) not in known:
            return self.tr("This pair cannot be translated with what is installed.")
        microphone = self._microphone(one)
        heard = [self._microphone(other) for other in all_ if other is not one]
        if microphone.works and microphone.name in (self._own, *(each.name for each in heard)):
            return translated(needs_own(one))
        return translated(microphone.says)

    def _microphone(self, one: Guest) -> Device:
        """As the session has it, unless that still has another one."""
        return self._microphones.get((one.name, one.source), Device())


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


def _as_far_as_it_goes(text: str) -> Guest:
    """What a wrong text says all the same."""
    try:
        return guest(text)
    except UsageError:
        name, _, rest = text.partition("=")
        return Guest(called(name), rest.strip())


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
