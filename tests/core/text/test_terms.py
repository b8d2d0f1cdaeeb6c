from hypothesis import given
from hypothesis import strategies as st

from core.text.terms import find, hide, show


def _hidden(text: str, terms: dict[str, str]) -> str:
    return hide(text, find(text, terms)).text


def test_the_longest_term_wins() -> None:
    terms = {"learning": "aprender", "machine learning": "aprendizaje automático"}
    assert _hidden("Machine  learning and learning", terms) == "XQ0 and XQ1"


def test_terms_are_whole_words_in_any_case() -> None:
    assert _hidden("zoom zooms ZOOM's", {"Zoom": "Zoom"}) == "XQ0 zooms XQ1's"


def test_of_overlapping_terms_the_first_is_hidden() -> None:
    assert _hidden("a b c", {"a b": "1", "b c": "2"}) == "XQ0 c"


def test_terms_in_scripts_without_blanks_are_found_inside_a_text() -> None:
    assert _hidden("我们用机器学习吧", {"机器学习": "machine learning"}) == "我们用XQ0吧"


def test_terms_of_marks_and_nothing_do_no_harm() -> None:
    assert _hidden("C++ and .NET", {"C++": "C++", ".NET": ".NET", " ": "x"}) == "XQ0 and XQ1"


def test_a_text_that_has_the_hiding_word_itself_is_hidden_behind_another() -> None:
    hidden = hide("XQ0 uses Zoom", find("XQ0 uses Zoom", {"zoom": "Zoom"}))
    assert hidden.text == "XQ0 uses QX0"
    assert show(hidden, "XQ0 usa QX0") == "XQ0 usa Zoom"


def test_a_term_comes_back_where_the_translator_put_it() -> None:
    hidden = hide("We use Zoom.", find("We use Zoom.", {"zoom": "Zoom"}))
    for translated in ("Usamos XQ0.", "Usamos xq0.", "Usamos XQ 0.", "Usamos XQ-0."):
        assert show(hidden, translated) == "Usamos Zoom."


def test_a_term_that_was_lost_stands_at_the_end() -> None:
    text = "We use Zoom and Slack."
    hidden = hide(text, find(text, {"zoom": "Zoom", "slack": "Slack"}))
    assert show(hidden, "Usamos XQ1.") == "Usamos Slack, Zoom."
    assert show(hidden, "") == "Zoom, Slack"


def test_no_hiding_word_is_left_whatever_the_translator_made_of_it() -> None:
    hidden = hide("Zoom", find("Zoom", {"zoom": "Zoom"}))
    for translated in ("XQ XQ0", "XQ7 XQ0", "xq", "XQ00 es"):
        assert "xq" not in show(hidden, translated).lower()


@given(
    st.lists(st.sampled_from(["Zoom", "zoom call", "is", "the", ".", "XQ1", "we"]), max_size=12),
    st.randoms(use_true_random=False),
)
def test_every_term_is_delivered(words: list[str], random: object) -> None:
    text = " ".join(words)
    hidden = hide(text, find(text, {"zoom": "«z»", "zoom call": "«zc»"}))
    for translated in (hidden.text, "", "algo"):
        shown = show(hidden, translated)
        assert shown.count("«") >= len(hidden.terms)
