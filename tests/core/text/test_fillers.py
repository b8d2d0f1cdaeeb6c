import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.fillers import without_fillers


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Um, I think, uh, we should go.", "I think we should go."),
        ("The the cat is um very very nice.", "The cat is very very nice."),
        ("we should we should go", "we should go"),
        ("You know we should go.", "We should go."),
        ("I was, you know, tired.", "I was tired."),
        ("It is, like, nice.", "It is nice."),
        ("The thing, um.", "The thing."),
        ("Er, the thing. Um.", "The thing."),
        ("um", ""),
        ("Um, uh... er.", ""),
    ],
)
def test_english_loses_hesitations_and_restarts(said: str, meant: str) -> None:
    assert without_fillers(said, "en") == meant


@pytest.mark.parametrize(
    "text",
    [
        "You know the answer.",
        "Do you know him?",
        "As you know it works.",
        "I like it.",
        "I had had enough.",
        "No no no.",
        "Call one one two.",
        "An umbrella.",
        "A well-uh-known thing.",
        "",
    ],
)
def test_english_keeps_words_that_mean_something(text: str) -> None:
    assert without_fillers(text, "en") == text


@pytest.mark.parametrize(
    ("language", "said", "meant"),
    [
        ("es", "Eh, o sea, el el coche, este, es rojo.", "El coche es rojo."),
        ("es", "Este coche es muy muy rojo.", "Este coche es muy muy rojo."),
        ("fr", "Vous vous levez, euh, à huit heures.", "Vous vous levez à huit heures."),
        ("de", "Ähm, die, die das wissen, äh, ich ich komme.", "Die, die das wissen ich komme."),
        ("tr", "yavaş yavaş eee geliyorum", "yavaş yavaş geliyorum"),
        ("pt", "hum, o o carro é, tipo, vermelho, né?", "o carro é vermelho?"),
        ("it", "Ehm, cioè, la la macchina è rossa.", "La macchina è rossa."),
        ("ca", "Eh, la la casa.", "La casa."),
    ],
)
def test_other_languages_lose_their_own(language: str, said: str, meant: str) -> None:
    assert without_fillers(said, language) == meant


def test_a_language_without_a_list_keeps_its_words() -> None:
    assert without_fillers("um dois um", "xh") == "um dois um"


@given(st.text(max_size=80), st.sampled_from(["en", "es", "fr", "de", "tr", "ja", "xh"]))
def test_no_text_grows_and_a_second_pass_finds_nothing_to_mend(text: str, language: str) -> None:
    once = without_fillers(text, language)
    assert len(once) <= len(text)
