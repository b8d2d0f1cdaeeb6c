"""Key combinations taken from the X server, by libxcb: a connection of our own, on a lane of its
own, so that neither Qt's events nor its error handling are touched."""

import ctypes
import ctypes.util
import os
import select
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt

_PRESSED = 2
_ASYNC = 1
_LOCKS = (0, 2, 16, 18)
"""Caps lock and num lock count as modifiers to X: each combination is taken with and without."""
_MODIFIERS = {
    Qt.KeyboardModifier.ShiftModifier.value: 1,
    Qt.KeyboardModifier.ControlModifier.value: 4,
    Qt.KeyboardModifier.AltModifier.value: 8,
    Qt.KeyboardModifier.MetaModifier.value: 64,
}
_SYMBOLS = {
    Qt.Key.Key_Return.value: 0xFF0D,
    Qt.Key.Key_Escape.value: 0xFF1B,
    Qt.Key.Key_Tab.value: 0xFF09,
    Qt.Key.Key_Backspace.value: 0xFF08,
    Qt.Key.Key_Pause.value: 0xFF13,
    Qt.Key.Key_Insert.value: 0xFF63,
    Qt.Key.Key_Home.value: 0xFF50,
    Qt.Key.Key_End.value: 0xFF57,
}
_F1, _X_F1 = Qt.Key.Key_F1.value, 0xFFBE


class XUnavailable(Exception):
    """No X server, or no library to talk to it."""


class _Screens(ctypes.Structure):
    _fields_ = (
        ("data", ctypes.POINTER(ctypes.c_uint32)),
        ("rem", ctypes.c_int),
        ("at", ctypes.c_int),
    )


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_uint8),
        ("code", ctypes.c_uint8),
        ("sequence", ctypes.c_uint16),
        ("time", ctypes.c_uint32),
        ("windows", ctypes.c_uint32 * 3),
        ("places", ctypes.c_int16 * 4),
        ("state", ctypes.c_uint16),
    )


class XKeys:
    """`take` before `listen`; `stop` from any thread ends it. XUnavailable."""

    def __init__(self) -> None:
        self._xcb, self._symbols_library = _library("xcb"), _library("xcb-keysyms")
        self._c = ctypes.CDLL(None)
        self._declare()
        screen = ctypes.c_int()
        self._connection = self._xcb.xcb_connect(None, ctypes.byref(screen))
        if self._xcb.xcb_connection_has_error(self._connection):
            raise XUnavailable("There is no X server.")
        setup = self._xcb.xcb_get_setup(self._connection)
        self._root = self._xcb.xcb_setup_roots_iterator(setup).data[0]
        self._symbols = self._symbols_library.xcb_key_symbols_alloc(self._connection)
        self._names: dict[tuple[int, int], str] = {}
        self._wake, self._waker = os.pipe()

    def take(self, name: str, key: int, modifiers: int) -> bool:
        """False when another program has it, or no key of this keyboard makes it."""
        code = self._code(key)
        if not code:
            return False
        mask = sum(x for qt, x in _MODIFIERS.items() if modifiers & qt)
        for locks in _LOCKS:
            cookie = self._xcb.xcb_grab_key_checked(
                self._connection, 1, self._root, mask | locks, code, _ASYNC, _ASYNC
            )
            if error := self._xcb.xcb_request_check(self._connection, cookie):
                self._c.free(error)
                return False
            self._names[code, mask | locks] = name
        return True

    def listen(self, pressed: Callable[[str], None]) -> None:
        """Until `stop`; then everything is given back."""
        try:
            socket = self._xcb.xcb_get_file_descriptor(self._connection)
            while not self._xcb.xcb_connection_has_error(self._connection):
                while event := self._xcb.xcb_poll_for_event(self._connection):
                    if name := self._name(event):
                        pressed(name)
                    self._c.free(event)
                if self._wake in select.select([socket, self._wake], [], [])[0]:
                    return
        finally:
            self._symbols_library.xcb_key_symbols_free(self._symbols)
            self._xcb.xcb_disconnect(self._connection)
            os.close(self._wake)

    def stop(self) -> None:
        os.close(self._waker)

    def _name(self, event: Any) -> str:
        one = ctypes.cast(event, ctypes.POINTER(_Event)).contents
        if one.type & 0x7F != _PRESSED:
            return ""
        return self._names.get((one.code, one.state & 0xFF), "")

    def _code(self, key: int) -> int:
        """The keyboard's code for one of Qt's keys; 0 when it has none."""
        if _F1 <= key < _F1 + 35:
            symbol = _X_F1 + key - _F1
        elif key < 0x100:
            symbol = ord(chr(key).lower())
        else:
            symbol = _SYMBOLS.get(key, 0)
        codes = symbol and self._symbols_library.xcb_key_symbols_get_keycode(self._symbols, symbol)
        if not codes:
            return 0
        code = int(codes[0])
        self._c.free(codes)
        return code

    def _declare(self) -> None:
        pointer, number = ctypes.c_void_p, ctypes.c_uint32
        xcb, symbols = self._xcb, self._symbols_library
        xcb.xcb_connect.restype = pointer
        xcb.xcb_connection_has_error.argtypes = (pointer,)
        xcb.xcb_get_setup.argtypes, xcb.xcb_get_setup.restype = (pointer,), pointer
        xcb.xcb_setup_roots_iterator.argtypes = (pointer,)
        xcb.xcb_setup_roots_iterator.restype = _Screens
        xcb.xcb_grab_key_checked.argtypes = (
            pointer, ctypes.c_uint8, number, ctypes.c_uint16,
            ctypes.c_uint8, ctypes.c_uint8, ctypes.c_uint8,
        )  # fmt: skip
        xcb.xcb_grab_key_checked.restype = number
        xcb.xcb_request_check.argtypes, xcb.xcb_request_check.restype = (pointer, number), pointer
        xcb.xcb_get_file_descriptor.argtypes = (pointer,)
        xcb.xcb_poll_for_event.argtypes, xcb.xcb_poll_for_event.restype = (pointer,), pointer
        xcb.xcb_disconnect.argtypes = (pointer,)
        symbols.xcb_key_symbols_alloc.argtypes = (pointer,)
        symbols.xcb_key_symbols_alloc.restype = pointer
        symbols.xcb_key_symbols_free.argtypes = (pointer,)
        symbols.xcb_key_symbols_get_keycode.argtypes = (pointer, number)
        symbols.xcb_key_symbols_get_keycode.restype = ctypes.POINTER(ctypes.c_uint8)
        self._c.free.argtypes = (pointer,)


def _library(name: str) -> Any:
    path = ctypes.util.find_library(name)
    if path is None:
        raise XUnavailable(f"The library lib{name} is missing.")
    return ctypes.CDLL(path)
