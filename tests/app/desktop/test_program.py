import threading

import pytest
from PySide6.QtCore import Qt

from app import settings
from app.desktop.diagnostics import RecentLog
from app.desktop.program import Desktop, application
from app.desktop.services import DesktopServices
from app.threads import LaneThread
from core.errors import DeviceUnavailable
from core.events import State
from ui.rehearsal import Rehearsal


def desktop_with(path, make_live):
    services = DesktopServices(path, RecentLog())
    return Desktop(services, services.config, make_live)


@pytest.fixture
def made():
    return []


@pytest.fixture
def may_open():
    return threading.Event()


@pytest.fixture
def desktop(qtbot, tmp_path, made, may_open):
    application()

    def make_live(config, spawn):
        may_open.wait(10)
        made.append((Rehearsal(config, spawn, pace=20).open(), threading.current_thread().name))
        return made[-1][0]

    desktop = desktop_with(tmp_path / "settings.toml", make_live)
    yield desktop
    may_open.set()
    desktop.close()


def test_the_window_is_there_before_its_session_and_translates_when_that_has_come(
    qtbot, desktop, made, may_open
):
    with qtbot.waitExposed(desktop.window), qtbot.waitSignal(desktop.window.painted):
        desktop.open()
    assert not made
    assert desktop.window.state.text() == "Opening camera and microphone…"
    desktop.model.start()
    may_open.set()
    qtbot.waitUntil(lambda: desktop.model.state is State.RUNNING)
    qtbot.waitUntil(lambda: "Buenos" in desktop.window.captions.target.toPlainText())
    qtbot.waitUntil(lambda: desktop.window.preview._after.image is not None)
    assert made[0][1] == "open session"
    assert isinstance(made[0][0]._host, LaneThread)


def test_a_changed_setting_is_in_the_file_soon_and_at_the_latest_at_the_end(
    qtbot, desktop, tmp_path
):
    desktop.model.set("segmentation.silence", 0.8)
    qtbot.waitUntil(lambda: (tmp_path / "settings.toml").exists())
    assert settings.load(tmp_path / "settings.toml").config.segmentation.silence == 0.8
    desktop.model.set("segmentation.silence", 0.7)
    desktop.close()
    assert settings.load(tmp_path / "settings.toml").config.segmentation.silence == 0.7


def test_a_broken_settings_file_is_reported_with_its_line_and_kept(qtbot, tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text("[segmentation]\nsilence = 99\n", "utf-8")
    desktop = desktop_with(path, lambda config, spawn: Rehearsal(config))
    notice = desktop.window.banners.texts["settings"]
    assert f"{path}:2" in notice and "3 or less" in notice
    assert desktop.model.config.segmentation.silence == 0.5
    assert "silence = 99" in path.read_text("utf-8")
    desktop.close()


def test_a_session_that_cannot_be_opened_is_said_and_the_window_stays(qtbot, tmp_path):
    def refuse(config, spawn):
        raise DeviceUnavailable("No camera is here. Plug one in.")

    desktop = desktop_with(tmp_path / "settings.toml", refuse)
    desktop.open()
    qtbot.waitUntil(lambda: "session" in desktop.window.banners.texts)
    assert desktop.window.banners.texts["session"] == "No camera is here. Plug one in."
    qtbot.mouseClick(desktop.window.controls.start, Qt.MouseButton.LeftButton)
    assert desktop.window.isVisible()
    desktop.close()


def test_the_theme_follows_the_setting_at_once(qtbot, qapp, desktop):
    desktop.model.set("window.theme", "dark")
    dark = qapp.palette().window().color().lightness()
    desktop.model.set("window.theme", "light")
    assert dark < 60 < 200 < qapp.palette().window().color().lightness()
