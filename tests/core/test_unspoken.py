import numpy as np
import pytest

from core.errors import RestLost
from core.types import AudioChunk, Segment, Speech, Transcript, Translation, Word
from core.unspoken import unspoken

RATE = 16000


def translation(text):
    segment = Segment(3, AudioChunk(np.zeros(160, np.float32), RATE, 0.0))
    return Translation(Transcript(segment, "", "en"), text, "es")


def piece(*words, seconds=1.0, last=False, lacks=0.0, loud=1.0):
    """The last of the words ends so many seconds behind the piece's sound."""
    times = np.linspace(0.0, seconds + lacks if lacks else seconds - 0.1, len(words) + 1)
    told = tuple(map(Word, words, times.tolist(), times[1:].tolist()))
    audio = AudioChunk(np.full(round(seconds * RATE), loud, np.float32), RATE, 0.0)
    return Speech(translation(""), audio, words=told, last=last)


def left(text, *given):
    found = unspoken(translation(text), given)
    return found and found.text


def test_what_the_pieces_have_not_said_is_left():
    assert left("Hola, ¿qué tal? Muy bien.", piece("Hola")) == "¿qué tal? Muy bien."
    assert left("Hola, ¿qué tal? Muy bien.", piece("Hola,"), piece("qué", "tal?")) == "Muy bien."


def test_words_that_are_written_several_times_are_counted_in_order():
    assert left("no, no y no, casa no", piece("no,", "no"), piece("y")) == "no, casa no"
    assert left("la casa a la calle", piece("la", "casa")) == "a la calle"


def test_a_word_is_looked_for_on_its_own_rather_than_inside_another():
    assert left("Qu'est-ce que c'est. Voilà.", piece("Qu'", "c")) == "Voilà."
    assert left("Una casa a la orilla", piece("Una", "casa", "a")) == "la orilla"
    assert left("我们回家，我走。", piece("我")) == "们回家，我走。"  # noqa: RUF001
    assert left("Uno dosmil tres", piece("Uno", "dos", "mil")) == "tres"


def test_a_word_that_was_broken_off_is_said_again():
    assert left("Buenos días papá", piece("Buenos", "días", lacks=0.2)) == "días papá"
    assert left("Buenos días papá", piece("Buenos", lacks=0.2)) == "Buenos días papá"


def test_a_word_that_lacks_hardly_anything_or_went_on_in_the_next_piece_was_said():
    assert left("Buenos días papá", piece("Buenos", "días", lacks=0.01)) == "papá"
    begun = piece("Buenos", "días", lacks=0.2)
    assert left("Buenos días querido papá", begun, piece("querido")) == "papá"


@pytest.mark.parametrize(
    ("text", "told", "rest"),
    [
        ("No, I can't. We go home.", ("No", "I", "can"), "We go home."),
        ("Send an e-mail now.", ("Send", "an", "e"), "now."),
        ("Aujourd'hui il pleut.", ("Aujourd",), "il pleut."),
        ("Bevo l'acqua fresca.", ("Bevo", "l"), "fresca."),
        ("La porte de l’hôtel est là.", ("La", "porte", "de", "l"), "est là."),  # noqa: RUF001
        ("A rock-'n'-roll song", ("A", "rock"), "song"),
        ("It costs 1,000 or 3.50 at 10:30.", ("It", "costs", "1,"), "or 3.50 at 10:30."),
        ("It starts at 10:30 today.", ("It", "starts", "at", "10"), "today."),
        ("He is 3rd of 4th. Call now.", ("He", "is", "3", "of", "4"), "Call now."),
        ("The 1,000th at 10:30am. Good.", ("The", "1", "at", "10"), "Good."),
        ("Il est 10h30. Bien.", ("Il", "est", "10"), "Bien."),
        ("El 1º y la 2ª. Bien.", ("El", "1", "y", "la", "2"), "Bien."),
    ],
)
def test_a_written_word_of_which_the_voice_tells_the_beginning_was_said(text, told, rest):
    assert left(text, piece(*told)) == rest


@pytest.mark.parametrize(
    ("text", "told", "rest"),
    [
        ("Bevo l'acqua fresca.", ("Bevo", "l'"), "acqua fresca."),
        ("It is 10. 20 more.", ("It", "is", "10"), "20 more."),
        ("你好，我们回家。", ("你", "好", "我"), "们回家。"),  # noqa: RUF001
        ("No - wait", ("No",), "- wait"),
        ("我有3本书。", ("我", "有", "3"), "本书。"),
        ("She is 5 years old.", ("She", "is", "5"), "years old."),
    ],
)
def test_what_lies_behind_a_word_does_not_belong_to_it(text, told, rest):
    assert left(text, piece(*told)) == rest


def test_what_of_a_written_word_was_broken_off_is_said_again():
    begun = piece("It", "starts", "at", "10", "30", lacks=0.2)
    assert left("It starts at 10:30 today.", begun) == "30 today."
    assert left("It weighs 5kg.", piece("It", "weighs", "5", "kg", lacks=0.2)) == "kg."


def test_a_word_that_one_voice_broke_off_and_another_said_counts_once():
    text = "Vamos a la casa y luego a la playa con los niños."
    begun = piece("Vamos", "a", "la", lacks=0.2)
    assert left(text, begun, piece("la", "casa")) == "y luego a la playa con los niños."
    again = piece("la", lacks=0.2)
    assert left(text, begun, again) == "la casa y luego a la playa con los niños."
    assert left(text, begun, again, piece("la")) == "casa y luego a la playa con los niños."


@pytest.mark.parametrize(
    "given",
    [(piece("Hola", last=True),), (piece("Hola"), piece("mundo"))],
    ids=["the last piece was there", "every word was there"],
)
def test_nothing_is_left_when_all_was_said(given):
    assert left("Hola mundo!", *given) is None


def test_the_rest_belongs_to_the_same_segment():
    whole = translation("Hola mundo")
    rest = unspoken(whole, [piece("Hola")])
    assert (rest.transcript, rest.language, rest.spoken) == (whole.transcript, "es", True)


def test_where_a_voice_without_words_broke_off_cannot_be_told():
    with pytest.raises(RestLost, match="does not tell at which word"):
        unspoken(translation("Hola mundo"), [piece()])


def test_where_the_last_sentence_had_no_words_it_cannot_be_told_either():
    with pytest.raises(RestLost, match="does not tell at which word"):
        unspoken(translation("Hola. 5 €. Adiós."), [piece("Hola"), piece()])


def test_a_pause_or_the_rest_of_a_long_word_needs_no_words():
    assert left("Hola. Adiós.", piece("Hola"), piece(loud=0.0)) == "Adiós."
    begun = piece("Desafortunadamente", lacks=0.2)
    assert left("Desafortunadamente, no.", begun, piece(seconds=0.3)) == "no."
