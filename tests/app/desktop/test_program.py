import os
import signal
import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale, Qt, QTimer

from app import settings
from app.desktop.program import Desktop, application, until_quit
from app.desktop.recent_log import RecentLog
from app.desktop.services import DesktopServices
from app.threads import LaneThread
from core.config import Lag
from core.errors import DeviceUnavailable
from core.events import State
from ui import translation
from ui.rehearsal import Rehearsal
from ui.services import Offer


class Services(DesktopServices):
    """The real ones, but for the devices of the machine that the tests run on."""

    def offer(self, config):
        return Offer(sources=("en",), targets={"en": ("es", "fr")})


def desktop_with(path, make_live):
    services = Services(path, RecentLog())
    services.first_run = False
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


def test_a_change_in_the_window_takes_back_nothing_that_was_written_by_hand(tmp_path):
    path = tmp_path / "settings.toml"
    services = Services(path, RecentLog())
    services.save(replace(services.config, lag=Lag(budget=5.0)))
    path.write_text(path.read_text("utf-8") + '[text]\nkeep = ["Ada"]\n', "utf-8")
    for budget in (6.0, 7.0):
        services.save(replace(services.config, lag=Lag(budget=budget)))
    assert path.read_text("utf-8") == '[lag]\nbudget = 7.0\n[text]\nkeep = ["Ada"]\n'


def test_what_is_being_typed_is_in_the_file_however_the_program_ends(qtbot, desktop, tmp_path):
    settings_window = desktop.pages.settings()
    settings_window._building.stop()
    settings_window.list.setCurrentRow(list(settings_window._sections).index("voice"))
    field = settings_window.page("voice").editors["voice.own"].field
    qtbot.waitUntil(field.isVisible)
    settings_window.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, "Ana")
    desktop.close()
    assert settings.load(tmp_path / "settings.toml").config.voice.own == "Ana"


def test_what_is_wrong_in_the_settings_is_told_in_the_language_of_the_window(qtbot, tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text('[window]\nlanguage = "de"\n[guests]\nspeakers = ["A=x", "A=y"]\n', "utf-8")
    before = QLocale()
    app = application("de")
    desktop = desktop_with(path, lambda config, spawn: Rehearsal(config))
    desktop.close()
    translation.install(app, "en")
    QLocale.setDefault(before)
    notice = desktop.window.banners.texts["settings"]
    assert f"{path}:4: guests.speakers" in notice
    assert "needs a name" not in notice


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


def test_quitting_while_a_meeting_looks_is_asked_for_first(qtbot, desktop, may_open, monkeypatch):
    answers = [False, True]
    asked = []

    def ask(parent):
        asked.append(parent)
        return answers.pop(0)

    monkeypatch.setattr("ui.quitting.agrees_to_quit", ask)
    may_open.set()
    desktop.open()
    desktop.model.set("window.tray", False)
    desktop.model.start()
    qtbot.waitUntil(lambda: desktop.model.status.virtual_camera.watched is True)
    desktop.window.close()
    assert desktop.window.isVisible()
    desktop.window.close()
    assert not desktop.window.isVisible()
    assert asked == [desktop.window] * 2


def test_quitting_while_nobody_looks_is_not_asked_for(qtbot, desktop, monkeypatch):
    monkeypatch.setattr("ui.quitting.agrees_to_quit", lambda parent: pytest.fail("asked"))
    desktop.model.set("window.tray", False)
    desktop.open()
    assert desktop.window.close()


def test_the_first_run_begins_with_the_guide(qtbot, tmp_path):
    services = Services(tmp_path / "settings.toml", RecentLog())
    assert services.first_run
    services.doctor = list
    desktop = Desktop(services, services.config, lambda config, spawn: Rehearsal(config))
    desktop.open()
    qtbot.waitUntil(lambda: "guide" in desktop.pages._made)
    assert desktop.pages._made["guide"].isVisible()
    qtbot.waitUntil(lambda: not desktop.work.busy)
    desktop.close()


def test_the_languages_of_the_machine_come_into_window_and_tray(qtbot, desktop, may_open):
    may_open.set()
    desktop.open()
    box = desktop.window.languages.target
    qtbot.waitUntil(lambda: box.findData("fr") >= 0)
    assert [action.text() for action in desktop.tray.targets.actions()] == ["Español", "Français"]
    desktop.tray.targets.actions()[1].trigger()
    assert desktop.model.config.languages.target == "fr"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_and_the_end_of_its_terminal_end_the_window_in_order(
    qapp, desktop, may_open, number
):
    may_open.set()
    QTimer.singleShot(0, lambda: os.kill(os.getpid(), number))
    assert until_quit(qapp, desktop) == 0
