"""The window over a rehearsed session whose time passes by hand."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.config import Config, Enhance
from core.findings import Finding, Fix, State
from core.pipeline import thread_host
from core.types import AudioChunk
from ui import theme, translation
from ui.model import LiveModel
from ui.rehearsal import FPS, Rehearsal
from ui.services import Licence, ModelStore, Offer, Option
from ui.window import MainWindow
from ui.work import Work

Play = Callable[[float], None]


@pytest.fixture
def spoken(qapp: QApplication) -> Iterator[Callable[[str], object]]:
    """Installs a language; English again afterwards."""
    before = QLocale()
    yield lambda code: translation.install(qapp, code)
    translation.install(qapp, "en")
    QLocale.setDefault(before)


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


class FakeServices:
    """Answers in memory; what is slow in the real ones comes at once."""

    problems: tuple[str, ...] = ()
    first_run = False
    models: ModelStore | None = None

    def __init__(self, folder: Path) -> None:
        self.profiles = FakeProfiles()
        self.saved: list[Config] = []
        self.fixed: list[str] = []
        self.played: list[AudioChunk] = []
        self.asked = ""
        self.findings = [
            Finding("camera", State.OK, "Integrated Webcam"),
            Finding(
                "virtual camera",
                State.TROUBLE,
                "v4l2loopback is not loaded.",
                "modprobe v4l2loopback",
                Fix("modprobe v4l2loopback", lambda: "Loaded."),
            ),
        ]
        self.autostart: bool | None = False
        self.offered = Offer(
            sources=("en", "es"),
            targets={"en": ("es", "fr"), "es": ("en",)},
            no_detection="Finding out the language needs a model.",
            options={"devices.camera": (Option("", "The system's"), Option("Cam 2", "Cam 2"))},
        )

    def save(self, config: Config) -> None:
        self.saved.append(config)

    def offer(self, config: Config) -> Offer:
        return self.offered

    def enhanced(self, heard: AudioChunk, settings: Enhance) -> AudioChunk:
        self.asked = settings.engine
        return replace(heard, samples=heard.samples / 2)

    def play(self, audio: AudioChunk) -> None:
        self.played.append(audio)

    def doctor(self) -> list[Finding]:
        return self.findings

    def fix(self, name: str) -> str:
        self.fixed.append(name)
        self.findings[1] = Finding(name, State.OK, "It is loaded.")
        return "Loaded."

    def log_text(self) -> str:
        return "INFO core.session: started"

    def bundle(self, path: Path) -> None:
        path.write_text("bundle", "utf-8")

    def version(self) -> str:
        return "1.2.3"

    def licences(self) -> tuple[Licence, ...]:
        return (Licence("numpy", "2.0", "BSD-3-Clause"),)

    def set_autostart(self, wanted: bool) -> None:
        self.autostart = wanted


class FakeProfiles:
    def __init__(self) -> None:
        self.kept: dict[str, Config] = {}

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self.kept))

    def save(self, name: str, config: Config) -> None:
        self.kept[name] = config

    def load(self, name: str) -> Config:
        return self.kept[name]

    def remove(self, name: str) -> None:
        del self.kept[name]

    def export(self, config: Config, path: Path) -> None:
        self.kept[str(path)] = config

    def bring(self, path: Path) -> tuple[Config, tuple[str, ...]]:
        return self.kept[str(path)], ("line 3: there is no setting x",)


@pytest.fixture
def services(tmp_path: Path) -> FakeServices:
    return FakeServices(tmp_path)


@pytest.fixture
def work(qtbot: QtBot) -> Iterator[Work]:
    parent = QObject()
    work = Work(thread_host, parent)
    yield work
    qtbot.waitUntil(lambda: not work.busy)
