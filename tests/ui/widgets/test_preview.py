import pytest
from PySide6.QtCore import QPoint, Qt

from ui.widgets.preview import Preview, View


@pytest.fixture
def preview(qtbot, model, live):
    preview = Preview(model)
    qtbot.addWidget(preview)
    preview.resize(640, 360)
    model.start()
    model.look()
    with qtbot.waitExposed(preview):
        preview.show()
    live.step(1 / 30)
    preview.pull()
    return preview


def mean(preview, x, y):
    colour = preview.grab().toImage().pixelColor(x, y)
    return colour.getRgb()[:3]


def test_the_newest_picture_is_shown_and_older_ones_are_skipped(preview, live):
    for _ in range(5):
        live.step(1 / 30)
    preview.pull()
    assert preview._after._frame is live.shown.peek()


def test_while_the_own_voice_is_passed_on_the_camera_is_what_the_meeting_sees(preview, model, live):
    model.panic()
    live.step(1 / 30)
    preview.pull()
    assert preview._after._frame is live.taken.peek()


def test_the_picture_is_not_copied(preview, live):
    pixels = live.shown.peek().image
    assert bytes(preview._after.image.constBits()[:3]) == bytes(pixels[0, 0])
    before = preview._after.image.pixelColor(0, 0).red()
    pixels[0, 0, 0] = 255 - before
    assert preview._after.image.pixelColor(0, 0).red() == 255 - before


def test_a_wipe_shows_the_camera_on_its_left_and_the_result_on_its_right(preview, live):
    preview.show_as(View.WIPE)
    live.step(1 / 30)
    live.taken.peek().image[:] = (200, 0, 0)
    live.shown.peek().image[:] = (0, 0, 200)
    preview.pull()
    assert mean(preview, 100, 300) == (200, 0, 0)
    assert mean(preview, 540, 300) == (0, 0, 200)


def test_the_wipe_moves_by_key(qtbot, preview, live):
    preview.show_as(View.WIPE)
    for _ in range(8):
        qtbot.keyClick(preview, Qt.Key.Key_Left)
    live.step(1 / 30)
    live.taken.peek().image[:] = (200, 0, 0)
    live.shown.peek().image[:] = (0, 0, 200)
    preview.pull()
    assert mean(preview, 100, 300) == (0, 0, 200)


def test_a_double_click_tells_the_place_in_the_picture(qtbot, preview):
    with qtbot.waitSignal(preview.chosen) as told:
        qtbot.mouseDClick(preview, Qt.MouseButton.LeftButton, pos=QPoint(320, 90))
    assert told.args == pytest.approx([640, 180], abs=3)


def test_nothing_is_pulled_while_nobody_sees_it(qtbot, preview, live):
    with qtbot.waitSignal(preview.watching) as told:
        preview.hide()
    assert told.args == [False]
    assert not preview._timer.isActive()
