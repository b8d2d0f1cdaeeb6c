"""The two sets of colours, and what they make of Qt's widgets. One accent; the rest is grey."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from ui.style import sheet


@dataclass(frozen=True)
class Colours:
    """Colours by what they are for, as #rrggbb. `soft` is a hint of the accent, for what is
    chosen; `well` lies under what is shown or typed."""

    name: str
    window: str
    surface: str
    well: str
    line: str
    edge: str
    text: str
    dim: str
    accent: str
    accent_hover: str
    on_accent: str
    soft: str
    good: str
    warn: str
    bad: str


LIGHT = Colours(
    name="light",
    window="#f4f5f8",
    surface="#ffffff",
    well="#eceef3",
    line="#dfe2e9",
    edge="#868e9c",
    text="#1a1e26",
    dim="#555d6b",
    accent="#3b55d9",
    accent_hover="#2f46bd",
    on_accent="#ffffff",
    soft="#e8ebfb",
    good="#1b7346",
    warn="#8a5200",
    bad="#b3261e",
)
DARK = Colours(
    name="dark",
    window="#13161b",
    surface="#1c2027",
    well="#262b34",
    line="#313843",
    edge="#7a8494",
    text="#e9ecf1",
    dim="#a4acb9",
    accent="#93a7ff",
    accent_hover="#aebdff",
    on_accent="#10131a",
    soft="#272f4d",
    good="#6ccb93",
    warn="#f0b55b",
    bad="#ff8a80",
)


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2: 1 for the same colour, 21 for black on white."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def chosen(theme: str) -> Colours:
    """The colours of the setting `window.theme`: "light", "dark", or the system's."""
    if theme == "system":
        scheme = QApplication.styleHints().colorScheme()
        return DARK if scheme is Qt.ColorScheme.Dark else LIGHT
    return DARK if theme == "dark" else LIGHT


def current() -> Colours:
    """What was applied last; for widgets that paint themselves."""
    return _current


_current = LIGHT


def choose(app: QApplication, theme: str) -> None:
    """What is made from here on takes these colours; `apply` must follow. Widgets are made in a
    third of the time while they have no style sheet to obey."""
    global _current
    _current = chosen(theme)
    app.setStyle("Fusion")
    app.setPalette(_palette(_current))


def apply(app: QApplication, theme: str) -> None:
    """Colour the whole program; everything that is shown is painted anew."""
    ground = app.palette().color(QPalette.ColorRole.Window)
    if chosen(theme) is not _current or ground != QColor(_current.window):
        choose(app, theme)
    app.setStyleSheet(sheet(vars(_current)))


def _palette(colours: Colours) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for where, colour in {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.surface,
        role.AlternateBase: colours.window,
        role.Text: colours.text,
        role.Button: colours.surface,
        role.ButtonText: colours.text,
        role.BrightText: colours.bad,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Link: colours.accent,
        role.LinkVisited: colours.accent,
        role.PlaceholderText: colours.dim,
        role.ToolTipBase: colours.text,
        role.ToolTipText: colours.window,
        role.Mid: colours.line,
        role.Accent: colours.accent,
    }.items():
        palette.setColor(where, QColor(colour))
    for where in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(colours.edge))
    return palette
