import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QSlider

from ui.pages.opener import Pages


@pytest.fixture
def pages(qtbot, window, services, work):
    pages = Pages(window, services, work)
    yield pages
    qtbot.waitUntil(lambda: not work.busy)


def windows(pages, window):
    return [
        window, pages.settings(), pages.transcript(), pages.diagnostics(), pages.about(),
        pages.models(), pages.guide(),
    ]  # fmt: skip


def operated(root):
    return [
        part
        for kind in (QAbstractButton, QComboBox, QSlider, QLineEdit)
        for part in root.findChildren(kind)
        if part.focusPolicy() != Qt.FocusPolicy.NoFocus and not part.objectName().startswith("qt_")
    ]


def test_everything_that_is_operated_has_a_name_for_the_screen_reader(qtbot, pages, window, work):
    for root in windows(pages, window):
        qtbot.waitUntil(lambda: not work.busy)
        nameless = [
            part
            for part in operated(root)
            if not (part.accessibleName() or getattr(part, "text", str)())
        ]
        assert nameless == []


def test_all_of_the_main_window_is_reached_by_the_tab_key(qtbot, window):
    window.controls.start.setFocus()
    reached = set()
    for _ in range(200):
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    wanted = {
        window.preview, window.settings, window.transcript, window.more, window.controls.panic,
        window.controls.mute, window.controls.push, window.languages.source,
        window.languages.target, window.voice.balance, window.captions.source,
    }  # fmt: skip
    assert wanted <= reached


def test_everything_fits_at_the_smallest_size(qtbot, window):
    window.resize(window.minimumSize())
    qtbot.waitUntil(lambda: window.size() == window.minimumSize())
    inside = window.rect()
    for part in (window.controls.push, window.more, window.settings, window.preview):
        place = part.mapTo(window, QPoint(0, 0))
        assert inside.contains(part.rect().translated(place)), part


def test_the_panic_shortcut_works_from_every_window(qtbot, pages, window, live):
    settings = pages.settings()
    qtbot.waitUntil(settings.isVisible)
    shortcut = window.keys.shortcuts["panic"]
    assert shortcut.context() is Qt.ShortcutContext.ApplicationShortcut
    assert shortcut.key().toString() == "Ctrl+Alt+P"
    shortcut.activated.emit()
    assert live.calls[-1] == "voice original"
