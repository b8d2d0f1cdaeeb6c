# ruff: noqa: RUF001  (IPA letters look like others by nature)
import pytest

from core.visemes import ARPABET, Hold, visemes


@pytest.mark.parametrize("name", ["p", "pʰ", "b", "m", "mʲ", "m̩", "ɓ", "ˈm"])
def test_labials_close_the_lips(name: str) -> None:
    assert visemes(name)[0].hold is Hold.LIPS


@pytest.mark.parametrize("name", ["f", "v", "ɱ", "vʲ"])
def test_labiodentals_touch_the_teeth(name: str) -> None:
    assert visemes(name)[0].hold is Hold.TEETH


@pytest.mark.parametrize(
    ("name", "parts"), [("ˈaɪ", "aɪ"), ("tʃ", "tʃ"), ("ɑːɹ", "ɑɹ"), ("əl", "əl"), ("pf", "pf")]
)
def test_a_compound_is_its_sounds_in_order(name: str, parts: str) -> None:
    assert visemes(name) == tuple(visemes(part)[0] for part in parts)


@pytest.mark.parametrize("name", ["ˈaː", "ã", "a̟", "ˌa", "a˥"])
def test_stress_length_tone_and_diacritics_change_nothing(name: str) -> None:
    assert visemes(name) == visemes("a")


@pytest.mark.parametrize("name", ["", "(en)", "ʲ", "ˈ", "_", "|"])
def test_what_is_no_sound_has_no_shape(name: str) -> None:
    assert visemes(name) == ()


def test_an_unknown_letter_gets_a_weak_shape() -> None:
    (shape,) = visemes("Ж")

    assert 0 < shape.jaw < 0.5
    assert shape.jaw_pull < 0.5


def test_rounded_and_spread_vowels_are_told_apart() -> None:
    assert visemes("u")[0].round > 0.9 > visemes("i")[0].round == 0
    assert visemes("i")[0].width > 0.6 > visemes("u")[0].width == 0


def test_every_arpabet_name_is_known_ipa() -> None:
    weak = visemes("Ж")[0]

    assert all(weak not in visemes(ipa) for ipa in ARPABET.values())
    assert [n for n, ipa in ARPABET.items() if not visemes(ipa)] == ["pau", "h#", "brth"]
