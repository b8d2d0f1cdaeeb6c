import numpy as np
import pytest
from PySide6.QtCore import Qt

from ui.settings.dialog import SettingsDialog
from ui.settings.noise import SECONDS


@pytest.fixture
def page(qtbot, window, model, services, work):
    dialog = SettingsDialog(model, services, work, window)
    qtbot.addWidget(dialog)
    dialog.list.setCurrentRow(list(dialog._sections).index("enhance"))
    dialog.show()
    qtbot.waitUntil(lambda: not work.busy)
    return dialog.noise


def recorded(page):
    page.record.click()
    for _ in range(SECONDS):
        assert not page.record.isEnabled()
        page.tick()


def test_five_seconds_are_recorded_and_can_be_heard_as_they_are_and_without_noise(
    qtbot, page, model, services, work
):
    model.set("enhance.engine", "rnnoise")
    assert not page.play_before.isEnabled() and not page.play_after.isEnabled()
    recorded(page)
    qtbot.waitUntil(page.play_after.isEnabled)
    assert services.asked == "rnnoise"
    for button in (page.play_before, page.play_after):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not work.busy)
    before, after = services.played
    assert before.duration == SECONDS
    assert np.array_equal(after.samples, before.samples / 2)


def test_while_it_is_done_live_that_is_what_is_heard(qtbot, page, model, services, play):
    model.set("enhance.engine", "rnnoise")
    model.start()
    play(2.0)
    recorded(page)
    assert page.play_after.isEnabled()
    assert services.asked == ""
    play(0.3)
    assert page.gain.text() == "9 dB are taken away at this moment."
    assert page.after.db == page.before.db - 9


def test_with_nothing_chosen_it_says_so(page):
    recorded(page)
    assert page.play_before.isEnabled() and not page.play_after.isEnabled()
    assert page.says.text() == "Nothing is kept away: choose above what does it."


def test_the_choice_is_in_the_main_window_too_and_holds_at_once(qtbot, window, live, model, play):
    box = window.voice.noise
    box.setCurrentIndex(box.findData("rnnoise"))
    box.activated.emit(box.currentIndex())
    assert live.config.enhance.engine == "rnnoise"
    assert "restart" not in window.banners.texts
    model.start()
    play(1.0)
    assert window.voice.taken.text() == "9 dB less"
