import re
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.config import Config, Guests
from core.events import Notice, State
from core.live import HEARS_ITSELF, Device, OthersStatus, Voiced
from ui.model import LiveModel
from ui.pages.opener import Pages
from ui.rehearsal import Rehearsal
from ui.rehearsed import LINES
from ui.widgets.voice import balanced, position
from ui.window import MainWindow


def click(qtbot: QtBot, button: object) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def said(window: MainWindow) -> str:
    return window.captions.source.toPlainText()


def heard(window: MainWindow) -> str:
    return window.captions.target.toPlainText()


def test_start_makes_captions_grow_in_both_languages(qtbot, window, play):
    click(qtbot, window.controls.start)
    play(1.0)
    qtbot.waitUntil(lambda: "Good morning" in said(window))
    assert LINES["es"][0] not in heard(window)
    play(4.0)
    qtbot.waitUntil(lambda: LINES["es"][0] in heard(window))
    assert LINES["en"][0] in said(window)


def test_panic_mute_and_back_are_told_to_the_session_and_shown(qtbot, window, live, model):
    click(qtbot, window.controls.panic)
    assert model.status.voiced is Voiced.ORIGINAL
    assert window.controls.panic.isChecked()
    assert window.state.text() == "Passing your own voice on"
    click(qtbot, window.controls.mute)
    assert model.status.voiced is Voiced.MUTED
    assert not window.controls.panic.isChecked() and window.controls.mute.isChecked()
    click(qtbot, window.controls.mute)
    assert model.status.voiced is Voiced.ORIGINAL
    click(qtbot, window.controls.panic)
    assert model.status.voiced is Voiced.TRANSLATED
    assert [call for call in live.calls if call.startswith("voice")] == [
        "voice original", "voice muted", "voice original", "voice translated",
    ]  # fmt: skip


def test_another_language_while_running_starts_anew_in_it(qtbot, window, live, model, play):
    click(qtbot, window.controls.start)
    play(0.5)
    box = window.languages.target
    box.addItem("Deutsch", "de")
    box.setCurrentIndex(box.findData("de"))
    box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: model.state is State.RUNNING and live.calls.count("start") == 2)
    play(5.0)
    qtbot.waitUntil(lambda: LINES["de"][0] in heard(window))
    assert model.config.languages.target == "de"


def test_an_unplugged_camera_is_said_in_a_banner_that_goes_when_it_is_back(
    qtbot, window, live, play
):
    live.unplug()
    play(0.1)
    assert window.banners.texts["camera"] == "The camera was unplugged."
    assert not live.shown.peek().image.any()
    live.plug_in()
    play(0.1)
    assert "camera" not in window.banners.texts
    assert live.shown.peek().image.any()


def test_a_start_that_fails_says_why_and_can_be_tried_again(qtbot, window, live, model, play):
    live.refuses = "The stt engine whisper needs a model."
    click(qtbot, window.controls.start)
    qtbot.waitUntil(lambda: model.state is State.FAILED)
    assert "needs a model" in window.banners.texts["failed"]
    live.refuses = ""
    click(qtbot, window.controls.start)
    qtbot.waitUntil(lambda: model.state is State.RUNNING)
    assert "failed" not in window.banners.texts


def test_while_push_to_translate_is_on_only_what_is_said_with_the_key_held_counts(
    qtbot, window, live
):
    window.controls.push.setChecked(True)
    qtbot.keyPress(window, Qt.Key.Key_F9)
    qtbot.keyRelease(window, Qt.Key.Key_F9)
    window.controls.push.setChecked(False)
    qtbot.keyPress(window, Qt.Key.Key_F9)
    holds = [call for call in live.calls if call.startswith("hold")]
    assert holds == ["hold False", "hold True", "hold False", "hold True"]


def test_the_same_language_on_both_sides_passes_the_own_voice_on(qtbot, window, model):
    model.set("languages.target", "en")
    assert model.status.voiced is Voiced.ORIGINAL
    assert "passed on" in window.languages.note.text()
    model.set("languages.target", "es")
    assert model.status.voiced is Voiced.TRANSLATED


def test_the_status_is_shown_in_words_and_figures(qtbot, window, model, play):
    click(qtbot, window.controls.start)
    play(3.0)
    assert window.delay.lag.text().endswith("of 4.0 s")
    assert window.delay.times["recognise"].text().endswith("s")
    assert "pictures/s · 2 dropped" in window.delay.picture.text()
    assert "sphinx (basic)" in window.rungs.rows["stt"][1].text()
    assert window.voice.heard.text() in ("Speech", "Silence") or "of 0.5 s" in (
        window.voice.heard.text()
    )


