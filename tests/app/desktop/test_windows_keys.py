import ctypes
from queue import SimpleQueue
from threading import Thread

import pytest
from PySide6.QtCore import Qt

from app.desktop import global_keys
from app.desktop.global_keys import MACOS, OTHERWISE, GlobalKeys, parts
from app.desktop.windows_keys import WindowsKeys, virtual
from core.pipeline import thread_host

HOTKEY, QUIT = 0x0312, 0x0012
SOON = 10.0


class Windows:
    """What of user32 and kernel32 is used; `taken` are codes that another program has."""

    def __init__(self, taken=()):
        self.taken, self.registered, self.gone = taken, {}, []
        self.queue = SimpleQueue()

    def GetCurrentThreadId(self):
        return 77

    def PeekMessageW(self, *_):
        return 0

    def RegisterHotKey(self, window, at, mask, code):
        if code in self.taken:
            return 0
        self.registered[at] = (mask, code)
        return 1

    def UnregisterHotKey(self, window, at):
        self.gone.append(at)

    def GetMessageW(self, pointer, *_):
        kind, value = self.queue.get(timeout=SOON)
        message = pointer._obj
        message.message, message.wParam = kind, value
        return 0 if kind == QUIT else 1

    def PostThreadMessageW(self, thread, kind, *_):
        assert thread == 77
        self.queue.put((kind, 0))


def test_windows_is_asked_for_the_keys_tells_of_presses_and_gets_them_back():
    windows, pressed, taken = Windows(), SimpleQueue(), []
    keys = WindowsKeys({"panic": parts("Ctrl+Alt+P"), "mute": parts("F9")}, windows, windows)
    thread = Thread(target=keys.run, args=(pressed.put, taken.append))
    thread.start()
    windows.queue.put((0x0001, 0))
    windows.queue.put((HOTKEY, 1))
    windows.queue.put((HOTKEY, 0))
    assert [pressed.get(timeout=SOON), pressed.get(timeout=SOON)] == ["mute", "panic"]
    keys.stop()
    thread.join(SOON)
    assert windows.registered == {0: (0x4003, ord("P")), 1: (0x4000, 0x78)}
    assert windows.gone == [0, 1] and not taken


def test_what_another_program_has_is_reported_and_the_rest_works():
    windows, taken = Windows(taken=(ord("P"),)), []
    keys = WindowsKeys({"panic": parts("Ctrl+Alt+P"), "mute": parts("F9")}, windows, windows)
    windows.queue.put((QUIT, 0))
    keys.run(taken.append, taken.append)
    assert taken == ["panic"] and windows.gone == [1]


@pytest.mark.parametrize(
    ("key", "code"),
    [(Qt.Key.Key_A, 0x41), (Qt.Key.Key_7, 0x37), (Qt.Key.Key_F1, 0x70), (Qt.Key.Key_Escape, 0x1B),
     (Qt.Key.Key_MediaPlay, 0)],
)  # fmt: skip
def test_keys_have_windows_codes(key, code):
    assert virtual(key.value) == code


def test_the_window_gets_its_keys_by_windows(qtbot, monkeypatch):
    windows, told = Windows(taken=(ord("M"),)), []
    monkeypatch.setattr(global_keys, "way", lambda: "windows")
    fake = type("Dlls", (), {"user32": windows, "kernel32": windows})
    monkeypatch.setattr(ctypes, "windll", fake, raising=False)
    keys = GlobalKeys(thread_host)
    wanted = {"panic": "Ctrl+Alt+P", "mute": "Ctrl+Alt+M"}
    assert keys.bind(wanted, told.append, told.append) == ""
    windows.queue.put((HOTKEY, 0))
    qtbot.waitUntil(lambda: told == ["Another program has taken Ctrl+Alt+M already.", "panic"])
    keys.close()


@pytest.mark.parametrize(("platform", "sentence"), [("darwin", MACOS), ("linux", OTHERWISE)])
def test_where_no_program_gets_keys_it_is_said_why(qtbot, monkeypatch, platform, sentence):
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert GlobalKeys(thread_host).bind({"panic": "F9"}, print, print) == sentence
