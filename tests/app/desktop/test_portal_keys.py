from queue import SimpleQueue
from threading import Thread

import pytest

from app.desktop.global_keys import DOES, GlobalKeys
from app.desktop.portal_keys import (
    DECLINED,
    NO_PORTAL,
    TAKEN_BACK,
    PortalKeys,
    PortalUnavailable,
    Wish,
    trigger,
)
from core.pipeline import thread_host
from tests.desktop_portal import Portal, session_bus

WISHES = {"panic": Wish("Your own voice.", "Ctrl+Alt+P"), "mute": Wish("Mute.", "Ctrl+Alt+M")}
SOON = 10.0


@pytest.fixture
def bus(monkeypatch):
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address


@pytest.fixture
def portal(bus):
    portals = []

    def open_(**answers):
        portals.append(Portal(bus, **answers))
        return portals[-1]

    yield open_
    for one in portals:
        one.close()


@pytest.fixture
def keys(bus):
    running = []

    def run():
        pressed, refused = SimpleQueue(), SimpleQueue()
        grab = PortalKeys(WISHES)
        thread = Thread(target=grab.run, args=(pressed.put, refused.put))
        thread.start()
        running.append((grab, thread))
        return pressed, refused

    yield run
    for grab, thread in running:
        grab.stop()
        thread.join(SOON)
        assert not thread.is_alive()


def asked(portal, method):
    while True:
        name, body = portal.asked.get(timeout=SOON)
        if name == method:
            return body


@pytest.mark.parametrize("early", [False, True])
def test_the_desktop_is_asked_and_tells_of_presses(portal, keys, early):
    desktop = portal(early=early)
    pressed, refused = keys()
    _, shortcuts, parent, _ = asked(desktop, "BindShortcuts")
    assert parent == ""
    assert [(name, about["description"][1], about["preferred_trigger"][1])
            for name, about in shortcuts] == [
        ("panic", "Your own voice.", "CTRL+ALT+p"), ("mute", "Mute.", "CTRL+ALT+m"),
    ]  # fmt: skip
    for name in ("mute", "panic", "mute"):
        desktop.press(name)
    assert [pressed.get(timeout=SOON) for _ in range(3)] == ["mute", "panic", "mute"]
    assert refused.empty()


def test_a_user_who_declines_is_reported(portal, keys):
    portal(declines=True)
    _, refused = keys()
    assert refused.get(timeout=SOON) == DECLINED


def test_a_shortcut_that_gets_no_keys_is_named_and_the_others_work(portal, keys):
    desktop = portal(gives=("mute",))
    pressed, refused = keys()
    assert "no keys for: Your own voice." in refused.get(timeout=SOON)
    desktop.press("mute")
    assert pressed.get(timeout=SOON) == "mute"


def test_a_session_that_the_desktop_closes_is_reported(portal, keys):
    desktop = portal()
    _, refused = keys()
    asked(desktop, "BindShortcuts")
    desktop.close_session()
    assert refused.get(timeout=SOON) == TAKEN_BACK


def test_a_desktop_without_a_portal_is_reported(keys):
    _, refused = keys()
    assert refused.get(timeout=SOON) == NO_PORTAL


def test_without_a_session_bus_it_says_so(monkeypatch):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    with pytest.raises(PortalUnavailable, match="no session bus"):
        PortalKeys(WISHES)


@pytest.mark.parametrize(
    ("keys", "wish"),
    [("Ctrl+Alt+P", "CTRL+ALT+p"), ("F9", "F9"), ("Meta+Shift+Esc", "LOGO+SHIFT+Escape"),
     ("Ctrl+Space", "CTRL+space"), ("Ctrl++", "CTRL+plus"), ("Ctrl+Num+5", "CTRL+5")],
)  # fmt: skip
def test_keys_are_written_as_desktops_write_them(keys, wish):
    assert trigger(keys) == wish


def test_on_wayland_the_windows_shortcuts_go_through_the_portal(qtbot, monkeypatch, portal):
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    desktop, pressed = portal(), []
    keys = GlobalKeys(thread_host)
    assert keys.bind({"panic": "Ctrl+Alt+P"}, pressed.append, pressed.append) == ""
    _, shortcuts, _, _ = asked(desktop, "BindShortcuts")
    assert shortcuts[0][1]["description"][1] == DOES["panic"]
    desktop.press("panic")
    qtbot.waitUntil(lambda: pressed == ["panic"])
    keys.close()


def test_what_the_desktop_refuses_later_reaches_the_window(qtbot, monkeypatch, portal):
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    portal(declines=True)
    told = []
    keys = GlobalKeys(thread_host)
    keys.bind({"panic": "Ctrl+Alt+P"}, told.append, told.append)
    qtbot.waitUntil(lambda: bool(told) and told[0].startswith(DECLINED))
    assert "tell panic" in told[0]
    keys.close()
