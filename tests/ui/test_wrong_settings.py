"""What is wrong in a settings file is said in the window's language."""

import re

import pytest

from core.settings_file import read
from ui import translation
from ui.wrong_settings import WRONG, problem_words

WRONGLY = (
    "[lag]\nbudge = 3",
    "[window]\nqqq = 1",
    "[segmentaton]",
    "[somewhere]",
    "[lag]\nbudget = 0.5",
    "[lag]\nbudget = 99",
    "[window]\ntheme = 'pink'",
    "[window]\ntray = 'yes'",
    "[recognition]\nbeam = 1.5",
    "[lag]\nbudget = 'much'",
    "[voice]\nname = 5",
    "[text]\nkeep = 'Ada'",
    "[text]\nglossary = 5",
    "[lag]\nbudget == 3",
)
"""One for each of the sentences, in their order."""


def said(text: str) -> str:
    (problem,) = read(text, "/a folder/settings.toml")[1]
    return str(problem)


def places(known: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in re.split(r"\{\d\}", known)]
    return re.compile(r"/a folder/settings\.toml:\d: " + "(.+)".join(parts))


@pytest.mark.parametrize("language", [code for code in translation.LANGUAGES if code != "en"])
@pytest.mark.parametrize(
    ("text", "known"), list(zip(WRONGLY, map(str, WRONG), strict=True)), ids=map(str, WRONG)
)
def test_each_is_translated_and_keeps_its_place_and_names(spoken, language, text, known):
    spoken(language)
    english = said(text)
    found = places(known).fullmatch(english)
    assert found is not None, english
    there = problem_words(english)
    assert there.startswith("/a folder/settings.toml:")
    assert all(name in there for name in found.groups())
    english_words = re.findall(r"[a-z][a-z ]+[a-z]", known.replace("true or false", ""))
    assert not [words for words in english_words if words in there]


def test_what_is_not_known_stays_as_it_is(spoken):
    spoken("es")
    assert problem_words("settings.toml: something else") == "settings.toml: something else"
    assert problem_words("") == ""
