import pytest

from engines.mt.stream import cleaned, decode, encode, pieces, tidy


@pytest.mark.parametrize("text", ["[x] {y} ^z$ <w> @a/b \\ ~", "\\[", "[[]]", "a~b", "“¿é😀?”"])
def test_what_is_encoded_is_decoded_as_it_was(text: str) -> None:
    assert decode(encode(text)) == text


def test_format_that_is_not_text_is_dropped() -> None:
    assert decode(b"  a [b]\\[c\\][][\n]") == "a b[c]"


def test_a_tidy_line_has_no_control_characters() -> None:
    assert tidy(" a\0b\t\x1b c ") == "a b c"


def test_marks_of_unknown_words_are_removed() -> None:
    assert cleaned("*foo @bar talk# #baz a", "") == "foo bar talk baz a"
    assert cleaned("an engineer .", "ok.") == "an engineer."


def test_marks_that_the_speaker_made_stay() -> None:
    assert cleaned("#tag 2 * 3", "#tag 2 * 3") == "#tag 2 * 3"


def test_a_short_line_is_one_piece() -> None:
    assert list(pieces("One. Two.")) == ["One. Two."]


def test_a_long_line_is_cut_at_sentence_ends() -> None:
    line = " ".join(["Twenty letters here."] * 200)
    cut = list(pieces(line))
    assert " ".join(cut) == line
    assert all(piece.endswith(".") and len(piece) <= 1024 for piece in cut)


def test_an_endless_sentence_is_cut_at_a_space_and_an_endless_word_anywhere() -> None:
    line = "word " * 500 + "x" * 3000
    cut = list(pieces(line))
    assert all(len(piece) <= 1024 for piece in cut)
    assert "".join(cut).replace(" ", "") == line.replace(" ", "")
