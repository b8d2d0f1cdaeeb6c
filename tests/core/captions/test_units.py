from hypothesis import given
from hypothesis import strategies as st

from core.captions.units import right_to_left, units, unread


def texts(text, **how):
    return [unit.text for unit in units(text, **how)]


def test_words_are_units_in_scripts_with_blanks():
    assert texts("Güzel bir gün, 여러분 안녕하세요.") == [
        "Güzel", "bir", "gün,", "여러분", "안녕하세요.",
    ]  # fmt: skip


def test_chinese_and_japanese_break_anywhere_but_before_a_closing_mark():
    assert texts("今日は。Zoomで「話」す") == ["今", "日", "は。", "Zoom", "で", "「話」", "す"]


def test_an_emoji_of_several_is_one_unit():
    assert texts("ok 👨‍👩‍👧👍🏽") == ["ok", "👨‍👩‍👧", "👍🏽"]


def test_a_stretch_against_the_direction_is_one_unit_with_its_numbers():
    assert texts("אני ב Zoom Meeting 5 עכשיו", rtl=True) == ["אני", "ב", "Zoom Meeting 5", "עכשיו"]
    assert texts("say שלום לכם today") == ["say", "שלום לכם", "today"]


def test_a_stretch_against_the_direction_waits_until_it_cannot_grow():
    assert texts("אני ב Zoom", rtl=True, growing=True) == ["אני", "ב"]
    assert texts("אני ב Zoom עכשיו", rtl=True, growing=True) == ["אני", "ב", "Zoom", "עכשיו"]


def test_controls_that_would_turn_the_picture_s_text_around_are_left_out():
    assert texts("a\u202eb\u2066c") == ["abc"]


def test_an_unchanged_text_is_continued():
    text = units("one two three")
    assert unread(text[:2], text) == (2, "")


def test_a_corrected_text_is_continued_behind_what_is_shown():
    shown = units("good mourning every one")
    text = units("Good morning everyone. Today we talk")
    done, lacks = unread(shown, text)
    assert [unit.text for unit in text[done:]] in (["Today", "we", "talk"], ["we", "talk"])
    assert lacks == ""


def test_a_mark_that_the_last_word_lacks_is_put_behind_it():
    assert unread(units("see you"), units("See you.")) == (2, ".")


def test_nothing_is_put_behind_a_letter_that_would_change_it():
    assert unread(units("caf"), units("caf\u0301")) == (1, "")
    assert unread(units("سل", rtl=True), units("سلام", rtl=True))[1] == ""


def test_the_languages_from_right_to_left():
    assert [code for code in ("ar", "he", "en", "fa-IR", "tr") if right_to_left(code)] == [
        "ar", "he", "fa-IR",
    ]  # fmt: skip


@given(st.text(), st.booleans())
def test_no_letter_is_lost(text, rtl):
    whole = "".join(unit.text for unit in units(text, rtl=rtl)).replace(" ", "")
    assert [c for c in whole if c.isalnum()] == [c for c in text if c.isalnum()]
