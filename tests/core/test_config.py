from dataclasses import FrozenInstanceError

import pytest

from core.config import Config, declared
from core.setting import Setting

SETTINGS = {setting.name: setting for setting in declared()}
every_setting = pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS.keys())


def other_value(setting: Setting):
    """An allowed value that is not the default."""
    if setting.choices:
        return next(choice for choice in setting.choices if choice != setting.default)
    if setting.kind is bool:
        return not setting.default
    if setting.kind in (int, float):
        return setting.kind(setting.low if setting.low != setting.default else setting.high)
    if setting.name == "guests.speakers":
        return ("Ana=one", "Ben=two")
    return {str: "other", tuple: ("one", "two"), dict: {"one": "uno"}}[setting.kind]


@every_setting
def test_every_setting_has_a_text_and_a_default_that_it_allows(setting):
    assert setting.text.endswith(".")
    assert setting.checked(setting.default) == setting.default
    assert type(setting.default) is setting.kind
    assert setting.of(Config()) == setting.default


@every_setting
def test_every_number_has_a_range(setting):
    if setting.kind in (int, float):
        assert setting.low < setting.high


@every_setting
def test_every_setting_can_be_changed_and_nothing_else_changes_with_it(setting):
    value = other_value(setting)
    changed = setting.into(Config(), value)
    assert setting.of(changed) == value != setting.default
    for other in SETTINGS.values():
        assert other is setting or other.of(changed) == other.default


@every_setting
def test_every_setting_refuses_a_value_of_another_type(setting):
    wrong = 1 if setting.kind in (str, tuple, dict, bool) else "1"
    with pytest.raises(ValueError, match=setting.name):
        setting.into(Config(), wrong)


@every_setting
def test_every_range_holds_at_both_ends(setting):
    if setting.low is None:
        return
    assert setting.checked(setting.low) == setting.low
    assert setting.checked(setting.high) == setting.high
    step = 1 if setting.kind is int else 0.01
    for outside in (setting.low - step, setting.high + step):
        with pytest.raises(ValueError, match=r"or (more|less)"):
            setting.checked(outside)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("picture.mode", "dead", "picture.mode is one of live, dubbed, not 'dead'"),
        ("lag.budget", float("nan"), "lag.budget is a number, not nan"),
        ("lag.budget", True, "lag.budget is a number, not True"),
        ("lag.budget", 99, "lag.budget is 30 or less, not 99"),
        ("text.keep", ["a", 1], "text.keep is a list of texts"),
        ("text.glossary", {"a": 1}, "text.glossary is a table of texts"),
    ],
)
def test_a_refusal_says_what_would_be_right(name, value, sentence):
    with pytest.raises(ValueError, match=sentence):
        SETTINGS[name].checked(value)


def test_of_a_list_of_guests_the_good_ones_count_and_each_wrong_one_is_told():
    speakers = SETTINGS["guests.speakers"]
    value = ["Ana", "Ben=b", 5, "ben=c", "Eve=e,from=x-x"]
    assert speakers.checked(value) == ("Ana", "Ben=b", "ben=c", "Eve=e,from=x-x")
    told = speakers.left_out(value)
    assert list(told) == [0, 2, 3, 4]
    assert told[2] == "A text in quotes belongs here."
    assert told[4].startswith("There is no such language.")
    assert SETTINGS["text.keep"].left_out(["Ana"]) == {}


def test_whole_numbers_and_lists_are_taken_where_they_mean_the_same():
    assert SETTINGS["lag.budget"].checked(3) == 3.0
    assert SETTINGS["text.keep"].checked(["Ada"]) == ("Ada",)


def test_a_config_cannot_be_changed_in_place():
    with pytest.raises(FrozenInstanceError):
        Config().lag.budget = 5.0


def test_two_configs_do_not_share_a_glossary():
    assert Config().text.glossary is not Config().text.glossary
