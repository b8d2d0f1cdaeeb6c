import pytest

from app.bench.boundaries import Cut, score
from app.bench.meeting import Said

TALK = (
    Said(1.0, 3.0, clauses=(2.0,)),
    Said(3.5, 6.0, hesitations=(4.5,)),
    Said(7.0, 9.0),
)
RIGHT = (Cut(3.15, "complete", 3.2), Cut(6.15, "pause", 6.5), Cut(9.15, "end", 9.6))


def test_a_cut_at_every_end_and_nowhere_else_is_perfect():
    result = score(TALK, RIGHT)
    assert result.f1 == result.completion == 1.0
    assert result.waits == pytest.approx((0.2, 0.5, 0.6))


def test_no_cuts_score_nothing():
    result = score(TALK, ())
    assert (result.f1, result.completion, result.waits) == (0.0, 0.0, ())


def test_a_sentence_glued_to_the_next_is_missed_and_the_next_is_whole():
    result = score(TALK, RIGHT[1:])
    assert (result.hits, result.wrong, result.whole) == (2, 0, 2)
    assert result.f1 == pytest.approx(0.8)


def test_a_cut_at_a_hesitation_is_wrong_and_breaks_its_sentence():
    result = score(TALK, (*RIGHT[:1], Cut(4.6, "pause"), *RIGHT[1:]))
    assert (result.hits, result.wrong, result.whole) == (3, 1, 2)
    assert result.f1 == pytest.approx(6 / 7)


@pytest.mark.parametrize(("reason", "wrong"), [("clause", 0), ("pause", 1), ("forced", 1)])
def test_only_a_clause_cut_may_lie_at_the_end_of_a_clause(reason, wrong):
    result = score(TALK, (Cut(2.1, reason), *RIGHT))
    assert (result.clauses, result.wrong) == (1 - wrong, wrong)
    assert result.whole == 3 - wrong


def test_a_clause_cut_one_word_off_is_wrong():
    assert score(TALK, (Cut(2.3, "clause"), *RIGHT)).wrong == 1


def test_a_hesitation_is_no_end_of_a_clause():
    assert score(TALK, (*RIGHT[:1], Cut(4.5, "clause"), *RIGHT[1:])).wrong == 1


def test_two_cuts_at_one_end_are_one_hit():
    result = score(TALK, (Cut(2.9, "forced"), *RIGHT))
    assert (result.hits, result.wrong, result.whole) == (3, 1, 2)


def test_a_cut_further_off_than_a_third_of_a_second_misses():
    result = score(TALK, (*RIGHT[:2], Cut(9.36, "end")))
    assert (result.hits, result.wrong) == (2, 1)


def test_scores_of_several_meetings_add_up():
    both = score(TALK, RIGHT) + score(TALK, RIGHT[1:])
    assert (both.sentences, both.hits, both.whole) == (6, 5, 5)
    assert len(both.waits) == 5
