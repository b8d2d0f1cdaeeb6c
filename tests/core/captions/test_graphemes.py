import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.captions.graphemes import graphemes


@pytest.mark.parametrize(
    "pieces",
    [
        ["a", "b"],
        ["e\u0301", "x"],
        ["👍🏽", "!"],
        ["👨‍👩‍👧", "👍"],
        ["🇹🇷", "🇪🇸"],
        ["☎\ufe0f", "☎"],
        ["각", "한"],
        ["\u1112\u1161\u11ab", "\u1112\u1161"],
        ["क्षि", "त"],
        ["กำ", "ก"],
        ["לָ", "ב"],
        ["1\ufe0f\u20e3", "2"],
    ],
)
def test_what_a_reader_takes_for_one_character_stays_whole(pieces):
    assert graphemes("".join(pieces)) == pieces


@given(st.text())
def test_the_pieces_give_the_text_again_and_none_is_empty(text):
    assert "".join(graphemes(text)) == text
    assert all(graphemes(text))
