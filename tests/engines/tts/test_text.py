import pytest

from engines.tts.text import plain, sentences, speakable


def test_sentences_are_split_where_they_end() -> None:
    assert list(sentences("Hola. ¿Qué tal? ¡Bien!")) == ["Hola.", "¿Qué tal?", "¡Bien!"]


def test_chinese_sentences_are_split_without_blanks() -> None:
    assert list(sentences("你好。我们走！好")) == ["你好。", "我们走！", "好"]  # noqa: RUF001


@pytest.mark.parametrize(
    "text", ["El Dr. Paz come.", "Come a las 3 p. m. hoy.", "See J. R. Tolkien.", "Son 3.5 km."]
)
def test_an_abbreviation_or_number_ends_no_sentence(text: str) -> None:
    assert list(sentences(text)) == [text]


def test_a_text_without_full_stops_is_split_after_commas_and_loses_no_word() -> None:
    words = [f"w{i}," if i % 7 == 0 else f"w{i}" for i in range(1000)]

    parts = list(sentences(" ".join(words)))

    assert " ".join(parts).split() == words
    assert max(len(part.split()) for part in parts) <= 40
    assert all(part.endswith(",") for part in parts[:-1])


def test_control_characters_and_broken_surrogates_become_blanks() -> None:
    assert plain("a\x00b\x1b \ud800c\n\u2028d") == "a b c d"


@pytest.mark.parametrize("text", ["", " ", "...", "?!—", "\x00", "«»"])
def test_punctuation_alone_is_nothing_to_say(text: str) -> None:
    assert not speakable(text)


@pytest.mark.parametrize("text", ["a", "7", "%", "€", "你", "😀"])
def test_letters_digits_and_signs_are_something_to_say(text: str) -> None:
    assert speakable(text)


def test_a_short_sentence_is_one() -> None:
    assert list(sentences("No. Uno. Sí. Sra. Ruiz.")) == ["No.", "Uno.", "Sí.", "Sra. Ruiz."]
