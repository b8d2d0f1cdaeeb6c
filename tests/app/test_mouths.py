from pathlib import Path

import pytest

from app import mouths
from app.commands.mouths import show
from core.errors import CannotWrite, UnreadableInput, UsageError


class Lips:
    """Remembers a word."""

    notice = ""

    def __init__(self, word: str = "") -> None:
        self.word = word

    def save(self, path: Path) -> None:
        path.write_text(self.word)

    def load(self, path: Path) -> None:
        if path.read_text() == "broken":
            raise UnreadableInput("The file is damaged.")
        self.word = path.read_text()


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(mouths, "folder", lambda: tmp_path / "mouths")


def test_what_is_kept_of_a_speaker_comes_back():
    mouths.keep(Lips("smile"), "Ana María")
    lips = Lips()
    assert mouths.recall(lips, "Ana María")
    assert lips.word == "smile"
    assert mouths.names() == ["Ana María"]


def test_nothing_is_known_of_a_stranger():
    lips = Lips("own")
    assert not mouths.recall(lips, "nobody")
    assert lips.word == "own"
    assert mouths.names() == []


def test_a_forgotten_speaker_is_gone():
    mouths.keep(Lips("smile"), "ana")
    assert mouths.forget("ana")
    assert not mouths.forget("ana")
    assert mouths.names() == []


def test_a_damaged_file_is_said_and_the_mouth_learnt_anew(caplog):
    mouths.keep(Lips("broken"), "ana")
    assert not mouths.recall(Lips(), "ana")
    assert "learnt anew" in caplog.text


@pytest.mark.parametrize("name", ["", "../ana", "a/b", ".hidden", " ana", "a\0b", "x" * 80])
def test_a_name_that_cannot_be_a_files_is_refused(name):
    with pytest.raises(UsageError):
        mouths.path_of(name)


def test_a_folder_that_cannot_be_made_is_said(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(mouths, "folder", lambda: tmp_path / "file" / "mouths")
    with pytest.raises(CannotWrite):
        mouths.keep(Lips("x"), "ana")


def test_that_no_mouth_is_kept_is_said(capsys):
    show()
    assert capsys.readouterr().err.startswith("No speaker's mouth is kept here")
