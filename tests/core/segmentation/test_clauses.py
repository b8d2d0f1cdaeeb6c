import pytest

from core.segmentation.clauses import Pause, best_clause_end, clause_ends
from core.types import Word


def spoken(text: str, gap: float = 0.0) -> list[Word]:
    """Words of 0.25 s; a `/` is a pause of `gap`."""
    words, at = [], 0.0
    for token in text.split():
        if token == "/":
            at += gap
        else:
            words.append(Word(token, at, at + 0.25))
            at += 0.25
    return words


def flat(start: float, end: float) -> float:
    return 0.0


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("we should meet tomorrow morning because the report is late", "morning"),
        ("i think the plan is good but we need more people", "good"),
        ("she sent the letter when the office was closed", "letter"),
        ("he opened the door and he walked into the room", "door"),
    ],
)
def test_the_best_place_is_before_the_word_that_opens_a_clause(text, last):
    words = spoken(text)
    end = best_clause_end(words, "en", flat, at_least=0.6)
    assert end is not None
    assert words[end.index].text == last


@pytest.mark.parametrize(
    "text",
    [
        "we bought bread and butter",
        "the man in the big house",
        "to have been a very good",
        "this is the man of the",
    ],
)
def test_nothing_is_cut_inside_a_phrase(text):
    assert best_clause_end(spoken(text), "en", flat, at_least=0.6) is None


def test_a_place_that_is_too_early_does_not_hide_a_later_one():
    words = spoken("we should go and you should come because it is late")
    later = best_clause_end(words, "en", flat, at_least=0.6, after=1.5)
    assert later is not None
    assert words[later.index].text == "come"


def test_a_gap_makes_a_place_better():
    words = spoken("the work is done / the people go home", gap=0.3)
    best = best_clause_end(words, "en", flat, at_least=0.6)
    assert best is not None
    assert words[best.index].text == "done"
    assert best.time == pytest.approx((words[3].end + words[4].start) / 2)


def test_a_language_without_a_grammar_is_cut_by_sound_alone():
    words = spoken("bir iki üç / dört beş yedi", gap=0.3)
    best = best_clause_end(words, "tr", flat, at_least=0.4)
    assert best is not None
    assert words[best.index].text == "üç"


@pytest.mark.parametrize("complete", [0.1, 0.9])
def test_at_a_pause_the_judge_decides_and_not_the_words(complete):
    words = spoken("the work is done / the people go home", gap=0.4)
    pause = Pause(1.0, 1.4, complete)
    ends = clause_ends(words, "en", flat, [pause])
    at_pause = next(end for end in ends if words[end.index].text == "done")
    assert at_pause.score == pytest.approx(complete, abs=0.1)
    assert 1.0 < at_pause.time < 1.4


def test_a_sure_end_may_come_early():
    words = spoken("no / the people go home", gap=0.4)
    pause = Pause(0.25, 0.65, 0.9, sure=True)
    end = best_clause_end(words, "en", flat, at_least=0.75, after=1.5, pauses=[pause])
    assert end is not None
    assert end.index == 0


@pytest.mark.parametrize(
    "text", ["you have to decide before the end of summer", "tom brings the chairs / the table"]
)
def test_what_follows_a_clause_end_is_a_clause(text):
    assert best_clause_end(spoken(text, gap=0.2), "en", flat, at_least=0.75) is None


def test_too_few_words_are_no_clause():
    assert clause_ends(spoken("we go"), "en", flat) == []
