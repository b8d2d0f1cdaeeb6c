import pytest

from engines.tts.clauses import parts

LONG = "Cuando llegue la primavera, iremos todos juntos al campo, si el tiempo lo permite."


def said(text):
    return [part for part, _ in parts(text)]


def test_a_sentence_is_said_clause_by_clause():
    assert said(LONG) == [
        "Cuando llegue la primavera,",
        "iremos todos juntos al campo,",
        "si el tiempo lo permite.",
    ]


def test_a_short_sentence_stays_whole():
    assert said("Sí, claro. No, gracias.") == ["Sí, claro.", "No, gracias."]


@pytest.mark.parametrize("words", [1, 9, 25, 400])
def test_nothing_is_lost_and_no_part_but_the_first_keeps_the_listener_waiting(words):
    text = " ".join(f"palabra{number}" for number in range(words))
    found = said(text)
    assert " ".join(found) == text
    assert len(found[0].split()) <= 11
    assert all(len(part.split()) <= 19 for part in found)


def test_a_pause_is_longer_after_a_sentence_than_after_a_clause_and_none_within_one():
    pauses = [pause for _, pause in parts(f"{LONG} Hasta luego.")]
    assert pauses[0] == pauses[1] < pauses[2]
    assert next(pause for _, pause in parts(" ".join(["hola"] * 30))) == 0.0


def test_what_cannot_be_said_is_left_out():
    assert said("... ¿? —") == []
