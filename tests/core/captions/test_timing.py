from core.captions.timing import times
from core.captions.units import units
from core.types import Word


def words(*texts, length=1.0):
    return [Word(text, at * length, (at + 1) * length) for at, text in enumerate(texts)]


def test_words_that_are_spoken_as_written_have_their_times():
    assert times(units("Hola, mundo."), words("hola", "mundo")) == [0.0, 1.0]


def test_a_number_spoken_in_words_lies_between_its_neighbours():
    found = times(units("tengo 23 gatos"), words("tengo", "veintitrés", "gatos"))
    assert found[0] == 0.0
    assert 0.0 < found[1] < 2.0
    assert found[2] == 2.0


def test_characters_of_one_word_follow_each_other():
    found = times(units("今天开会"), [Word("今天", 0.0, 1.0), Word("开会", 1.0, 2.0)])
    assert found == [0.0, 0.5, 1.0, 1.5]


def test_what_lies_behind_the_last_word_has_no_time():
    assert times(units("uno dos tres cuatro"), words("uno", "dos")) == [0.0, 1.0, None, None]


def test_nothing_alike_has_no_times():
    assert times(units("Δ Γ"), words("abc")) == [None, None]
