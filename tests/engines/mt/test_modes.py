from pathlib import Path

import pytest

from core.errors import EngineUnavailable
from engines.mt.modes import installed, programs, reachable, route


def _modes(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / f"{name}.mode").write_text("cat\n")
    return folder


def test_pairs_are_found_by_either_kind_of_code(tmp_path: Path) -> None:
    pairs = installed(_modes(tmp_path, "eng-spa", "es-pt", "README"))
    assert set(pairs) == {("en", "es"), ("es", "pt")}


def test_the_plain_pair_goes_before_its_regional_variants(tmp_path: Path) -> None:
    pairs = installed(_modes(tmp_path, "eng-cat_valencia", "eng-cat", "es-pt_BR"))
    assert pairs["en", "ca"].stem == "eng-cat"
    assert pairs["es", "pt"].stem == "es-pt_BR"


def test_a_mode_that_is_no_pair_of_languages_is_passed_over(tmp_path: Path) -> None:
    assert installed(_modes(tmp_path, "eng-spa-tagger", "xx-yy", "eng")) == {}


def test_a_folder_that_is_not_there_has_no_pairs(tmp_path: Path) -> None:
    assert installed(tmp_path / "nowhere") == {}


def test_the_way_is_the_shortest(tmp_path: Path) -> None:
    pairs = installed(_modes(tmp_path, "eng-spa", "spa-cat", "cat-fra", "spa-fra"))
    assert route("en", "es", pairs) == ("en", "es")
    assert route("en", "fr", pairs) == ("en", "es", "fr")


def test_of_two_ways_the_one_through_the_better_connected_language_is_taken(
    tmp_path: Path,
) -> None:
    names = ["eng-cat", "cat-por", "eng-spa", "spa-por", "fra-spa", "por-spa"]
    assert route("en", "pt", installed(_modes(tmp_path, *names))) == ("en", "es", "pt")


def test_a_pair_is_one_way_only(tmp_path: Path) -> None:
    pairs = installed(_modes(tmp_path, "eng-spa"))
    assert reachable("es", pairs) == {}


def test_a_language_that_apertium_has_under_another_name_is_found(tmp_path: Path) -> None:
    assert route("en", "hr", installed(_modes(tmp_path, "eng-hbs"))) == ("en", "sh")


def test_a_pair_that_is_missing_is_answered_with_what_can_be_reached(tmp_path: Path) -> None:
    pairs = installed(_modes(tmp_path, "eng-spa", "spa-cat"))
    with pytest.raises(EngineUnavailable) as refusal:
        route("en", "ta", pairs)
    sentence = str(refusal.value)
    assert "from English to Tamil" in sentence
    assert "Catalan (ca), Spanish (es)" in sentence
    assert "apt-get install" in sentence


def test_programs_are_told_to_flush_and_to_leave_unknown_words_unmarked(tmp_path: Path) -> None:
    mode = tmp_path / "a-b.mode"
    mode.write_text("# a comment\n\nlt-proc -w '/a b/x.bin' | tagger -g $2 'y' | lt-proc $1 'z'\n")
    assert programs(mode) == [
        ["lt-proc", "-z", "-w", "/a b/x.bin"],
        ["tagger", "-z", "-g", "y"],
        ["lt-proc", "-z", "-n", "z"],
    ]
