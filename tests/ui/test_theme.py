import pytest

from ui.theme import DARK, LIGHT, contrast

READ = ("text", "dim", "accent", "good", "warn", "bad")
GROUNDS = ("window", "surface", "well", "soft")


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", READ)
def test_what_is_read_stands_out_from_what_it_stands_on(colours, ink, ground):
    if ground == "soft" and ink != "text":
        pytest.skip("on it stands text alone")
    assert contrast(getattr(colours, ink), getattr(colours, ground)) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_what_stands_on_the_accent_and_on_a_pressed_alarm_can_be_read(colours):
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    assert contrast(colours.on_accent, colours.accent_hover) >= 4.5
    assert contrast(colours.window, colours.bad) >= 4.5
    assert contrast(colours.window, colours.text) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_edges_of_what_is_operated_can_be_seen(colours):
    for ground in ("window", "surface"):
        assert contrast(colours.edge, getattr(colours, ground)) >= 3
        assert contrast(colours.accent, getattr(colours, ground)) >= 3


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
