import pytest

from core.text.restore import is_question, restore


def test_bare_english_becomes_a_sentence() -> None:
    bare = "i'm here on monday and i'll see twenty five people in spain"
    assert restore(bare, "en") == "I'm here on Monday and I'll see 25 people in Spain."


@pytest.mark.parametrize(
    "words",
    [
        "what time is it",
        "when is the meeting",
        "where's the report",
        "who wants coffee",
        "why not",
        "how many people came",
        "how far is it",
        "which one do you want",
        "what about tomorrow",
        "can you hear me",
        "is the report ready",
        "have you seen it",
        "has the team arrived",
        "so could we start",
        "that is nice isn't it",
        "you know him don't you",
    ],
)
def test_words_that_ask_get_a_question_mark(words: str) -> None:
    assert is_question(words)
    assert restore(words, "en").endswith("?")


@pytest.mark.parametrize(
    "words",
    [
        "when i arrive i will call you",
        "what i want is peace",
        "how to do it",
        "do the work",
        "have a look",
        "whatever you do",
        "i don't know what time it is",
        "what a day it was",
        "will is my name",
        "may is nice",
        "the can is open",
        "",
    ],
)
def test_words_that_only_look_like_asking_do_not(words: str) -> None:
    assert not is_question(words)


def test_what_is_written_already_is_left_alone() -> None:
    for text in ("Hello there", "hello.", "OK", "¿qué?", "well... i know!"):
        assert restore(text, "en") == text


def test_spelt_letters_are_capitals() -> None:
    assert restore("u.s. exports", "en") == "U.S. exports."


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("hola a todos", "es", "Hola a todos."),
        ("istanbul güzel", "tr", "İstanbul güzel."),
        ("你好", "zh", "你好。"),
        ("नमस्ते", "hi", "नमस्ते।"),
        ("สวัสดี", "th", "สวัสดี"),
        ("שלום", "he", "שלום."),
        ("", "es", ""),
        ("   ", "en", ""),
    ],
)
def test_other_languages_get_a_capital_and_their_full_stop(
    text: str, language: str, expected: str
) -> None:
    assert restore(text, language) == expected


def test_names_come_out_in_their_own_spelling() -> None:
    names = ["Kubernetes", "iPhone", "Anna Smith", ""]
    assert restore("anna smith likes kubernetes", "en", names) == "Anna Smith likes Kubernetes."
    assert restore("The Iphone is new.", "en", names) == "The iPhone is new."
    assert restore("kubernetess", "en", names) == "Kubernetess."


def test_a_text_in_mid_sentence_gets_no_capital_and_no_mark():
    assert restore("because i like it", "en", begins=False) == "because I like it."
    assert restore("we should meet", "en", ends=False) == "We should meet"
    assert restore("y vamos", "es", begins=False, ends=False) == "y vamos"
