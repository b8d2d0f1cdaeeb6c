"""What can be done by key: panic, mute, start, and the key that is held to translate.

The shortcuts reach every window of the program. Those that must work while another program has
the keyboard are offered to `ui.actions.Everywhere`, which `app` fills where the platform allows.
"""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from core.config import Config
from ui.model import LiveModel


class Everywhere(Protocol):
    """Shortcuts that work while another program has the keyboard."""

    def bind(
        self,
        keys: dict[str, str],
        pressed: Callable[[str], None],
        refused: Callable[[str], None],
    ) -> str:
        """Take these shortcuts in place of the former ones; why that is impossible, as a
        sentence, or nothing. `pressed` is called with the name, on the window's thread; so is
        `refused`, with a sentence, when the desktop says no after it has asked the user."""
        ...

    def close(self) -> None: ...


class Keys(QObject):
    """Follows the settings. `held` tells when the push-to-translate key goes down and up."""

    held = Signal(bool)
    not_everywhere = Signal(str)
    """Why shortcuts work in our own windows only; empty when they work everywhere."""
    why_not_everywhere = ""

    def __init__(self, model: LiveModel, window: QWidget) -> None:
        super().__init__(window)
        self._model = model
        self._everywhere: Everywhere | None = None
        self._talk = QKeySequence()
        self._down = False
        self._doing: dict[str, Callable[[], None]] = {
            "start": model.toggle,
            "panic": model.panic,
            "mute": model.mute,
        }
        self.shortcuts: dict[str, QShortcut] = {}
        for name, do in self._doing.items():
            self.shortcuts[name] = QShortcut(window)
            self.shortcuts[name].setContext(Qt.ShortcutContext.ApplicationShortcut)
            self.shortcuts[name].setAutoRepeat(False)
            self.shortcuts[name].activated.connect(do)
        self._bound: dict[str, str] = {}
        model.config_changed.connect(self.refresh)
        model.waiting_changed.connect(self._listen)
        self.refresh(model.config)

    def refresh(self, config: Config) -> None:
        wanted = vars(config.shortcuts)
        if wanted == self._bound:
            return
        self._bound = dict(wanted)
        for name, shortcut in self.shortcuts.items():
            shortcut.setKey(QKeySequence.fromString(wanted[name], _PORTABLE))
        self._talk = QKeySequence.fromString(wanted["talk"], _PORTABLE)
        self._bind()

    def reach(self, everywhere: Everywhere) -> None:
        """From here on panic and mute work while another program has the keyboard as well, or it
        is told why not."""
        self._everywhere = everywhere
        self._bind()

    def _bind(self) -> None:
        if self._everywhere is not None:
            keys = {name: self._bound[name] for name in ("panic", "mute") if self._bound[name]}
            self._refuse(self._everywhere.bind(keys, self.do, self._refuse))

    def _refuse(self, why: str) -> None:
        self.why_not_everywhere = why
        self.not_everywhere.emit(why)

    def close(self) -> None:
        """Give back what was taken of the desktop."""
        if self._everywhere is not None:
            self._everywhere.close()

    def do(self, name: str) -> None:
        self._doing[name]()

    def _listen(self, wanted: bool) -> None:
        """Every event of the program comes through a filter: there is one only while it has to
        be."""
        app = QApplication.instance()
        if app is None:
            return
        if wanted:
            app.installEventFilter(self)
        else:
            app.removeEventFilter(self)
            self._hold(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.WindowDeactivate):
            return False
        if kind is QEvent.Type.WindowDeactivate:
            self._hold(False)
        elif isinstance(event, QKeyEvent) and self._model.waits_for_key and self._is_talk(event):
            if not event.isAutoRepeat():
                self._hold(kind is QEvent.Type.KeyPress)
            return True
        return False

    def _is_talk(self, event: QKeyEvent) -> bool:
        """A release counts whatever modifiers are still down."""
        if self._talk.isEmpty():
            return False
        combination: QKeyCombination = self._talk[0]  # type: ignore[index] # missing in the stub
        same_key = bool(event.key() == combination.key())
        if event.type() is QEvent.Type.KeyRelease:
            return same_key and self._down
        return same_key and bool(event.modifiers() == combination.keyboardModifiers())

    def _hold(self, down: bool) -> None:
        if down != self._down:
            self._down = down
            self._model.hold(down)
            self.held.emit(down)


_PORTABLE = QKeySequence.SequenceFormat.PortableText
