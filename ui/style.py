"""The style sheet. `$name` stands for a colour of `ui.theme.Colours`, `$icons` for the folder of
the few icons that a style sheet needs."""

from collections.abc import Mapping
from string import Template

from ui.icons import FOLDER

_SHEET = Template("""
QToolTip { color: $window; background: $text; border: none; padding: 5px 8px; }
QLabel[role="title"] { font-size: 15pt; font-weight: 600; }
QLabel[role="heading"] { font-size: 10pt; font-weight: 600; color: $text; }
QLabel[role="dim"] { color: $dim; }
QLabel[role="bad"] { color: $bad; }
QLabel[role="warn"] { color: $warn; }
QLabel[role="good"] { color: $good; }
QFrame[role="card"] { background: $surface; border: 1px solid $line; border-radius: 12px; }
QFrame[role="bar"] { background: $surface; border: none; border-top: 1px solid $line; }
QFrame[role="banner"] { background: $surface; border: 1px solid $warn; border-radius: 10px; }
QFrame[role="banner"][kind="bad"] { border-color: $bad; }
QFrame[role="rule"] { background: $line; border: none; max-height: 1px; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }

QPushButton, QToolButton {
    background: $surface; color: $text; border: 1px solid $line; border-radius: 8px;
    padding: 6px 14px; min-height: 20px;
}
QToolButton { padding: 6px; }
QPushButton:hover, QToolButton:hover { background: $well; }
QPushButton:pressed, QToolButton:pressed { background: $line; }
QPushButton:focus, QToolButton:focus { border: 2px solid $accent; padding: 5px 13px; }
QToolButton:focus { padding: 5px; }
QPushButton:checked, QToolButton:checked {
    background: $soft; border-color: $accent; color: $text;
}
QPushButton:disabled, QToolButton:disabled { color: $edge; background: $window; }
QPushButton[kind="primary"] {
    background: $accent; color: $on_accent; border-color: $accent; font-weight: 600;
}
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled { background: $well; color: $edge; border-color: $line; }
QPushButton[kind="danger"] { color: $bad; border-color: $bad; font-weight: 600; }
QPushButton[kind="danger"]:checked { background: $bad; color: $window; border-color: $bad; }
QPushButton[scale="big"] {
    font-size: 12pt; padding: 9px 22px; min-height: 26px; border-radius: 10px;
}
QPushButton[scale="big"]:focus { padding: 8px 21px; }
QToolButton[kind="plain"] { background: transparent; border-color: transparent; }
QToolButton[kind="plain"]:hover { background: $well; }
QToolButton[kind="plain"]:focus { border: 2px solid $accent; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QPlainTextEdit, QKeySequenceEdit QLineEdit {
    background: $surface; color: $text; border: 1px solid $edge; border-radius: 8px;
    padding: 5px 9px; min-height: 20px; selection-background-color: $accent;
    selection-color: $on_accent;
}
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QPlainTextEdit:focus {
    border: 2px solid $accent; padding: 4px 8px;
}
QLineEdit QToolButton, QLineEdit QToolButton:focus {
    background: transparent; border: none; padding: 0; min-height: 0;
}
QComboBox:disabled, QLineEdit:disabled { color: $edge; background: $window; }
QComboBox::drop-down { border: none; width: 26px; }
QComboBox::down-arrow { image: url($icons/chevron-$name.svg); width: 16px; height: 16px; }
QSpinBox::up-button, QDoubleSpinBox::up-button,
QSpinBox::down-button, QDoubleSpinBox::down-button { border: none; width: 20px; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {
    image: url($icons/up-$name.svg); width: 12px; height: 12px;
}
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {
    image: url($icons/chevron-$name.svg); width: 12px; height: 12px;
}
QComboBox QAbstractItemView {
    background: $surface; color: $text; border: 1px solid $line; padding: 4px; outline: none;
    selection-background-color: $soft; selection-color: $text;
}

QCheckBox { spacing: 8px; }
QCheckBox::indicator {
    width: 18px; height: 18px; border: 1px solid $edge; border-radius: 5px; background: $surface;
}
QCheckBox::indicator:checked {
    background: $accent; border-color: $accent; image: url($icons/tick-$name.svg);
}
QCheckBox::indicator:focus { border: 2px solid $text; }
QSlider:horizontal { min-height: 20px; }
QSlider::groove:horizontal { height: 4px; background: $line; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal {
    width: 16px; height: 16px; margin: -6px 0; border-radius: 8px; background: $accent;
}
QSlider::handle:horizontal:focus { border: 2px solid $text; width: 14px; height: 14px; }
QSlider::sub-page:horizontal:disabled, QSlider::handle:horizontal:disabled { background: $edge; }
QSplitter::handle { background: transparent; image: none; }
QProgressBar {
    background: $well; border: none; border-radius: 4px; max-height: 8px; text-align: center;
}
QProgressBar::chunk { background: $accent; border-radius: 4px; }

QTextBrowser, QListView, QTreeView, QTableView, QListWidget {
    background: $surface; color: $text; border: 1px solid $line; border-radius: 10px;
    selection-background-color: $soft; selection-color: $text; outline: none;
}
QTextBrowser[kind="plain"] { border: 1px solid transparent; background: transparent; }
QTextBrowser[kind="plain"]:focus { border: 1px solid $accent; border-radius: 8px; }
QListView:focus, QTableView:focus, QTextBrowser:focus { border-color: $accent; }
QTableView::item { padding: 5px 6px; }
QListWidget[kind="pages"], QListWidget[kind="pages"]:focus {
    background: transparent; border: 1px solid transparent;
}
QListWidget[kind="pages"]::item { padding: 8px 12px; border-radius: 8px; margin: 1px 0; }
QListWidget[kind="pages"]::item:selected { background: $soft; color: $text; }
QListWidget[kind="pages"]:focus::item:selected { border: 1px solid $accent; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus {
    border: none; padding: 0 0 0 8px; background: transparent; min-height: 0;
}
QHeaderView, QHeaderView::section { background: transparent; border: none; }
QHeaderView::section:horizontal {
    color: $dim; border-bottom: 1px solid $line; padding: 6px 9px;
}
QMenu { background: $surface; border: 1px solid $line; padding: 6px; }
QMenu::item { padding: 7px 28px 7px 14px; border-radius: 6px; }
QMenu::item:selected { background: $soft; color: $text; }
QMenu::item:disabled { color: $edge; }
QMenu::separator { height: 1px; background: $line; margin: 6px 8px; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 4px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: $edge; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
    background: transparent; width: 0; height: 0;
}
""")


def sheet(colours: Mapping[str, str]) -> str:
    return _SHEET.substitute(colours, icons=FOLDER.as_posix())
