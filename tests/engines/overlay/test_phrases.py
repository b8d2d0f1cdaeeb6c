import pytest

from engines.overlay.phrases import _PHRASES, phrases


@pytest.mark.parametrize("language", sorted(_PHRASES))
def test_every_language_says_how_many_seconds_are_left(language):
    assert "7" in phrases(language).left.format(7)


def test_an_unknown_language_gets_english():
    assert phrases("tlh").badge == "translated"
    assert phrases("es-MX").badge == "traducido"
