import pytest

from core.config import Config, declared
from core.guests import guests
from core.settings_file import read


def problems(text: str) -> list[str]:
    return [str(problem) for problem in read(text, "my.toml")[1]]


def test_an_empty_file_means_the_defaults():
    assert read("", "my.toml") == (Config(), ())


def test_settings_are_read_into_their_sections():
    config, found = read(
        """
        [lag]
        budget = 3
        [picture]
        mode = "dubbed"
        [text]
        keep = ["Ada Lovelace"]
        [text.glossary]
        "machine learning" = "aprendizaje automático"
        """,
        "my.toml",
    )
    assert not found
    assert (config.lag.budget, config.picture.mode) == (3.0, "dubbed")
    assert config.text.keep == ("Ada Lovelace",)
    assert config.text.glossary == {"machine learning": "aprendizaje automático"}


@pytest.mark.parametrize("setting", list(declared()), ids=lambda setting: setting.name)
def test_a_wrong_type_in_any_setting_is_told_with_its_line_and_leaves_the_default(setting):
    config, found = read(f"# mine\n[{setting.section}]\n{setting.key} = 1979-05-27\n", "my.toml")
    assert config == Config()
    assert [(problem.file, problem.line) for problem in found] == [("my.toml", 3)]
    assert setting.name in found[0].message


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[lag]\nbudge = 3", "my.toml:2: there is no setting lag.budge; did you mean lag.budget?"),
        ("\n[Segmentaton]", "my.toml:2: there is no section [Segmentaton]; "
         "did you mean [segmentation]?"),
        ("budget = 3", "my.toml:1: the setting budget stands outside of any section; "
         "it belongs under [lag]"),
        ("[lag]\nsilence = 1", "my.toml:2: there is no setting lag.silence; "
         "did you mean segmentation.silence?"),
        ("[window]\nqqq = 1", "my.toml:2: there is no setting window.qqq; "
         "there are: language, theme, tray"),
        ("[cards]\nexpression = 'cuda:1'", "my.toml:2: there is no setting cards.expression: "
         "the processor computes it, no card is needed"),
        ("[guests]\nRosalind = 'USB'", "my.toml:2: there is no such setting in [guests]; "
         "there are: speakers"),
        ("[guests]\nspeakers = 'Rosalind=USB'", "my.toml:2: guests.speakers is a list of texts"),
        ("[privacy]\nlog_words = true", "my.toml:1: there is no section [privacy]"),
        ("lag = 3", "my.toml:1: lag is a section: write [lag]"),
        ("lag.budget = 99", "my.toml:1: lag.budget is 30 or less, not 99"),
        ("[ lag ]\n'budget' = 99", "my.toml:2: lag.budget is 30 or less, not 99"),
        ("[text.glossary]\na = 1", "my.toml:1: text.glossary is a table of texts"),
        ("[lag]\nbudget = ", "my.toml:2: this is not TOML: Invalid value"),
        ("[lag]\nbudget 3", "my.toml:2: this is not TOML: "
         "Expected '=' after a key in a key/value pair"),
    ],
)  # fmt: skip
def test_a_problem_names_the_line_and_what_was_probably_meant(text, problem):
    assert problems(text) == [problem]


def test_one_wrong_setting_does_not_cost_the_others():
    config, found = read("[lag]\nbudget = 99\nmax_tempo = 1.1\n[nonsense]\n", "my.toml")
    assert config.lag.max_tempo == 1.1
    assert config.lag.budget == Config().lag.budget
    assert [problem.line for problem in found] == [2, 4]


def test_one_wrong_guest_does_not_cost_the_others_and_is_told_with_its_line_not_by_name():
    text = '[guests]\nspeakers = [\n  "Ana=USB",\n  "Rosalind",\n  "Ben=Mic",\n  5,\n]\n'
    config, found = read(text, "my.toml")
    assert [one.name for one in guests(config.guests.speakers)] == ["Ana", "Ben"]
    assert [problem.told for problem in found] == [
        "my.toml:4: guests.speakers, entry 2: A further speaker is written "
        "NAME=SOURCE[,from=CODE][,to=CODE][,voice=NAME]. (it is left out)",
        "my.toml:6: guests.speakers, entry 4: A text in quotes belongs here. (it is left out)",
    ]


def test_a_file_that_is_no_toml_costs_all_settings():
    config, found = read("[lag]\nbudget = 3\nmax_tempo = = 1\n", "my.toml")
    assert config == Config()
    assert found[0].line == 3


@pytest.mark.parametrize(
    "text",
    [
        '[text]\nglossary = {Malady = "a", Malady = "b"}',
        "[guests.Malady]\na = 1\n[guests.Malady]\nb = 2",
        '[text]\nglossary = {"Mala dy" = {a = 1}, "Mala dy".b = 2}',
    ],
)
def test_words_of_a_file_that_is_no_toml_are_not_repeated(text):
    _, problems = read(text, "my.toml")
    assert [problem.line for problem in problems] != [0]
    assert "this is not TOML: " in str(problems[0])
    assert "Mala" not in str(problems)
