import logging
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from app import settings
from core.config import Config, Guests, Lag, Text, declared
from core.errors import CannotWrite, UsageError

CHANGED = replace(
    Config(),
    lag=Lag(budget=3.0),
    text=Text(keep=("Ada",), glossary={"machine learning": "aprendizaje automático"}),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a folder" / "settings.toml"


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def test_without_a_file_all_is_as_declared(file):
    assert settings.load(file) == settings.Loaded(Config())


def test_the_file_lies_in_the_users_own_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert settings.default_path().name == "settings.toml"
    assert "translated-camera" in str(settings.default_path())


def test_what_is_saved_is_loaded_again(file):
    settings.save(CHANGED, file)
    assert settings.load(file) == settings.Loaded(CHANGED)


def test_saving_writes_only_what_differs_from_the_defaults(file):
    settings.save(replace(Config(), lag=Lag(budget=3.0)), file)
    assert file.read_text() == "[lag]\nbudget = 3.0\n"


def test_going_back_to_a_default_is_saved(file):
    settings.save(CHANGED, file)
    settings.save(Config(), file)
    assert settings.load(file).config == Config()


def test_every_kind_of_setting_goes_back_to_its_default(file):
    text = (
        "[text]\ndrop_fillers = false\nkeep = ['a']\nglossary.a = 'b'\n"
        "[lag]\nbudget = 3\n[recognition]\nbeam = 3\n[engines]\nstt = 'fake'\n"
    )
    for before in (False, True):
        write(file, text)
        held = settings.load(file).config
        assert held.text == Text(False, ("a",), {"a": "b"})
        settings.save(Config(), file, held if before else None)
        assert settings.load(file) == settings.Loaded(Config())


def test_saving_keeps_comments_order_and_what_is_not_understood(file):
    text = (
        '# mine\n[window]\ntheme = "dark" # at night\n\n[later]\nversion = 2\n\n[lag]\nbudget = 5\n'
    )
    write(file, text)
    settings.save(replace(settings.load(file).config, lag=Lag(budget=3.0)), file)
    assert file.read_text() == text.replace("budget = 5", "budget = 3.0")


def test_saving_keeps_the_comments_of_a_glossary(file):
    write(file, '[text.glossary]\nyes = "sí" # always\nno = "no"\n')
    config = replace(Config(), text=Text(glossary={"yes": "sí", "well": "bien"}))
    settings.save(config, file)
    assert file.read_text() == '[text.glossary]\nyes = "sí" # always\nwell = "bien"\n'


def test_a_wrong_value_stays_in_the_file_until_its_setting_is_changed(file):
    write(file, '[lag]\nbudget = "much"\n')
    settings.save(replace(Config(), lag=Lag(max_tempo=1.1)), file)
    assert 'budget = "much"' in file.read_text()
    settings.save(CHANGED, file)
    assert settings.load(file).problems == ()


def test_what_was_changed_by_hand_meanwhile_stays(file):
    write(file, '[text]\nkeep = ["Ada"]\n[lag]\nbudget = 5.0\n')
    before = settings.load(file).config
    write(file, '[text]\nkeep = ["Ada", "Rosalind"]\n[lag]\nbudget = 6.0\n')
    settings.save(replace(before, lag=Lag(budget=3.0)), file, before)
    assert file.read_text() == '[text]\nkeep = ["Ada", "Rosalind"]\n[lag]\nbudget = 3.0\n'


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ({"yes": "sí", "well": "bien"}, {"yes": "claro", "hand": "mano", "well": "bien"}),
        ({"no": "no"}, {"hand": "mano"}),
        ({"yes": "ya", "no": "nunca"}, {"yes": "ya", "hand": "mano", "no": "nunca"}),
    ],
)
def test_of_a_glossary_only_the_entries_are_written_that_were_changed_here(file, after, said):
    before = replace(Config(), text=Text(glossary={"yes": "sí", "no": "no"}))
    write(file, '[text.glossary]\nyes = "claro"\nhand = "mano" # by hand\n')
    settings.save(replace(before, text=Text(glossary=after)), file, before)
    assert settings.load(file).config.text.glossary == said
    assert "# by hand" in file.read_text()


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (("Ada", "Grace", "Emmy"), ("Ada", "Emmy", "Rosalind")),
        (("Grace",), ("Rosalind",)),
        ((), ("Rosalind",)),
    ],
)
def test_of_a_list_only_the_entries_are_written_that_were_changed_here(file, after, said):
    before = replace(Config(), text=Text(keep=("Ada", "Grace")))
    write(file, '[text]\nkeep = ["Ada", "Rosalind"]\n')
    settings.save(replace(before, text=Text(keep=after)), file, before)
    assert settings.load(file).config.text.keep == said


