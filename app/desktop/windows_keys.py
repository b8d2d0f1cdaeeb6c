"""Shortcuts on Windows, by RegisterHotKey: Windows sends presses to the thread that asked."""

import ctypes
import threading
from collections.abc import Callable, Mapping
from ctypes import wintypes
from typing import Any

from PySide6.QtCore import Qt

_HOTKEY, _QUIT = 0x0312, 0x0012
_NO_REPEAT = 0x4000
_MODIFIERS = {
    Qt.KeyboardModifier.AltModifier.value: 1,
    Qt.KeyboardModifier.ControlModifier.value: 2,
    Qt.KeyboardModifier.ShiftModifier.value: 4,
    Qt.KeyboardModifier.MetaModifier.value: 8,
}
_VIRTUAL = {
    Qt.Key.Key_Backspace.value: 0x08,
    Qt.Key.Key_Tab.value: 0x09,
    Qt.Key.Key_Return.value: 0x0D,
    Qt.Key.Key_Pause.value: 0x13,
    Qt.Key.Key_Escape.value: 0x1B,
    Qt.Key.Key_Space.value: 0x20,
    Qt.Key.Key_End.value: 0x23,
    Qt.Key.Key_Home.value: 0x24,
    Qt.Key.Key_Insert.value: 0x2D,
    Qt.Key.Key_Delete.value: 0x2E,
}
_F1, _VIRTUAL_F1 = Qt.Key.Key_F1.value, 0x70


class WindowsKeys:
    """`run` on a lane; `stop` from any thread ends it. `keys`: for each name Qt's key and
    modifiers."""

    def __init__(
        self, keys: Mapping[str, tuple[int, int]], user32: Any = None, kernel32: Any = None
    ) -> None:
        self._keys = dict(keys)
        self._user32 = user32 or ctypes.windll.user32  # type: ignore[attr-defined] # on Windows
        self._kernel32 = kernel32 or ctypes.windll.kernel32  # type: ignore[attr-defined]
        self._thread = 0
        self._runs = threading.Event()

    def run(self, pressed: Callable[[str], None], taken: Callable[[str], None]) -> None:
        """`taken` gets the name of a combination that another program has."""
        self._thread = self._kernel32.GetCurrentThreadId()
        message = wintypes.MSG()
        # Makes the queue that `stop` needs.
        self._user32.PeekMessageW(ctypes.byref(message), None, 0, 0, 0)
        self._runs.set()
        names = list(self._keys)
        held = [at for at, name in enumerate(names) if self._take(at, name, taken)]
        try:
            while self._user32.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
                if message.message == _HOTKEY and message.wParam < len(names):
                    pressed(names[message.wParam])
        finally:
            for at in held:
                self._user32.UnregisterHotKey(None, at)

    def stop(self) -> None:
        self._runs.wait(2.0)
        self._user32.PostThreadMessageW(self._thread, _QUIT, 0, 0)

    def _take(self, at: int, name: str, taken: Callable[[str], None]) -> bool:
        key, modifiers = self._keys[name]
        mask = sum(theirs for ours, theirs in _MODIFIERS.items() if modifiers & ours)
        code = virtual(key)
        if code and self._user32.RegisterHotKey(None, at, mask | _NO_REPEAT, code):
            return True
        taken(name)
        return False


def virtual(key: int) -> int:
    """Windows' code for one of Qt's keys; 0 where it has none."""
    if _F1 <= key < _F1 + 24:
        return _VIRTUAL_F1 + key - _F1
    if ord("0") <= key <= ord("9") or ord("A") <= key <= ord("Z"):
        return key
    return _VIRTUAL.get(key, 0)
