import threading

import pytest
from PySide6.QtWidgets import QMessageBox

from core.errors import CannotWrite
from ui.pages.models import ModelWindow, size_text
from ui.services import ModelEntry

WHISPER = ModelEntry("whisper-small", "Whisper small", "recognition", 480_000_000, "MIT")
WAV2LIP = ModelEntry("wav2lip", "Wav2Lip", "lips", 436_000_000, "non-commercial", commercial=False)


class Store:
    """Downloads in ten pieces, each of which waits to be let on; keeps what came."""

    def __init__(self):
        self.here, self.came = set(), {}
        self.going = threading.Semaphore(0)
        self.refuses = ""

    def entries(self):
        from dataclasses import replace

        return tuple(replace(one, installed=one.name in self.here) for one in (WHISPER, WAV2LIP))

    def pull(self, name, progress):
        if self.refuses:
            raise CannotWrite(self.refuses)
        for piece in range(self.came.get(name, 0), 10):
            assert self.going.acquire(timeout=10)
            self.came[name] = piece + 1
            if not progress((piece + 1) * 48_000_000, 480_000_000):
                return
        self.here.add(name)

    def remove(self, name):
        self.here.discard(name)

    def bring(self, path):
        self.here.add(path.name)
        return path.name


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def agreed(monkeypatch):
    asked = []

    def ask(parent, title, text):
        asked.append(text)
        return QMessageBox.StandardButton.Yes

    monkeypatch.setattr(QMessageBox, "question", ask)
    return asked


@pytest.fixture
def models(qtbot, store, work):
    models = ModelWindow(store, work, None)
    qtbot.addWidget(models)
    models.show()
    qtbot.waitUntil(lambda: len(models.rows) == 2)
    return models


def go(store, pieces=10):
    for _ in range(pieces):
        store.going.release()


def test_a_model_is_fetched_once_its_licence_was_shown_and_agreed_to(qtbot, models, store, agreed):
    models.rows["whisper-small"].action.click()
    assert "Licence: MIT" in agreed[0] and "480 MB" in agreed[0]
    assert not store.came
    go(store)
    with qtbot.waitSignal(models.changed):
        qtbot.waitUntil(lambda: "whisper-small" in store.here)
    qtbot.waitUntil(lambda: models.rows["whisper-small"].action.text() == "Remove")


def test_a_download_shows_its_progress_is_cancelled_and_goes_on_where_it_was(
    qtbot, models, store, agreed
):
    row = models.rows["whisper-small"]
    row.action.click()
    go(store, 3)
    qtbot.waitUntil(lambda: row.bar.value() == 300)
    assert row.says.text() == "144 MB of 480 MB"
    row.action.click()
    go(store, 1)
    qtbot.waitUntil(lambda: row.action.text() == "Download")
    assert "kept" in row.says.text()
    row.action.click()
    go(store, 6)
    qtbot.waitUntil(lambda: "whisper-small" in store.here)
    qtbot.waitUntil(lambda: not models._running)


def test_what_fails_is_said_and_can_be_tried_again(qtbot, models, store, agreed):
    store.refuses = "The disk is full."
    row = models.rows["whisper-small"]
    row.action.click()
    qtbot.waitUntil(lambda: row.says.text() == "The disk is full.")
    assert row.action.text() == "Download"


def test_a_licence_that_forbids_commercial_use_is_said(qtbot, models):
    texts = [part.text() for part in models.rows["wav2lip"].findChildren(type(models.says))]
    assert "Not for commercial use." in texts


def test_models_are_removed_and_taken_from_disk(qtbot, models, store, tmp_path):
    models.take(tmp_path / "whisper-small")
    qtbot.waitUntil(lambda: models.rows["whisper-small"].action.text() == "Remove")
    models.rows["whisper-small"].action.click()
    qtbot.waitUntil(lambda: models.rows["whisper-small"].action.text() == "Download")


def test_without_a_catalogue_it_says_so(qtbot, work):
    models = ModelWindow(None, work, None)
    qtbot.addWidget(models)
    assert "no catalogue" in models.says.text()
    assert not models.bring.isEnabled()


def test_sizes_are_in_the_unit_that_a_person_would_take():
    assert [size_text(size) for size in (12, 63_000_000, 1_500_000_000)] == [
        "12 B", "63 MB", "1.5 GB",
    ]  # fmt: skip