def test_a_table_that_became_wrong_meanwhile_is_written_whole_when_it_is_changed(file):
    before = replace(Config(), text=Text(glossary={"yes": "sí"}))
    write(file, "[text]\nglossary = 5\n")
    after = Text(glossary={"yes": "sí", "no": "no"})
    settings.save(replace(before, text=after), file, before)
    assert settings.load(file).config.text == after


@pytest.mark.parametrize("meanwhile", [None, "[lag]\nbudget == 3\n"])
def test_a_file_that_was_lost_meanwhile_is_written_whole(file, meanwhile):
    if meanwhile:
        write(file, meanwhile)
    before = replace(CHANGED, lag=Lag(budget=2.0))
    settings.save(CHANGED, file, before)
    assert settings.load(file).config == CHANGED


def test_wrong_guests_stay_in_the_file_when_others_change(file):
    write(file, '[guests]\nspeakers = ["Ana=USB", "Rosalind", 5, "Ben=Mic"]\n')
    loaded = settings.load(file)
    assert len(loaded.problems) == 2
    settings.save(replace(loaded.config, lag=Lag(budget=3.0)), file)
    assert 'speakers = ["Ana=USB", "Rosalind", 5, "Ben=Mic"]' in file.read_text()
    texts = tuple(one.replace("USB", "Table") for one in loaded.config.guests.speakers)
    settings.save(replace(loaded.config, guests=Guests(texts)), file)
    assert 'speakers = ["Ana=Table", "Rosalind", "Ben=Mic", 5]' in file.read_text()


def test_a_broken_file_is_reported_with_its_line_and_kept_when_settings_are_saved(file, caplog):
    write(file, "[lag]\nbudget == 3\n")
    loaded = settings.load(file)
    assert loaded.config == Config()
    assert [problem.line for problem in loaded.problems] == [2]
    assert f"{file}:2" in caplog.text
    for number in (1, 2):
        write(file, "[lag]\nbudget == 3\n")
        settings.save(CHANGED, file)
        kept = file.with_name(f"settings.broken-{number}.toml")
        assert kept.read_text() == "[lag]\nbudget == 3\n"
    assert settings.load(file).config == CHANGED


def test_a_file_of_another_encoding_is_a_problem_with_its_line(file):
    file.parent.mkdir()
    file.write_bytes("[text]\n# a comment\nkeep = ['Müller']\n".encode("latin-1"))
    assert [problem.line for problem in settings.load(file).problems] == [3]


def test_a_folder_in_place_of_the_file_is_a_problem(tmp_path):
    loaded = settings.load(tmp_path)
    assert loaded.config == Config()
    assert "cannot be read" in str(loaded.problems[0])


def test_settings_that_cannot_be_written_are_an_error_with_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CannotWrite, match="The settings cannot be written"):
        settings.save(CHANGED, tmp_path / "file" / "settings.toml")


def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(file, monkeypatch):
    settings.save(CHANGED, file)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotWrite, match="No space left"):
        settings.save(Config(), file)
    assert settings.load(file).config == CHANGED
    assert list(file.parent.iterdir()) == [file]


def test_a_link_to_the_file_stays_a_link(file, tmp_path):
    write(file, "")
    link = tmp_path / "link.toml"
    link.symlink_to(file)
    settings.save(CHANGED, link)
    assert link.is_symlink()
    assert settings.load(file).config == CHANGED


def test_every_setting_survives_the_file(file, caplog):
    config = Config()
    for setting in declared():
        values = {
            bool: not setting.default,
            int: setting.high,
            float: setting.low if setting.low != setting.default else setting.high,
            str: setting.choices[-1] if setting.choices else 'quote " and ñ',
            tuple: ("one=a", "two=three, four,from=de"),
            dict: {"a.b c": "d = e"},
        }
        config = setting.into(config, values[setting.kind])
    with caplog.at_level(logging.WARNING):
        settings.save(config, file)
        assert settings.load(file) == settings.Loaded(config)
    assert not caplog.text


def test_many_may_write_at_once_and_the_file_stays_whole(tmp_path):
    path = tmp_path / "settings.toml"
    with ThreadPoolExecutor(8) as threads:
        configs = [Config(lag=Lag(budget=2.0 + number)) for number in range(16)]
        done = [threads.submit(settings.save, config, path) for config in configs]
        assert [one.result() for one in done] == [None] * 16
    assert settings.load(path).config in configs
    assert [one.name for one in tmp_path.iterdir()] == ["settings.toml"]


def test_a_settings_file_that_was_asked_for_must_be_there(tmp_path):
    with pytest.raises(UsageError, match="no settings file"):
        settings.load_asked(tmp_path / "absent.toml")
    assert settings.load_asked(None).config == settings.load().config
