import pytest

from core.text.casing import capitalised, match_case


@pytest.mark.parametrize(
    ("text", "expected"),
    [("hola", "Hola"), ("¿qué?", "¿Qué?"), ("3 gatos", "3 gatos"), ("", ""), ("émile", "Émile")],
)
def test_only_a_text_that_begins_with_a_letter_is_capitalised(text: str, expected: str) -> None:
    assert capitalised(text) == expected


def test_a_sentence_gets_the_capital_its_source_has() -> None:
    assert match_case("Hello there.", "hola ahí.", "es") == "Hola ahí."


def test_a_capital_moved_into_a_sentence_is_lowered() -> None:
    assert match_case("QX0 and QX1 agreed.", "QX0 Y QX1 Acordó.", "es") == "QX0 y QX1 acordó."


def test_the_english_i_does_not_count_as_a_capital() -> None:
    assert match_case("When I see it", "Cuando Veo", "es") == "Cuando veo"


def test_every_sentence_of_a_text_keeps_its_capital() -> None:
    assert match_case("He came. She left.", "Vino. Marchó.", "es") == "Vino. Marchó."


def test_names_keep_their_capitals() -> None:
    assert match_case("I met Anna in Spain", "Conocí Anna en España", "es").endswith("en España")
    assert match_case("we use Zoom", "Utilizamos Zoom", "es").endswith("Zoom")


def test_days_and_languages_keep_their_capitals_in_english() -> None:
    source, translated = "el lunes hablo inglés", "The Monday speak English To him"
    assert match_case(source, translated, "en") == "the Monday speak English to him"


def test_acronyms_stay() -> None:
    assert match_case("NASA said ok", "NASA dijo vale", "es") == "NASA dijo vale"


def test_a_capital_that_an_unknown_first_word_handed_on_is_lowered() -> None:
    assert match_case("QXB compartir", "QXB Share on Monday", "en") == "QXB share on Monday"


def test_a_text_that_begins_small_stays_so() -> None:
    assert match_case("tab aquí", "Tabulador aquí", "es") == "tabulador aquí"
