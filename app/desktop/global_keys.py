"""Shortcuts that work while another program has the keyboard: by the X server, the desktop's portal
(Wayland) or Windows. Where none of them gives keys, it is said why, and another way named."""

import os
import sys
from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence

from app.desktop.x_keys import XKeys, XUnavailable
from core.pipeline import Host, Spawn

OTHERWISE = (
    "The shortcuts work in our own windows only. In the desktop's keyboard settings you can bind"
    " keys to: translated-camera tell panic"
)
MACOS = (
    "macOS gives keys everywhere only to programs that may watch everything that is typed, which"
    " this one does not ask for. The shortcuts work in our own windows; the icon in the menu bar"
    " has them too."
)
DOES = {
    "panic": "Pass your own picture and voice on, and back.",
    "mute": "Mute, and back.",
    "start": "Start or stop the translation.",
}


class Grab(Protocol):
    """Something that has keys until `stop`."""

    def stop(self) -> None: ...


class GlobalKeys(QObject):
    """`ui.actions.Everywhere`."""

    _pressed = Signal(int, str)
    _refused = Signal(int, str)

    def __init__(self, spawn: Spawn) -> None:
        super().__init__()
        self._spawn = spawn
        self._grab: Grab | None = None
        self._host: Host | None = None
        self._waited_for = True
        self._number = 0
        self._told: Callable[[str], None] = lambda name: None
        self._why: Callable[[str], None] = lambda sentence: None
        queued = Qt.ConnectionType.QueuedConnection
        self._pressed.connect(self._hear_press, queued)
        self._refused.connect(self._hear_refusal, queued)

    def bind(
        self,
        keys: dict[str, str],
        pressed: Callable[[str], None],
        refused: Callable[[str], None] = lambda sentence: None,
    ) -> str:
        self._let_go(patient=self._waited_for)
        self._told, self._why = pressed, refused
        if not keys:
            return ""
        match way():
            case "x":
                return self._by_x(keys)
            case "portal":
                return self._by_portal(keys)
            case "windows":
                return self._by_windows(keys)
            case "macos":
                return MACOS
        return OTHERWISE

    def close(self) -> None:
        """For the end of the program: it waits for the lane, two seconds at most."""
        self._let_go(patient=True)

    def _let_go(self, *, patient: bool) -> None:
        """What a grab still has to say after this is not heard."""
        self._number += 1
        if self._grab is not None and self._host is not None:
            self._grab.stop()
            if patient:
                self._host.join(2)
            self._grab = self._host = None

    def _hear_press(self, number: int, name: str) -> None:
        if number == self._number:
            self._told(name)

    def _hear_refusal(self, number: int, sentence: str) -> None:
        if number == self._number:
            self._why(sentence)

    def _pressed_now(self) -> Callable[[str], None]:
        """To be told, on any thread, of presses of the grab that is being made."""
        number = self._number
        return lambda name: self._pressed.emit(number, name)

    def _refused_now(self) -> Callable[[str], None]:
        number = self._number
        return lambda sentence: self._refused.emit(number, sentence)

    def _by_x(self, keys: Mapping[str, str]) -> str:
        try:
            grab = XKeys()
        except (XUnavailable, OSError) as error:
            return f"{error} {OTHERWISE}"
        taken = [name for name, text in keys.items() if not grab.take(name, *parts(text))]
        pressed = self._pressed_now()
        self._hold(grab, lambda: grab.listen(pressed))
        refused = ", ".join(keys[name] for name in taken)
        return _taken(refused) if refused else ""

    def _by_portal(self, keys: Mapping[str, str]) -> str:
        from app.desktop.portal_keys import PortalKeys, PortalUnavailable, Wish

        try:
            grab = PortalKeys({name: Wish(DOES[name], text) for name, text in keys.items()})
        except PortalUnavailable as error:
            return f"{error} {OTHERWISE}"

        pressed, refused = self._pressed_now(), self._refused_now()

        def refuse(sentence: str) -> None:
            refused(f"{sentence} {OTHERWISE}")

        # The desktop may take seconds to answer, and keys of its need not be given back first.
        self._hold(grab, lambda: grab.run(pressed, refuse), waited_for=False)
        return ""

    def _by_windows(self, keys: Mapping[str, str]) -> str:
        from app.desktop.windows_keys import WindowsKeys

        grab = WindowsKeys({name: parts(text) for name, text in keys.items()})

        pressed, refused = self._pressed_now(), self._refused_now()

        def taken(name: str) -> None:
            refused(_taken(keys[name]))

        self._hold(grab, lambda: grab.run(pressed, taken))
        return ""

    def _hold(self, grab: Grab, work: Callable[[], None], *, waited_for: bool = True) -> None:
        """`waited_for`: the keys can be taken anew only when this lane has given them back."""
        self._grab, self._waited_for = grab, waited_for
        self._host = self._spawn("global keys", work)
        self._host.start()


def way() -> str:
    """How this desktop gives keys; empty when it does not."""
    if sys.platform in ("win32", "darwin"):
        return {"win32": "windows", "darwin": "macos"}[sys.platform]
    if os.environ.get("WAYLAND_DISPLAY") or QGuiApplication.platformName().startswith("wayland"):
        return "portal"
    return "x" if QGuiApplication.platformName() == "xcb" else ""


def parts(text: str) -> tuple[int, int]:
    """Qt's key and modifiers of a combination."""
    sequence = QKeySequence.fromString(text, QKeySequence.SequenceFormat.PortableText)
    whole: int = sequence[0].toCombined()  # type: ignore[index] # missing in the stub
    modifiers = whole & 0xFE000000
    return whole & ~modifiers, modifiers


def _taken(keys: str) -> str:
    return f"Another program has taken {keys} already."
