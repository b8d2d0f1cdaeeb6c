"""The few shapes that everything in the window is made of."""

from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui import theme
from ui.icons import icon

GAP = 12
_RIGHT = (
    Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
)
NOTHING = "\N{EN DASH}"
"""Stands where there is nothing to say yet."""


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """`role` is a kind of text that the style sheet knows: title, heading, dim, bad, warn, good."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    # The dots of a capital stand above what fonts tell as their height.
    made.setContentsMargins(0, 2, 0, 0)
    if QApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft:
        # Qt puts a label on the side where its own text begins, be it a word of English.
        made.setAlignment(_RIGHT)
    if role:
        made.setProperty("role", role)
    return made


def tip(text: str) -> str:
    """As a tooltip, which takes for HTML what looks like it."""
    return f"<qt>{escape(text)}</qt>" if {"<", "&"} & set(text) else text


def set_role(widget: QWidget, name: str, value: str) -> None:
    """Change what the style sheet goes by."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def button(text: str, kind: str = "", icon_name: str = "") -> QPushButton:
    """`kind`: primary, danger, or a plain one. Its icon takes the colour of its text."""
    made = QPushButton(text)
    if kind:
        made.setProperty("kind", kind)
    if icon_name:
        made.setProperty("icon_name", icon_name)
        paint_icon(made)
    return made


def tool(icon_name: str, name: str) -> QToolButton:
    """A button that is an icon; `name` is its tooltip, and what a screen reader says."""
    made = QToolButton()
    made.setProperty("kind", "plain")
    made.setProperty("icon_name", icon_name)
    made.setToolTip(name)
    made.setAccessibleName(name)
    made.setIconSize(QSize(20, 20))
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    paint_icon(made)
    return made


def paint_icon(made: QPushButton | QToolButton) -> None:
    """Again, after the colours or its state have changed."""
    colours, kind = theme.current(), made.property("kind")
    colour = {"primary": colours.on_accent, "danger": colours.bad}.get(kind, colours.text)
    if kind == "danger" and made.isChecked():
        colour = colours.window
    if name := made.property("icon_name"):
        made.setIcon(icon(name, colour))


def repaint_icons(root: QWidget) -> None:
    for made in root.findChildren(QAbstractButton):
        if isinstance(made, QPushButton | QToolButton):
            paint_icon(made)


class Card(QFrame):
    """A group of things with a heading."""

    def __init__(self, title: str = "") -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setAccessibleName(title)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16, 12, 16, 14)
        self.body.setSpacing(8)
        self.heading = label(title, "heading")
        self.heading.setVisible(bool(title))
        self.body.addWidget(self.heading)


def row(*parts: QWidget | QLayout | None, spacing: int = 8) -> QHBoxLayout:
    """Beside each other; None is what stretches."""
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(spacing)
    for part in parts:
        if part is None:
            made.addStretch(1)
        elif isinstance(part, QLayout):
            made.addLayout(part)
        else:
            made.addWidget(part)
    return made


def rule() -> QFrame:
    made = QFrame()
    made.setProperty("role", "rule")
    made.setFixedHeight(1)
    return made


def scrolled(inner: QWidget) -> QScrollArea:
    """Scrolls up and down when there is no room."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    area.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
