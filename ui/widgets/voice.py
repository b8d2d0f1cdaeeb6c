"""The microphone, and how much of the speaker's own voice the others hear."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QSlider

from core.config import Config, declared
from core.enhancing import OFF
from core.events import State
from core.live import LiveStatus
from ui.model import LiveModel
from ui.settings.words import choice_title
from ui.widgets.basics import Card, label, row
from ui.widgets.meter import Meter

TOP = 100
FAINTEST = -42.0


class VoiceCard(Card):
    """Level and balance. The slider stands for two settings: at its ends the own voice is silent
    or as it is, between them it lies so far under the translation."""

    def __init__(self, model: LiveModel) -> None:
        super().__init__("")
        self._model = model
        self.meter = Meter()
        self.heard = label("", "dim")
        self.balance = QSlider(Qt.Orientation.Horizontal)
        self.balance.setRange(0, TOP)
        self.balance.setPageStep(10)
        self.balance.setAccessibleName(self.tr("How loud your own voice stays"))
        self.balance_text = label("", "dim")
        self.noise = QComboBox()
        self.noise.setAccessibleName(self.tr("What keeps noise away"))
        self._fill_noise()
        self.taken = label("", "dim")
        self.setAccessibleName(self.tr("Microphone"))
        self.body.addLayout(row(label(self.tr("Microphone"), "heading"), None, self.heard))
        self.body.addWidget(self.meter)
        self.body.addSpacing(2)
        self.body.addLayout(row(label(self.tr("Your own voice"), "dim"), None, self.balance_text))
        self.body.addWidget(self.balance)
        self.body.addSpacing(2)
        self.body.addLayout(row(label(self.tr("Noise"), "dim"), None, self.taken))
        self.body.addWidget(self.noise)
        self.noise.activated.connect(lambda: model.set("enhance.engine", self.noise.currentData()))
        self.balance.valueChanged.connect(self._moved)
        model.config_changed.connect(self.refresh)
        self.refresh(model.config)

    def show_status(self, status: LiveStatus, ends_after: float) -> None:
        self.meter.show_level(status.level, ends_after)
        self.heard.setText(self.meter.words)
        away = self._model.config.enhance.engine != OFF and status.state is State.RUNNING
        less = max(0.0, status.before_db - status.after_db)
        self.taken.setText(self.tr("{0} dB less").format(f"{less:.0f}") if away else "")

    def refresh(self, config: Config) -> None:
        self.noise.setCurrentIndex(self.noise.findData(config.enhance.engine))
        self.balance.blockSignals(True)
        self.balance.setValue(position(config))
        self.balance.blockSignals(False)
        self._explain()

    def _fill_noise(self) -> None:
        setting = next(one for one in declared() if one.name == "enhance.engine")
        for choice in setting.choices:
            self.noise.addItem(choice_title(setting, choice), choice)

    def _moved(self, value: int) -> None:
        self._model.change(balanced(self._model.config, value))
        self._explain()

    def _explain(self) -> None:
        voice = self._model.config.voice
        text = {
            "off": self.tr("silent"),
            "duck": self.tr("{0} dB under the translation").format(f"{-voice.duck_db:.0f}"),
            "pass": self.tr("as it is"),
        }[voice.original]
        self.balance_text.setText(text)
        self.balance.setAccessibleDescription(text)


def position(config: Config) -> int:
    """Where the slider stands for these settings."""
    voice = config.voice
    if voice.original == "duck":
        share = 1 - max(FAINTEST, voice.duck_db) / FAINTEST
        return min(TOP - 1, max(1, round(share * TOP)))
    return TOP if voice.original == "pass" else 0


def balanced(config: Config, value: int) -> Config:
    """The settings that a position of the slider stands for."""
    if value in (0, TOP):
        voice = replace(config.voice, original="pass" if value else "off")
    else:
        voice = replace(config.voice, original="duck", duck_db=FAINTEST * (1 - value / TOP))
    return replace(config, voice=voice)
