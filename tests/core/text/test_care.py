import pytest

from core.text.care import TextCare

GLOSSARY = {"machine learning": "aprendizaje automático", "stand-up": "reunión diaria"}
KEEP = ("Kubernetes", "iPhone", "Anna Smith")


@pytest.fixture
def care() -> TextCare:
    return TextCare("en", "es", glossary=GLOSSARY, keep=KEEP)


def test_terms_are_translated_as_told_and_kept_names_spelt_as_told(care: TextCare) -> None:
    prepared = care.prepare("We use kubernetes for Machine Learning.")
    assert prepared.text == "We use QXB for QXC."
    assert care.finish(prepared, "Usamos QXB para QXC.") == (
        "Usamos Kubernetes para aprendizaje automático."
    )


def test_a_sentence_that_begins_with_a_term_begins_with_a_capital(care: TextCare) -> None:
    prepared = care.prepare("Machine learning is good.")
    assert care.finish(prepared, "QXB es bueno.") == "Aprendizaje automático es bueno."


def test_a_kept_name_is_not_capitalised_against_its_will(care: TextCare) -> None:
    prepared = care.prepare("IPhone users agree.")
    assert care.finish(prepared, "QXB usuarios.") == "iPhone usuarios."


def test_addresses_and_times_pass_and_numbers_change_their_marks(care: TextCare) -> None:
    prepared = care.prepare("At 5:30 joe@x.org paid 1,234.5 for 25 cats.")
    assert prepared.text == "At QXB QXC paid QXD for 25 cats."
    assert (
        care.finish(prepared, "A QXB QXC pagó QXD por 25.")
        == "A 5:30 joe@x.org pagó 1234,5 por 25."
    )


def test_fillers_are_dropped_as_set_or_as_asked() -> None:
    said = "Um, we go."
    assert TextCare("en", "es").prepare(said).text == "We go."
    assert TextCare("en", "es", drop_fillers=False).prepare(said).text == said
    assert (
        TextCare("en", "es", drop_fillers=False).prepare(said, drop_fillers=True).text == "We go."
    )
    assert TextCare("en", "es").prepare(said, drop_fillers=False).text == said


def test_nothing_but_fillers_leaves_nothing_to_translate(care: TextCare) -> None:
    prepared = care.prepare("Um, uh.")
    assert prepared.text == ""
    assert care.finish(prepared, "") == ""


def test_questions_are_opened_in_spanish(care: TextCare) -> None:
    assert care.finish(care.prepare("Where is it?"), "dónde es?") == "¿Dónde es?"


def test_a_mark_in_a_term_is_not_taken_for_the_end_of_the_sentence() -> None:
    care = TextCare("en", "es", keep=["Yahoo!"])
    prepared = care.prepare("I like Yahoo! very much.")
    assert care.finish(prepared, "Me gusta QXB mucho.") == "Me gusta Yahoo! mucho."


def test_a_lost_term_is_still_delivered(care: TextCare) -> None:
    assert care.finish(care.prepare("Use Kubernetes."), "Usa.") == "Usa, Kubernetes."
