from core.captions.running import PATIENCE, RunningText
from core.types import Word


def shown(text, pts=100.0):
    return " ".join(timed.unit.text for timed in text.since(0, pts)[1])


def test_a_growing_segment_is_appended_word_by_word():
    text = RunningText("en")
    for at, heard in enumerate(("good", "good morning", "good morning all")):
        text.hear(1, heard, float(at))
    assert [(t.unit.text, t.time) for t in text.since(0, 3.0)[1]] == [
        ("good", 0.0), ("morning", 1.0), ("all", 2.0),
    ]  # fmt: skip


def test_the_final_text_adds_only_what_is_not_there():
    text = RunningText("en")
    text.hear(1, "good mourning", 0.0)
    text.finish(1, "Good morning everyone.", 1.0)
    assert shown(text) == "good mourning everyone."


def test_a_repeated_word_keeps_its_own_time():
    text = RunningText("en")
    spoken = [Word("the", 0.0, 0.2), Word("cat", 0.2, 0.5), Word("the", 0.5, 0.7)]
    text.finish(1, "the cat the", 0.0, spoken)
    assert [timed.time for timed in text.since(0, 0.0)[1]] == [0.0, 0.2, 0.5]


def test_a_shrinking_transcript_takes_nothing_back_and_repeats_nothing():
    text = RunningText("en")
    for heard in ("a b c", "a b", "a b c d"):
        text.hear(1, heard, 0.0)
    assert shown(text) == "a b c d"


def test_a_later_segment_waits_for_the_end_of_the_one_before():
    text = RunningText("en")
    text.hear(1, "one", 0.0)
    text.hear(2, "three", 0.5)
    assert shown(text, 0.6) == "one"
    text.finish(1, "one two", 1.0)
    text.hear(2, "three four", 1.5)
    assert shown(text) == "one two three four"


def test_a_later_segment_does_not_wait_for_ever():
    text = RunningText("en")
    text.hear(1, "one", 0.0)
    text.hear(2, "three", 0.5)
    assert shown(text, 0.6 + PATIENCE) == "one three"
    text.finish(1, "one two", 4.0)
    assert shown(text) == "one three"


def test_a_segment_that_is_late_as_a_whole_is_shown_all_the_same():
    text = RunningText("en")
    text.hear(2, "second", 0.0)
    text.finish(1, "first", 1.0)
    assert shown(text) == "second first"


def test_a_failed_segment_lets_the_next_one_through():
    text = RunningText("en")
    text.hear(1, "one", 0.0)
    text.finish(2, "two", 0.5)
    text.close(1, 0.6)
    assert shown(text) == "one two"


def test_spoken_words_appear_as_they_are_said():
    text = RunningText("es")
    text.say(1, "Hola a todos.", [Word("hola", 5.0, 5.3), Word("a", 5.3, 5.4)], 5.0, last=False)
    assert shown(text, 5.5) == "Hola a"
    text.say(1, "Hola a todos.", [Word("todos", 6.0, 6.5)], 6.0)
    assert [timed.time for timed in text.since(0, 9.0)[1]] == [5.0, 5.3, 6.0]


def test_a_silent_last_piece_repeats_nothing():
    text = RunningText("es")
    text.say(1, "Hola.", [Word("hola", 1.0, 1.5)], 1.0, last=False)
    text.say(1, "Hola.", (), 1.5)
    assert shown(text) == "Hola."


def test_nothing_appears_before_a_moment_that_was_drawn():
    text = RunningText("en")
    text.since(0, 10.0)
    text.hear(1, "late", 9.0)
    assert text.since(0, 10.0)[1][0].time == 10.0


def test_clear_empties_it_and_later_results_of_the_segment_stay_away():
    text = RunningText("en")
    text.hear(1, "one", 0.0)
    count, _ = text.since(0, 0.0)
    text.clear()
    text.finish(1, "one two", 1.0)
    text.hear(2, "three", 2.0)
    assert text.cleared == count
    assert shown(text) == "three"
