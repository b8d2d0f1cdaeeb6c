"""The window over a rehearsed session whose time passes by hand."""

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from core.config import Config
from ui import theme
from ui.model import LiveModel
from ui.rehearsal import FPS, Rehearsal
from ui.window import MainWindow

Play = Callable[[float], None]


@pytest.fixture
def live() -> Rehearsal:
    return Rehearsal(Config())


@pytest.fixture
def model(qtbot: QtBot, live: Rehearsal) -> Iterator[LiveModel]:
    model = LiveModel(live.config)
    model.attach(live)
    yield model
    model.close()


@pytest.fixture
def window(qtbot: QtBot, qapp: object, model: LiveModel) -> Iterator[MainWindow]:
    theme.apply(qapp, "light")  # type: ignore[arg-type]
    window = MainWindow(model)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    yield window
    window.hide()


@pytest.fixture
def play(live: Rehearsal, model: LiveModel) -> Play:
    """So many seconds of the rehearsal pass."""

    def pass_time(seconds: float) -> None:
        for _ in range(round(seconds * FPS)):
            live.step(1 / FPS)
        model.look()

    return pass_time
