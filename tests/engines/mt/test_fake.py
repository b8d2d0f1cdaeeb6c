import pytest

from core.clock import ManualClock
from core.errors import EngineFailed
from engines.mt.fake import FakeTranslator
from engines.registry import build


def test_known_words_are_translated_and_the_rest_is_kept() -> None:
    assert FakeTranslator().translate("Hello world, 25 cats!") == "Hola mundo, 25 stac!"


def test_an_unknown_word_shows_that_it_passed_through() -> None:
    assert FakeTranslator().translate("Kubernetes") == "Setenrebuk"


def test_the_built_in_table_reads_in_both_directions() -> None:
    assert FakeTranslator("es", "en").translate("perro rojo") == "dog red"


def test_a_table_of_ones_own_replaces_the_built_in_one() -> None:
    translator = FakeTranslator("eng", "fra", table={"cat": "chat"})
    assert (translator.source, translator.target) == ("en", "fr")
    assert translator.translate("CAT") == "CHAT"


def test_a_call_takes_its_delay_on_the_clock() -> None:
    clock = ManualClock(auto=True)
    FakeTranslator(clock=clock, delay=0.3).translate("hello")
    assert clock.now() == pytest.approx(0.3)


def test_a_delay_without_a_clock_is_refused() -> None:
    with pytest.raises(ValueError, match="clock"):
        FakeTranslator(delay=1.0)


def test_the_calls_that_were_named_fail_and_the_next_succeeds() -> None:
    translator = FakeTranslator(failures={1})
    assert translator.translate("yes") == "sí"
    with pytest.raises(EngineFailed, match="as it was told"):
        translator.translate("no")
    assert translator.translate("no") == "no"
    assert translator.calls == ["yes", "no", "no"]


def test_the_registry_builds_it() -> None:
    assert build("mt", "fake", source="en", target="es").translate("dog") == "perro"
