import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.captions.wrap import clean, columns, evenly, fits, lines

TEXTS = st.text(max_size=300)


def test_a_short_text_stays_on_one_line() -> None:
    assert lines("Hello there.") == ["Hello there."]
    assert lines("") == []


def test_two_lines_are_about_equally_long() -> None:
    assert lines("The meeting that was on Friday is moved to Monday.") == [
        "The meeting that was on",
        "Friday is moved to Monday.",
    ]


def test_east_asian_characters_count_two_columns() -> None:
    assert columns("日本") == 4
    assert all(columns(line) <= 42 for line in lines("今日はとても良い天気ですね。" * 4))


def test_closing_marks_do_not_begin_a_line() -> None:
    for line in lines("今日は、良い天気。" * 8):
        assert line[0] not in "、。"


def test_combining_marks_and_joined_emoji_stay_whole() -> None:
    family = "👨‍👩‍👧"
    assert columns("e\u0301") == 1
    assert all(line.count("\u200d") % 2 == 0 for line in lines(family * 40))


def test_a_word_longer_than_a_line_is_broken() -> None:
    assert [len(line) for line in lines("x" * 100)] == [42, 42, 16]


def test_right_to_left_text_keeps_its_order() -> None:
    text = "שלום לכולם, ברוכים הבאים לפגישה של היום 2026 בזום"
    assert " ".join(lines(text)) == text


@pytest.mark.parametrize("char", ["\0", "\n", "\r", "\u2028", "\u2029", "\x1b", "\ud800"])
def test_what_no_player_shows_becomes_a_blank(char: str) -> None:
    assert clean(f"a{char}b") == "a b"


def test_pieces_are_rather_cut_at_the_end_of_a_sentence() -> None:
    assert evenly("We are all here today. Let us begin with it.", 2) == [
        "We are all here today.",
        "Let us begin with it.",
    ]


@given(TEXTS)
def test_no_line_is_too_wide_and_no_character_is_lost(text: str) -> None:
    wrapped = lines(text)
    assert all(columns(line) <= 42 for line in wrapped)
    assert "".join("".join(wrapped).split()) == "".join(clean(text).split())


@given(TEXTS, st.integers(1, 12))
def test_pieces_are_as_many_as_asked_for_and_lose_nothing(text: str, count: int) -> None:
    pieces = evenly(text, count)
    assert len(pieces) == count
    assert "".join("".join(pieces).split()) == "".join(clean(text).split())


@given(TEXTS)
def test_enough_pieces_always_fit(text: str) -> None:
    assert all(fits(piece, 1) for piece in evenly(text, len(text) + 1))
