from dataclasses import replace

import pytest

from app.desktop import autostart
from app.desktop.profiles import ProfileFolder
from core.config import Config, Voice
from core.errors import UnreadableInput, UsageError

FAST = replace(Config(), voice=Voice(rate=1.5))


@pytest.fixture
def profiles(tmp_path):
    return ProfileFolder(tmp_path / "profiles")


def test_a_profile_comes_back_as_it_was_saved(profiles):
    profiles.save("Work", FAST)
    profiles.save("Plain", Config())
    assert profiles.names() == ("Plain", "Work")
    assert profiles.load("Work") == FAST
    assert profiles.load("Plain") == Config()


def test_saving_again_leaves_nothing_of_the_former(profiles):
    profiles.save("Work", FAST)
    profiles.save("Work", Config())
    assert profiles.load("Work") == Config()


def test_a_removed_profile_is_gone(profiles):
    profiles.save("Work", FAST)
    profiles.remove("Work")
    profiles.remove("Work")
    assert profiles.names() == ()


def test_a_file_from_elsewhere_is_taken_as_far_as_it_is_right(profiles, tmp_path):
    path = tmp_path / "other.toml"
    path.write_text("[voice]\nrate = 1.5\nvolume = 3\n", "utf-8")
    config, problems = profiles.bring(path)
    assert config == FAST
    assert problems[0].startswith("other.toml:3: there is no setting voice.volume")


def test_what_cannot_be_read_or_named_is_said(profiles, tmp_path):
    with pytest.raises(UnreadableInput):
        profiles.bring(tmp_path / "missing.toml")
    with pytest.raises(UsageError):
        profiles.save("../escape", FAST)


def test_an_exported_profile_has_the_ending_of_its_form(profiles, tmp_path):
    profiles.export(FAST, tmp_path / "mine")
    assert profiles.bring(tmp_path / "mine.toml")[0] == FAST


def test_autostart_is_a_file_that_starts_the_program_without_a_window(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert not autostart.wanted()
    autostart.want(True)
    assert autostart.wanted()
    text = (tmp_path / "autostart" / autostart.NAME).read_text("utf-8")
    assert text.startswith("[Desktop Entry]") and "window --hidden" in text
    autostart.want(False)
    assert not autostart.wanted()
