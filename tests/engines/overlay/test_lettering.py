import logging
from pathlib import Path

import numpy as np
import pytest

from engines.overlay.coverage import coverage
from engines.overlay.fonts import Fonts
from engines.overlay.lettering import Lettering, shapes_text

NOWHERE = (Path("there-are-no-fonts-here"),)
PRIVATE = "\ue8f1"


@pytest.fixture(scope="module")
def fonts():
    return Fonts("en")


def test_text_leaves_ink_within_its_width(fonts):
    lettering = Lettering(fonts, 30)
    ink, before = lettering.drawn("Ağaç")
    assert ink.shape[0] == lettering.height
    assert ink.max() == 255
    columns = np.flatnonzero(ink.any(axis=0))
    assert before - 2 <= columns[0]
    assert columns[-1] <= before + lettering.width("Ağaç") + 2


def test_marks_above_and_tails_below_are_not_cut_off(fonts):
    ink, _ = Lettering(fonts, 40).drawn("ÅÇỀgjğ")
    assert not ink[-1].any()
    assert not ink[0].any()


def test_turkish_letters_are_all_different(fonts):
    lettering = Lettering(fonts, 30)
    drawn = {lettering.drawn(letter)[0].tobytes() for letter in "i\u0131I\u0130"}
    assert len(drawn) == 4


def test_a_character_that_no_font_has_is_left_out_and_told_once(caplog):
    lettering = Lettering(Fonts("ko", NOWHERE), 30)
    with caplog.at_level(logging.WARNING):
        assert lettering.width("안녕") == 0
        assert lettering.width("안녕!") == 0
        assert lettering.width("세계 ok") > 0
    told = [record for record in caplog.records if "hangul letters" in record.getMessage()]
    assert len(told) == 1


def test_an_emoji_of_several_is_drawn_by_what_there_is(fonts):
    lettering = Lettering(fonts, 30)
    for text in ("👨‍👩‍👧", "👍🏽", "🇹🇷", "☺\ufe0f", PRIVATE, "a\u200db"):
        lettering.drawn(text)
    assert lettering.width("a👨‍👩‍👧b") >= lettering.width("ab")


def test_without_any_font_file_latin_is_still_written(monkeypatch):
    monkeypatch.setattr("engines.overlay.fonts._bundled", lambda: iter(()))
    assert Lettering(Fonts("en", NOWHERE), 20).drawn("Hello")[0].max() > 200


@pytest.mark.parametrize(
    "text", ["שלום", "שלום Zoom", "Zoom Meeting", "(3.5)", "سلام", "لا إله", "محمد Zoom 5"]
)
@pytest.mark.parametrize("rtl", [True, False])
def test_without_a_layout_library_right_to_left_text_looks_the_same(fonts, text, rtl):
    if not shapes_text():
        pytest.skip("Pillow has no libraqm or no FriBiDi here")
    with_it = Lettering(fonts, 40, rtl=rtl, shaped=True).drawn(text)[0].astype(float)
    without = Lettering(fonts, 40, rtl=rtl, shaped=False).drawn(text)[0].astype(float)
    width = min(with_it.shape[1], without.shape[1])
    assert abs(with_it.shape[1] - without.shape[1]) <= 4
    one, other = with_it[:, :width].sum(0), without[:, :width].sum(0)
    smooth = np.hanning(15)
    profiles = [np.convolve(profile, smooth) for profile in (one, other)]
    assert np.corrcoef(profiles)[0, 1] > 0.9


def test_a_file_that_is_no_font_is_said_to_be_none(tmp_path):
    for content in (b"", b"no font at all", b"ttcf\0\0\0\0", b"\0\1\0\0\0\1" + bytes(6)):
        (tmp_path / "x.ttf").write_bytes(content)
        with pytest.raises(ValueError, match="not a font"):
            coverage(tmp_path / "x.ttf")


def test_a_broken_font_is_passed_over(tmp_path):
    (tmp_path / "DejaVuSans.ttf").write_bytes(b"broken")
    fonts = Fonts("en", (tmp_path,))
    assert Lettering(fonts, 20).width("Hello") > 0
