"""Every window in both themes and in languages that are long, or read from right to left.

With WINDOW_PICTURES=FOLDER in the environment the pictures stay there, to be looked at.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from core.config import Config, Guests
from ui import theme, translation
from ui.model import LiveModel
from ui.pages.opener import Pages
from ui.rehearsal import Rehearsal
from ui.widgets.preview import View
from ui.window import MainWindow

LOOKS = [("light", "en"), ("dark", "en"), ("light", "es"), ("dark", "ar"), ("light", "de")]

pytestmark = pytest.mark.slow


@pytest.fixture(params=LOOKS, ids=lambda look: "-".join(look))
def look(request, qapp) -> Iterator[tuple[str, str]]:
    before = QLocale()
    translation.install(qapp, request.param[1])
    theme.apply(qapp, request.param[0])
    yield request.param
    translation.install(qapp, "en")
    QLocale.setDefault(before)
    theme.apply(qapp, "light")


@pytest.fixture
def folder(look, tmp_path) -> Path:
    kept = os.environ.get("WINDOW_PICTURES")
    folder = (Path(kept) if kept else tmp_path) / "-".join(look)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def pages(qtbot, look, services, work) -> Iterator[Pages]:
    config = Config(guests=Guests(("Ana=USB,from=de",)))
    model, live = LiveModel(config), Rehearsal(config)
    window = MainWindow(model)
    qtbot.addWidget(window)
    window.show()
    model.attach(live)
    model.start()
    pages = Pages(window, services, work)
    window.show_offer(services.offered)
    for _ in range(48):
        live.step(0.25)
    model.look()
    qtbot.waitUntil(lambda: window.preview._after.image is not None)
    qtbot.waitUntil(lambda: "Hemos" in window.captions.target.toPlainText())
    pages.window = window
    yield pages
    qtbot.waitUntil(lambda: not work.busy)
    model.close()


def cut_off(root: QWidget) -> list[str]:
    """Texts that are wider than their place."""
    QApplication.processEvents()
    parts = [*root.findChildren(QPushButton), *root.findChildren(QLabel)]
    return [
        part.text()
        for part in parts
        if part.isVisible()
        and part.text()
        and not (isinstance(part, QLabel) and part.wordWrap())
        and part.sizeHint().width() > part.width() + 1
    ]


def taken(root: QWidget, path: Path) -> None:
    """The picture is there, in the colours of the theme, and nothing in it is cut off."""
    QApplication.processEvents()
    picture = root.grab()
    assert picture.save(str(path))
    ground = picture.toImage().pixelColor(2, 2)
    assert ground == QColor(theme.current().window)
    assert cut_off(root) == []


def test_the_main_window(pages, folder):
    window = pages.window
    taken(window, folder / "main.png")
    window.preview.show_as(View.WIPE)
    window.model.mute()
    taken(window, folder / "muted.png")


def test_the_windows_beside_it(qtbot, pages, folder, work):
    for name in ("transcript", "diagnostics", "about", "models"):
        opened = getattr(pages, name)()
        qtbot.waitUntil(lambda: not work.busy)
        taken(opened, folder / f"{name}.png")
        opened.hide()


def test_each_page_of_the_settings(qtbot, pages, folder, work):
    settings = pages.settings()
    for at in range(settings.list.count()):
        settings.list.setCurrentRow(at)
        qtbot.waitUntil(lambda: not work.busy)
        taken(settings, folder / f"settings-{at:02d}.png")


def test_each_page_of_the_guide(qtbot, pages, folder, work):
    guide = pages.guide()
    qtbot.waitUntil(lambda: not work.busy)
    for at in range(guide.stack.count()):
        guide.go(at)
        taken(guide, folder / f"guide-{at}.png")
