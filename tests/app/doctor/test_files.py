"""Folders that cannot be written, and a settings file with mistakes in it."""

from pathlib import Path

import pytest

from app.doctor.files import check
from core.findings import State
from tests.machines import fake, named


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    return tmp_path


def test_folders_that_are_not_there_yet_are_well_where_they_can_be_made():
    found = list(check(fake()))
    assert all(one.good for one in found)
    assert "made when needed" in named(found, "Data folder").says


def test_a_folder_that_may_not_be_written_is_given_back_to_the_user(home):
    folder = home / "config/translated-camera"
    folder.mkdir(parents=True)
    machine = fake({"closed": {str(folder)}})
    found = named(check(machine), "Settings folder")
    assert found.state is State.TROUBLE
    found.fix.act()
    assert machine.system.performed == [(("chown", "-R", "ann", str(folder)), True)]


def test_what_lies_outside_the_home_folder_is_left_alone(home, monkeypatch):
    monkeypatch.setenv("HOME", str(home / "elsewhere"))
    folder = home / "config/translated-camera"
    folder.mkdir(parents=True)
    assert named(check(fake({"closed": {str(folder)}})), "Settings folder").fix is None


def test_the_home_folder_itself_is_never_given_away(home):
    assert named(check(fake({"closed": {str(home)}})), "Data folder").fix is None


def test_a_file_in_the_way_is_named(home):
    Path(home / "data").write_text("")
    assert "in the way" in named(check(fake()), "Data folder").says


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("[languages]\nsource = 3\n", "settings.toml"),
        ("not toml at all [", "settings.toml"),
        ("[languages]\nsource = 3\n[lag]\nbudget = 'x'\n", "And 1 more."),
    ],
)
def test_mistakes_in_the_settings_file_are_told_with_their_place(home, text, part):
    path = home / "config/translated-camera/settings.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    found = named(check(fake()), "Settings file")
    assert found.state is State.HINT
    assert part in found.says
