"""Shortcuts that work while another program has the keyboard: by the X server where there is one.

Wayland lets no program listen to keys; there, and elsewhere, it is said and another way named.
"""

import os
import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence

from app.desktop.x_keys import XKeys, XUnavailable
from core.pipeline import Host, Spawn

OTHERWISE = (
    "This desktop lets no program listen to keys everywhere; the shortcuts work in our own windows."
    " In the desktop's keyboard settings you can bind keys to: translated-camera tell panic"
)


class GlobalKeys(QObject):
    """`ui.actions.Everywhere`."""

    _pressed = Signal(str)

    def __init__(self, spawn: Spawn) -> None:
        super().__init__()
        self._spawn = spawn
        self._grab: XKeys | None = None
        self._host: Host | None = None
        self._told: Callable[[str], None] = lambda name: None
        self._pressed.connect(lambda name: self._told(name), Qt.ConnectionType.QueuedConnection)

    def bind(self, keys: dict[str, str], pressed: Callable[[str], None]) -> str:
        self.close()
        self._told = pressed
        if QGuiApplication.platformName() != "xcb" or not sys.platform.startswith("linux"):
            return OTHERWISE
        if os.environ.get("WAYLAND_DISPLAY"):
            return OTHERWISE
        try:
            grab = XKeys()
        except (XUnavailable, OSError) as error:
            return f"{error} {OTHERWISE}"
        taken = [name for name, text in keys.items() if not grab.take(name, *parts(text))]
        self._grab = grab
        self._host = self._spawn("global keys", lambda: grab.listen(self._pressed.emit))
        self._host.start()
        refused = ", ".join(keys[name] for name in taken)
        return f"Another program has taken {refused} already." if refused else ""

    def close(self) -> None:
        if self._grab is not None and self._host is not None:
            self._grab.stop()
            self._host.join(2)
            self._grab = self._host = None


def parts(text: str) -> tuple[int, int]:
    """Qt's key and modifiers of a combination."""
    sequence = QKeySequence.fromString(text, QKeySequence.SequenceFormat.PortableText)
    whole: int = sequence[0].toCombined()  # type: ignore[index] # missing in the stub
    modifiers = whole & 0xFE000000
    return whole & ~modifiers, modifiers
