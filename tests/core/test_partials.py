from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.partials import Agreement
from core.types import Word


def words(text, start=0.0, step=0.3):
    return tuple(
        Word(word, start + index * step, start + (index + 1) * step)
        for index, word in enumerate(text.split())
    )


def said(committed):
    return " ".join(word.text for word in committed)


texts = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=8).map(" ".join)
times = st.tuples(st.floats(0, 2), st.floats(0.05, 0.5))
hypotheses = st.lists(st.builds(lambda text, t: words(text, *t), texts, times), max_size=12)


def test_a_word_is_committed_when_two_hypotheses_in_a_row_agree_on_it():
    agreement = Agreement(keep=0)
    assert agreement.hear(words("he was")) == ()
    assert said(agreement.hear(words("he was not"))) == "he was"
    assert agreement.text == "he was"


def test_what_changes_is_not_committed():
    agreement = Agreement(keep=0)
    for hypothesis in ("he wants", "he was", "he was not", "he was knotted", "he was not an"):
        agreement.hear(words(hypothesis))
    assert agreement.text == "he was"


def test_a_revised_beginning_does_not_repeat_or_replace_what_is_committed():
    agreement = Agreement(keep=0)
    agreement.hear(words("he was not"))
    agreement.hear(words("he was not"))
    agreement.hear(words("she was not an ill"))
    agreement.hear(words("she was not an ill man"))
    assert agreement.text == "he was not an ill"


def test_trembling_times_repeat_nothing():
    agreement = Agreement(keep=0)
    agreement.hear(words("he was not"))
    agreement.hear(words("he was not"))
    agreement.hear(words("he was not an", 0.25))
    agreement.hear(words("he was not an", 0.3))
    assert agreement.text == "he was not an"


def test_asking_twice_for_one_hypothesis_is_no_agreement():
    agreement, hypothesis = Agreement(keep=0), words("he was")
    agreement.hear(hypothesis)
    assert agreement.hear(hypothesis) == ()
    assert said(agreement.hear(words("he was"))) == "he was"


def test_the_word_that_is_being_said_is_held_back():
    agreement = Agreement()
    agreement.hear(words("he was"))
    assert said(agreement.hear(words("he was"))) == "he"
    assert agreement.hear(words("he was not")) == ()
    assert said(agreement.hear(words("he was not"))) == "was"
    assert said(agreement.flush()) == "not"


def test_flush_commits_the_rest():
    agreement = Agreement(keep=0)
    agreement.hear(words("he was"))
    assert said(agreement.flush(words("he was not"))) == "he was not"
    assert agreement.flush() == ()


def test_flush_without_a_hypothesis_commits_the_last_one():
    agreement = Agreement(keep=0)
    agreement.hear(words("he was"))
    agreement.hear(words("he was not"))
    assert said(agreement.flush()) == "not"


@given(hypotheses, st.integers(0, 2))
def test_what_is_committed_only_ever_grows_and_is_what_is_returned(stream, keep):
    agreement, returned = Agreement(keep), ()
    for hypothesis in stream:
        before = agreement.words
        returned += agreement.hear(hypothesis)
        assert agreement.words[: len(before)] == before
    assert agreement.words + agreement.flush() == returned + agreement.words[len(returned) :]
    assert agreement.words[: len(returned)] == returned


@given(hypotheses, st.integers(0, 2))
def test_times_never_go_back(stream, keep):
    agreement = Agreement(keep)
    for hypothesis in stream:
        agreement.hear(hypothesis)
    agreement.flush()
    assert all(word.start <= word.end for word in agreement.words)
    assert all(one.end <= two.start for one, two in pairwise(agreement.words))


@given(texts, texts)
def test_a_hypothesis_heard_twice_and_flushed_is_committed_whole(text, other):
    agreement = Agreement(keep=0)
    agreement.hear(words(text))
    agreement.hear(words(text))
    assert agreement.text == text
    assert agreement.hear(words(text)) == ()


@given(st.lists(texts.filter(bool), min_size=1, max_size=4), st.integers(0, 2))
def test_growing_hypotheses_lose_nothing(parts, keep):
    agreement = Agreement(keep)
    for count in range(1, len(parts) + 1):
        agreement.hear(words(" ".join(parts[:count])))
    agreement.flush()
    assert agreement.text == " ".join(parts)
