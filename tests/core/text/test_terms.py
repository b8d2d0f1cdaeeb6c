from hypothesis import given
from hypothesis import strategies as st

from core.text.terms import find, hide, show


def _hidden(text: str, terms: dict[str, str]) -> str:
    return hide(text, find(text, terms)).text


def test_the_longest_term_wins() -> None:
    terms = {"learning": "aprender", "machine learning": "aprendizaje automático"}
    assert _hidden("Machine  learning and learning", terms) == "QXB and QXC"


def test_terms_are_whole_words_in_any_case() -> None:
    assert _hidden("zoom zooms ZOOM's", {"Zoom": "Zoom"}) == "QXB zooms QXC's"


def test_of_overlapping_terms_the_first_is_hidden() -> None:
    assert _hidden("a b c", {"a b": "1", "b c": "2"}) == "QXB c"


def test_terms_in_scripts_without_blanks_are_found_inside_a_text() -> None:
    assert _hidden("我们用机器学习吧", {"机器学习": "machine learning"}) == "我们用QXB吧"


def test_terms_of_marks_and_nothing_do_no_harm() -> None:
    assert _hidden("C++ and .NET", {"C++": "C++", ".NET": ".NET", " ": "x"}) == "QXB and QXC"


def test_a_text_that_has_the_hiding_word_itself_is_hidden_behind_another() -> None:
    hidden = hide("QXB uses Zoom", find("QXB uses Zoom", {"zoom": "Zoom"}))
    assert hidden.text == "QXB uses QZXB"
    assert show(hidden, "QXB usa QZXB") == "QXB usa Zoom"


def test_a_term_comes_back_where_the_translator_put_it() -> None:
    hidden = hide("We use Zoom.", find("We use Zoom.", {"zoom": "Zoom"}))
    for translated in ("Usamos QXB.", "Usamos qxb.", "Usamos QX B.", "Usamos Qx-b."):
        assert show(hidden, translated) == "Usamos Zoom."


def test_a_term_that_was_lost_stands_at_the_end() -> None:
    text = "We use Zoom and Slack."
    hidden = hide(text, find(text, {"zoom": "Zoom", "slack": "Slack"}))
    assert show(hidden, "Usamos QXC.") == "Usamos Slack, Zoom."
    assert show(hidden, "") == "Zoom, Slack"


def test_no_hiding_word_is_left_whatever_the_translator_made_of_it() -> None:
    hidden = hide("Zoom", find("Zoom", {"zoom": "Zoom"}))
    for translated in ("QX QXB", "QX7 QXB", "qx", "QXBB es", "QXZZZZ"):
        assert "qx" not in show(hidden, translated).lower()


@given(
    st.lists(st.sampled_from(["Zoom", "zoom call", "is", "the", ".", "QXC", "we"]), max_size=12),
    st.randoms(use_true_random=False),
)
def test_every_term_is_delivered(words: list[str], random: object) -> None:
    text = " ".join(words)
    hidden = hide(text, find(text, {"zoom": "«z»", "zoom call": "«zc»"}))
    for translated in (hidden.text, "", "algo"):
        shown = show(hidden, translated)
        assert shown.count("«") >= len(hidden.terms)


def test_a_text_may_hold_more_terms_than_there_are_letters() -> None:
    text = "Zoom " * 400
    hidden = hide(text, find(text, {"zoom": "Zoom"}))
    assert len(set(hidden.text.split())) == 400
    assert show(hidden, hidden.text) == text