@pytest.mark.parametrize(
    ("value", "original", "decibels"), [(0, "off", None), (100, "pass", None), (50, "duck", -21)]
)
def test_the_balance_slider_goes_from_silent_to_as_it_is(value, original, decibels):
    config = balanced(Config(), value)
    assert config.voice.original == original
    assert decibels is None or config.voice.duck_db == decibels
    assert position(config) == value


def test_a_setting_changed_before_the_session_is_there_reaches_it(qtbot):
    model = LiveModel(Config())
    model.set("segmentation.silence", 0.9)
    model.start()
    live = Rehearsal(Config())
    model.attach(live)
    assert live.config.segmentation.silence == 0.9
    assert live.calls.count("start") == 1
    model.close()


def test_settings_that_need_a_new_start_offer_one(qtbot, window, live, model, play):
    click(qtbot, window.controls.start)
    play(0.2)
    model.change(replace(model.config, engines=replace(model.config.engines, stt="sphinx")))
    assert "anew" in window.banners.texts["restart"]
    model.restart()
    qtbot.waitUntil(lambda: live.calls.count("start") == 2)
    qtbot.waitUntil(lambda: "restart" not in window.banners.texts)


def test_a_meeting_from_start_to_its_transcript(
    qtbot, window, live, model, services, work, play, tmp_path
):
    pages = Pages(window, services, work)
    click(qtbot, window.controls.start)
    play(5.0)
    qtbot.waitUntil(lambda: LINES["es"][0] in heard(window))

    settings = pages.settings()
    drop = settings.page("segmentation").editors["segmentation.drop_db"]
    drop.number.setValue(-20.0)
    assert live.config.segmentation.drop_db == -20.0
    assert model.at_work and live.calls.count("start") == 1
    qtbot.waitUntil(lambda: model.status.level.threshold_db > -35)

    window.keys.shortcuts["panic"].activated.emit()
    assert model.status.voiced is Voiced.ORIGINAL
    window.keys.shortcuts["panic"].activated.emit()

    model.set("languages.target", "fr")
    model.restart()
    qtbot.waitUntil(lambda: live.calls.count("start") == 2)
    play(5.0)
    qtbot.waitUntil(lambda: LINES["fr"][0] in heard(window))

    click(qtbot, window.controls.start)
    qtbot.waitUntil(lambda: not model.at_work)
    path = tmp_path / "meeting.srt"
    pages.transcript().write(path)
    text = path.read_text("utf-8")
    assert text.index("Buenos días") < text.index("Bonjour")
    assert re.search(r"^00:00:\d\d,\d{3} --> 00:00:\d\d,\d{3}$", text, re.MULTILINE)
    qtbot.waitUntil(lambda: not work.busy)


def test_what_the_session_has_to_say_is_shown_and_its_echo_only_once(window, model):
    model.told.emit(Notice("whisper failed; sphinx goes on."))
    assert window.banners.texts["notice"] == "whisper failed; sphinx goes on."
    model.told.emit(Notice(HEARS_ITSELF))
    assert window.banners.texts["notice"] == "whisper failed; sphinx goes on."


def test_why_the_others_are_not_heard_translated_is_shown_while_it_is_so(window, model):
    deaf = Device("Speakers", False, "It goes round in circles; choose another output.")
    others = OthersStatus(state=State.RUNNING, output=deaf)
    window.show_status(replace(model.status, others=others))
    assert window.banners.texts["others output"] == deaf.says
    window.show_status(model.status)
    assert "others output" not in window.banners.texts


def test_guests_of_the_settings_are_named_and_one_who_is_not_heard_is_told(
    qtbot, window, model, live, play
):
    model.change(replace(model.config, guests=Guests(("Ana=USB,from=de", "Ben=Headset"))))
    model.start()
    play(16)
    said, heard = window.captions.source.toPlainText, window.captions.target.toPlainText
    qtbot.waitUntil(lambda: "Ben: Cuesta" in heard())
    assert "Ana: Wir haben uns" in said() and "Ben: It costs" in said()
    assert "Ana: Hemos mirado" in heard()
    live.unplug_microphone("USB")
    model.look()
    assert "Ana" in window.banners.texts["guests"]
    assert "The microphone USB was unplugged." in window.banners.texts["guests"]
    assert "Ben" not in window.banners.texts["guests"]
    assert model.state is State.RUNNING
    live.unplug_microphone("")
    model.look()
    assert "guests" not in window.banners.texts
