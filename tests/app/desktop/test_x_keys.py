import ctypes
import ctypes.util
import os
import shutil
import subprocess
import threading

import pytest

from app.desktop.x_keys import XKeys, XUnavailable

P, CTRL_ALT = ord("P"), 0x04000000 | 0x08000000
X_P, X_CTRL, X_ALT = 0x70, 0xFFE3, 0xFFE9
PRESS, RELEASE = 2, 3

pytestmark = pytest.mark.skipif(
    not (shutil.which("Xvfb") and ctypes.util.find_library("xcb-keysyms")),
    reason="Xvfb and libxcb-keysyms are needed",
)


@pytest.fixture
def display(monkeypatch):
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ("Xvfb", "-displayfd", str(writing), "-screen", "0", "640x480x24", "-nolisten", "tcp"),
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with open(reading) as number:
        monkeypatch.setenv("DISPLAY", f":{number.readline().strip()}")
    yield
    server.terminate()
    server.wait(10)


@pytest.fixture
def type_keys(display):
    """Presses keys (by their X symbols) all at once and lets go of them, as a keyboard would."""
    path = ctypes.util.find_library("xcb-xtest")
    if path is None:
        pytest.skip("libxcb-xtest is needed to press keys")
    keys = XKeys()
    test = ctypes.CDLL(path)
    test.xcb_test_fake_input.argtypes = (
        ctypes.c_void_p, ctypes.c_uint8, ctypes.c_uint8, ctypes.c_uint32, ctypes.c_uint32,
        ctypes.c_int16, ctypes.c_int16, ctypes.c_uint8,
    )  # fmt: skip

    def press(*symbols):
        codes = [
            keys._symbols_library.xcb_key_symbols_get_keycode(keys._symbols, symbol)[0]
            for symbol in symbols
        ]
        for kind, order in ((PRESS, codes), (RELEASE, codes[::-1])):
            for code in order:
                test.xcb_test_fake_input(keys._connection, kind, code, 0, 0, 0, 0, 0)
        keys._xcb.xcb_flush(ctypes.c_void_p(keys._connection))

    return press


def listening(keys):
    """What is pressed, as it comes, on a thread that ends with `keys.stop`."""
    pressed, came = [], threading.Event()

    def take(name):
        pressed.append(name)
        came.set()

    thread = threading.Thread(target=keys.listen, args=(take,))
    thread.start()
    return pressed, came, thread


def test_a_combination_is_heard_whoever_has_the_keyboard(type_keys):
    keys = XKeys()
    assert keys.take("panic", P, CTRL_ALT)
    pressed, came, thread = listening(keys)
    type_keys(X_P)
    type_keys(X_CTRL, X_ALT, X_P)
    assert came.wait(10)
    keys.stop()
    thread.join(10)
    assert pressed == ["panic"]


def test_what_another_program_has_taken_is_refused_until_it_lets_go(display):
    first, second = XKeys(), XKeys()
    assert first.take("panic", P, CTRL_ALT)
    assert not second.take("panic", P, CTRL_ALT)
    _, _, thread = listening(first)
    first.stop()
    thread.join(10)
    assert not thread.is_alive()
    assert second.take("panic", P, CTRL_ALT)


def test_a_key_that_no_keyboard_has_is_refused(display):
    assert not XKeys().take("panic", 0x01FFFFFF, 0)


def test_without_a_server_it_says_so(monkeypatch):
    monkeypatch.setenv("DISPLAY", ":63999")
    with pytest.raises(XUnavailable):
        XKeys()
