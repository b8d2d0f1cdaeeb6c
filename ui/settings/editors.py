"""A widget for each kind of setting: shows a value, tells when the user has changed it."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QKeySequence, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QKeySequenceEdit,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QWidget,
)

from core.setting import Setting
from ui.services import Option
from ui.settings.words import choice_title, setting_text

STEPS = 200
WIDE = 300
INSET = 7


class Editor(QWidget):
    """Shows one setting; `changed` carries a value that `Setting.checked` accepts."""

    changed = Signal(object)

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting = setting
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(0, 0, 0, 0)
        self.line.setSpacing(10)

    def add(self, part: QWidget, name: str = "") -> None:
        part.setAccessibleName(name or setting_text(self.setting))
        self.line.addWidget(part)
        self.setFocusProxy(part)

    def show_value(self, value: Any) -> None:
        """Without telling of it."""
        raise NotImplementedError

    def offer(self, options: Sequence[Option]) -> None:
        """What can be chosen here; for most kinds that is known already."""


class Switch(Editor):
    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.box = QCheckBox()
        self.add(self.box)
        self.box.clicked.connect(lambda checked: self.changed.emit(checked))

    def show_value(self, value: Any) -> None:
        self.box.setChecked(value)


class _Slider(QSlider):
    """The wheel scrolls the page."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class Range(Editor):
    """A number between two bounds: a slider, and a field for the exact value."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._low = 0.0 if setting.low is None else float(setting.low)
        self._high = 1.0 if setting.high is None else float(setting.high)
        self._whole = setting.kind is int
        self._steps = round(self._high - self._low) if self._whole else STEPS
        self.slider = _Slider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, self._steps)
        self.slider.setPageStep(max(1, self._steps // 10))
        self.slider.setMinimumWidth(150)
        self.number = QDoubleSpinBox()
        self.number.setRange(self._low, self._high)
        self.number.setLocale(QLocale.c())  # the digits of all other figures in the window
        fine = 1 if self._high - self._low > 20 else 2
        self.number.setDecimals(0 if self._whole else fine)
        self.number.setSingleStep(1 if self._whole else (self._high - self._low) / 20)
        self.number.setKeyboardTracking(False)
        self.number.setMinimumWidth(92)
        self.number.lineEdit().setTextMargins(INSET, 0, INSET, 0)
        self.add(self.number)
        self.line.insertWidget(0, self.slider, 1)
        self.slider.setAccessibleName(setting_text(setting))
        self.slider.valueChanged.connect(self._slid)
        self.number.valueChanged.connect(self._typed)

    def show_value(self, value: Any) -> None:
        for part in (self.slider, self.number):
            part.blockSignals(True)
        self.number.setValue(value)
        self.slider.setValue(round((value - self._low) / (self._high - self._low) * self._steps))
        for part in (self.slider, self.number):
            part.blockSignals(False)

    def _slid(self, at: int) -> None:
        value = self._low + at / self._steps * (self._high - self._low)
        self.number.blockSignals(True)
        self.number.setValue(value)
        self.number.blockSignals(False)
        self._tell()

    def _typed(self, value: float) -> None:
        self.show_value(value)
        self._tell()

    def _tell(self) -> None:
        value = self.number.value()
        self.changed.emit(round(value) if self._whole else value)


class _Combo(QComboBox):
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class Choice(Editor):
    """One of several; of those that this machine has, when that is for it to say. A value that is
    not among them is kept."""

    def __init__(self, setting: Setting, options: Sequence[Option]) -> None:
        super().__init__(setting)
        self.box = _Combo()
        self.box.setMinimumWidth(220)
        self.box.setMaximumWidth(WIDE)
        self.add(self.box)
        self._value: Any = setting.default
        self._listed: list[Option] = []
        self._list([*options, *self._beside(options)])
        self.box.activated.connect(self._activated)

    def offer(self, options: Sequence[Option]) -> None:
        """A list that somebody has open stays as it is; a later offer finds it closed."""
        wanted = [*options, *self._beside(options)]
        if wanted != self._listed and not self.box.view().isVisible():
            self._list(wanted)

    def show_value(self, value: Any) -> None:
        self._value = value
        for option in self._beside(self._listed):
            self._add(option)
        self.box.setCurrentIndex(self.box.findData(value))

    def _beside(self, options: Sequence[Option]) -> list[Option]:
        """What is chosen, when it is not among them."""
        value = self._value
        known = any(option.value == value for option in options)
        return [] if known else [Option(value, str(value) or self.tr("Automatic"))]

    def _list(self, options: Sequence[Option]) -> None:
        self.box.clear()
        self._listed = []
        for option in options:
            self._add(option)
        self.box.setCurrentIndex(self.box.findData(self._value))

    def _add(self, option: Option) -> None:
        self._listed.append(option)
        self.box.addItem(option.title, option.value)
        self.box.setItemData(
            self.box.count() - 1, option.note or option.title, Qt.ItemDataRole.ToolTipRole
        )

    def _activated(self) -> None:
        self._value = self.box.currentData()
        self.changed.emit(self._value)


class Text(Editor):
    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.field = QLineEdit()
        self.field.setMaximumWidth(WIDE)
        self.add(self.field)
        self.field.editingFinished.connect(lambda: self.changed.emit(self.field.text()))

    def show_value(self, value: Any) -> None:
        if self.field.text() != value:
            self.field.setText(value)


class Shortcut(Editor):
    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.field = QKeySequenceEdit()
        self.field.setMaximumSequenceLength(1)
        self.field.setClearButtonEnabled(True)
        self.field.setMaximumWidth(WIDE)
        self.add(self.field)
        self.field.keySequenceChanged.connect(self._pressed)

    def show_value(self, value: Any) -> None:
        self.field.blockSignals(True)
        self.field.setKeySequence(QKeySequence.fromString(value, _PORTABLE))
        self.field.blockSignals(False)

    def _pressed(self, keys: QKeySequence) -> None:
        self.changed.emit(keys.toString(_PORTABLE))


_PORTABLE = QKeySequence.SequenceFormat.PortableText


class Lines(Editor):
    """A list, one entry a line; or a table, as "word = translation" a line."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.field = QPlainTextEdit()
        self.field.setTabChangesFocus(True)
        self.field.setMinimumSize(240, 110)
        pairs = setting.kind is dict
        self.field.setPlaceholderText(
            self.tr("word = translation") if pairs else self.tr("one a line")
        )
        self.add(self.field)
        self.field.textChanged.connect(lambda: self.changed.emit(self.value))

    @property
    def value(self) -> tuple[str, ...] | dict[str, str]:
        """A line of a table that is not finished yet is left out."""
        lines = [line.strip() for line in self.field.toPlainText().splitlines() if line.strip()]
        if self.setting.kind is not dict:
            return tuple(lines)
        pairs = (line.split("=", 1) for line in lines if "=" in line)
        cleaned = ((word.strip(), text.strip()) for word, text in pairs)
        return {word: text for word, text in cleaned if word and text}

    def show_value(self, value: Any) -> None:
        if self.value == value:
            return
        pairs = value.items() if isinstance(value, Mapping) else ()
        lines = [f"{word} = {text}" for word, text in pairs] or list(value)
        self.field.blockSignals(True)
        self.field.setPlainText("\n".join(lines))
        self.field.blockSignals(False)


def editor(setting: Setting, options: Sequence[Option] = ()) -> Editor:
    """The widget for a setting, from its declaration alone; `options` are what this machine has
    for one of free text."""
    if setting.kind is bool:
        return Switch(setting)
    if setting.kind in (int, float):
        return Range(setting)
    if setting.kind in (tuple, dict):
        return Lines(setting)
    if setting.section == "shortcuts":
        return Shortcut(setting)
    if setting.choices:
        return Choice(setting, [Option(one, choice_title(setting, one)) for one in setting.choices])
    return Choice(setting, options) if options else Text(setting)
