import numpy as np
import pytest

from core.types import Word
from engines.stt.guards import Guards, Heard

GUARDS = Guards()


def heard(text, log_probability=-0.2, no_speech=0.0):
    words = tuple(Word(word, i * 0.3, i * 0.3 + 0.2) for i, word in enumerate(text.split()))
    return Heard(text, words, log_probability, no_speech)


def test_a_sentence_that_is_sure_is_believed():
    said = heard("I really really think that we can do it, and do it, and do it again.")
    assert GUARDS.doubt(said) == ""
    assert GUARDS.kept(said) == said


def test_an_unsure_sentence_where_nobody_speaks_was_not_said():
    invented = heard("Thank you for watching!", log_probability=-1.4, no_speech=0.9)
    assert GUARDS.doubt(invented) == "no speech"
    assert GUARDS.kept(invented).text == ""
    assert GUARDS.kept(invented).words == ()


def test_a_quiet_sentence_that_is_sure_was_said():
    quiet = heard("Thank you very much.", log_probability=-0.3, no_speech=0.9)
    assert GUARDS.kept(quiet).text == "Thank you very much."


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("we go home home home home home home", "we go home"),
        ("and then and then and then and then and then we go", "and then we go"),
        ("no no no we do not", "no no no we do not"),
    ],
)
def test_words_said_over_and_over_are_said_once(text, kept):
    assert GUARDS.kept(heard(text)).text == kept


def test_a_text_that_compresses_well_is_doubted():
    assert GUARDS.doubt(heard("la la la, " * 30)) == "compression"


def test_a_text_nobody_is_sure_of_is_doubted_and_kept():
    unsure = heard("something like this", log_probability=-1.5)
    assert GUARDS.doubt(unsure) == "log probability"
    assert GUARDS.kept(unsure) == unsure


def test_each_limit_is_a_setting():
    loose = Guards(no_speech=1.0, log_probability=-9.0, compression=99.0, repeats=99)
    assert loose.doubt(heard("la la la, " * 30, log_probability=-5.0, no_speech=0.99)) == ""


@pytest.mark.parametrize(("level", "silent"), [(0.0, True), (1e-4, True), (0.05, False)])
def test_only_silence_is_silent(level, silent):
    samples = np.random.default_rng(0).normal(0, level, 16000).astype(np.float32)
    assert GUARDS.silent(samples) is silent
    assert GUARDS.silent(np.zeros(0, np.float32))


def test_a_short_word_in_long_silence_is_heard():
    samples = np.zeros(5 * 16000, np.float32)
    samples[40000:42000] = 0.1
    assert not GUARDS.silent(samples)
