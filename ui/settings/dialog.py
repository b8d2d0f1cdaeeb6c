"""The settings dialog, built from `core.config.declared()`: a page for each section."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from PySide6.QtCore import QCoreApplication, QSize, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.config import Config, declared
from core.setting import Setting
from ui.languages import DETECT, language_title
from ui.model import LiveModel
from ui.services import Offer, Option, Services
from ui.settings.autostart import autostart_row
from ui.settings.device_page import DevicePreview
from ui.settings.guests import GuestsPage
from ui.settings.noise import NoiseCard
from ui.settings.page import SectionPage
from ui.settings.profiles import ProfilePage
from ui.settings.strip import StripCard
from ui.settings.words import section_title
from ui.translation import LANGUAGES
from ui.widgets.basics import button, label, row, scrolled
from ui.work import Work

PAGES = {"guests": GuestsPage}
"""Those that are more than a row for each setting."""
WITH_DEVICES = ("devices", "guests")
LOOK_EVERY = 3000
"""Milliseconds between two looks for devices while a page with some is open."""


class SettingsDialog(QDialog):
    """What is changed holds at once; there is nothing to confirm. What the machine offers is
    looked for in the background, on pages with devices again and again."""

    def __init__(self, model: LiveModel, services: Services, work: Work, parent: QWidget) -> None:
        super().__init__(parent)
        self._model, self._services, self._work = model, services, work
        self.setWindowTitle(self.tr("Settings"))
        self.resize(860, 640)
        self.list = QListWidget()
        self.list.setProperty("kind", "pages")
        self.list.setAccessibleName(self.tr("Pages of the settings"))
        self.list.setFixedWidth(170)
        self.stack = QStackedWidget()
        self._sections = {
            section: list(settings)
            for section, settings in groupby(declared(), key=lambda one: one.section)
        }
        self._built: dict[str, SectionPage] = {}
        self._offer = Offer()
        self._options = options_of(self._offer, model.config)
        self._notes: dict[str, str] = {}
        self._looking = QTimer(self, interval=LOOK_EVERY)
        self._looking.timeout.connect(lambda: self.look() if self.isVisible() else None)
        self.problem = label("", "bad", wrap=True)
        self.problem.hide()
        self._fill()
        self._lay_out()
        self.list.currentRowChanged.connect(self._open_page)
        self.list.setCurrentRow(0)
        model.config_changed.connect(self.show_config)
        self._building = QTimer(self, interval=0)
        self._building.timeout.connect(self._build_next)
        self._building.start()
        self.look()

    @property
    def editors(self) -> Iterator[str]:
        """The names of all settings that have a widget here."""
        for section in self._sections:
            yield from self.page(section).editors

    def page(self, section: str) -> SectionPage:
        """Built when it is first wanted: all of them at once take longer than the window may
        stand still."""
        if section not in self._built:
            kind = PAGES.get(section, SectionPage)
            page = kind(section, self._sections[section], self._options)
            page.edited.connect(self._edited)
            page.show_offer(self._offer)
            page.show_config(self._model.config)
            page.show_note(self._notes.get(section, ""))
            self._built[section] = page
            self._extend(section, page)
            area = self.stack.widget(list(self._sections).index(section))
            if isinstance(area, QScrollArea):
                area.setWidget(page)
        return self._built[section]

    def note(self, section: str, text: str) -> None:
        """A remark under the settings of a section."""
        self._notes[section] = text
        if section in self._built:
            self._built[section].show_note(text)

    def show_config(self, config: Config) -> None:
        for page in self._built.values():
            page.show_config(config)

    def look(self) -> None:
        """Ask again what this machine offers."""
        config = self._model.config
        if not self._work.busy:
            self._work.ask(self, "offer", lambda: self._services.offer(config), self.show_offer)

    def show_offer(self, offer: Offer) -> None:
        self._offer = offer
        self._options = options_of(offer, self._model.config)
        for page in self._built.values():
            page.offer(self._options)
            page.show_offer(offer)

    def _fill(self) -> None:
        for section in self._sections:
            self._add(section_title(section), QWidget())
        self.profiles = ProfilePage(self._model, self._services)
        self._add(self.tr("Profiles"), self.profiles)

    def _build_next(self) -> None:
        missing = [section for section in self._sections if section not in self._built]
        if missing:
            self.page(missing[0])
        else:
            self._building.stop()

    def _extend(self, section: str, page: SectionPage) -> None:
        """What belongs beside the settings of some sections."""
        if section == "segmentation":
            page.add_part(StripCard(self._model), first=True)
        elif section == "devices":
            self.preview = DevicePreview(self._model)
            page.add_part(self.preview)
        elif section == "enhance":
            self.noise = NoiseCard(self._model, self._services, self._work)
            page.add_part(self.noise)
        elif isinstance(page, GuestsPage):
            self._model.status_changed.connect(page.show_status)
        elif section == "window":
            autostart_row(self._services, page)

    def _add(self, title: str, page: QWidget) -> None:
        item = QListWidgetItem(title)
        item.setSizeHint(QSize(0, 34))
        self.list.addItem(item)
        self.stack.addWidget(scrolled(page))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        body = row(self.list, self.stack, spacing=16)
        body.setStretch(1, 1)
        column.addLayout(body, 1)
        column.addWidget(self.problem)
        close = button(self.tr("Close"), "primary")
        close.setDefault(True)
        close.clicked.connect(self.close)
        column.addLayout(row(None, close))

    def _open_page(self, at: int) -> None:
        section = next(iter(list(self._sections)[at : at + 1]), "")
        if section:
            self.page(section)
        self.stack.setCurrentIndex(at)
        if section in WITH_DEVICES:
            self.look()
            self._looking.start()
        else:
            self._looking.stop()

    def _edited(self, name: str, value: object) -> None:
        try:
            self._model.set(name, value)
            self.problem.hide()
        except ValueError as error:
            self.problem.setText(str(error))
            self.problem.show()


def options_of(offer: Offer, config: Config) -> dict[str, Sequence[Option]]:
    """What can be chosen for settings of free text, by their names."""
    sources = [Option(code, language_title(code)) for code in offer.sources]
    if offer.detect:
        sources.append(Option(DETECT, QCoreApplication.translate("settings", "Detect")))
    targets = offer.targets.get(config.languages.source, ())
    languages = [Option(code, title) for code, title in LANGUAGES.items()]
    found: dict[str, Sequence[Option]] = {
        "languages.source": sources or [_same("languages.source", config)],
        "languages.target": [Option(code, language_title(code)) for code in targets]
        or [_same("languages.target", config)],
        "window.language": [
            Option("auto", QCoreApplication.translate("settings", "The system's")),
            *languages,
        ],
    }
    tongues = sorted({*offer.sources, *(one for known in offer.targets.values() for one in known)})
    same = [Option("", QCoreApplication.translate("settings", "Automatic"))]
    for name in ("others.speak", "others.language"):
        found[name] = same + [Option(code, language_title(code)) for code in tongues]
    for name in _free():
        offered = offer.options.get(name)
        options = [replace(one, title=_title(name, one.value, one.title)) for one in offered or ()]
        found.setdefault(name, options or [_same(name, config)])
    return found


def _same(name: str, config: Config) -> Option:
    setting: Setting = next(one for one in declared() if one.name == name)
    value = str(setting.of(config))
    return Option(value, _title(name, value, value))


def _title(name: str, value: str, title: str) -> str:
    """Of what every machine has, in the window's language; of the rest as it is called."""
    translate = QCoreApplication.translate
    if name.startswith("languages."):
        return language_title(value)
    if value == "" and (name.startswith("devices.") or name == "others.output"):
        return translate("settings", "The system's")
    if value in ("", "auto"):
        return translate("settings", "Automatic")
    return translate("settings", "Off") if value == "off" else title


def _free() -> Iterator[str]:
    """Settings of free text whose values this machine offers."""
    single = "voice.name", "others.source", "others.output"
    for setting in declared():
        if setting.section in ("devices", "engines", "models") or setting.name in single:
            if setting.choices:
                continue
            yield setting.name
