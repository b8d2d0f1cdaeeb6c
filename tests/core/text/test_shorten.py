import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.shorten import shorten


@pytest.mark.parametrize(
    ("text", "short"),
    [
        (
            "Well, I think that we should really, um, finish the report (the long one)"
            " in order to get the money.",
            "We should finish the report to get the money.",
        ),
        ("Actually, to be honest, it's kind of hard.", "It's hard."),
        ("We can, of course, do it.", "We can do it."),
        ("The plan - if we have one - is good.", "The plan is good."),
        ("So we go now. And then we stop.", "We go now. Then we stop."),
    ],
)
def test_english_gets_shorter_and_keeps_its_core(text: str, short: str) -> None:
    assert shorten(text, "en") == short


@pytest.mark.parametrize(
    "text",
    [
        "I think so.",
        "So that is it.",
        "It is not very good.",
        "Not quite finished.",
        "The very first one.",
        "Very good.",
        "Really.",
        "Now that we know it, we go.",
        "Send it to the Very Large Telescope.",
        "",
    ],
)
def test_what_carries_the_meaning_stays(text: str) -> None:
    assert shorten(text, "en") == text


@pytest.mark.parametrize(
    ("language", "text", "short"),
    [
        ("es", "Bueno, la verdad es que creo que es muy bonito, en realidad.", "Es bonito."),
        ("es", "No es muy bonito.", "No es bonito."),
        ("fr", "Alors, je pense que c'est vraiment bien.", "C'est bien."),
        ("de", "Also, ich finde es eigentlich sehr gut.", "Ich finde es gut."),
        ("tr", "Yani bence bu gerçekten güzel.", "Bu güzel."),
        ("pt", "Bem, acho que é muito bonito.", "É bonito."),
        ("it", "Allora, è un po' strano.", "È strano."),
        ("ca", "Bé, crec que és molt bonic.", "És bonic."),
    ],
)
def test_other_languages_get_shorter(language: str, text: str, short: str) -> None:
    assert shorten(text, language) == short


WORDS = "well so I think very really just cat is not um (a) - , . ? of course"


@given(
    st.lists(st.sampled_from(WORDS.split())),
    st.sampled_from(["en", "es", "tr", "ja"]),
)
def test_the_text_never_grows_nor_vanishes(words: list[str], language: str) -> None:
    text = " ".join(words)
    short = shorten(text, language)
    assert len(short) <= len(text)
    assert bool(short) == bool(text)
