from hypothesis import given, settings
from hypothesis import strategies as st

from core.captions.graphemes import graphemes
from core.captions.running import RunningText, Timed
from core.captions.scroll import READ, STAY, Scroll
from core.captions.units import Unit
from core.captions.wrap import columns

WIDTH, LINES = 12, 2


def scrolled(*words, number=0):
    """Words with the moment at which each appears."""
    scroll = Scroll(columns, WIDTH, LINES)
    for text, time in words:
        scroll.append(Timed(Unit(text), time, number))
    return scroll


def seen(scroll, pts):
    return {row.slot: " ".join(row.text) for row in scroll.at(pts)}


def test_words_appear_at_the_end_of_the_line():
    scroll = scrolled(("one", 0.0), ("two", 1.0))
    assert seen(scroll, 0.5) == {0: "one"}
    assert seen(scroll, 1.0) == {0: "one two"}


def test_full_lines_move_up_by_one_line():
    scroll = scrolled(("aaaaaaaaaa", 0.0), ("bbbbbbbbbb", 2.0), ("cccccccccc", 4.0))
    assert seen(scroll, 1.0) == {0: "aaaaaaaaaa"}
    assert seen(scroll, 3.0) == {0: "aaaaaaaaaa", 1: "bbbbbbbbbb"}
    assert seen(scroll, 4.0) == {0: "bbbbbbbbbb", 1: "cccccccccc"}


def test_a_finished_text_stays_a_while_and_goes():
    scroll = scrolled(("one", 1.0))
    assert seen(scroll, 1.0 + STAY - 0.01) == {0: "one"}
    assert seen(scroll, 1.0 + STAY) == {}


def test_after_it_went_text_begins_at_the_top_again():
    scroll = scrolled(("one", 0.0), ("two", 20.0))
    assert seen(scroll, 20.0) == {0: "two"}


def test_a_line_is_not_scrolled_away_before_it_could_be_read():
    words = [("word", 0.0)] * 60
    scroll = scrolled(*words)
    whole = sum(columns(text) for text, _ in words)
    last = scroll._lines[-1].start
    assert last >= (whole - 3 * WIDTH) / READ


def test_a_word_wider_than_a_line_is_cut_between_characters():
    scroll = scrolled(("👨‍👩‍👧" * 10, 0.0))
    pieces = [laid.text for line in scroll._lines for laid in line.laid]
    assert len(pieces) > 1
    assert [g for piece in pieces for g in graphemes(piece)] == ["👨‍👩‍👧"] * 10


def test_a_long_stretch_against_the_direction_is_cut_between_words():
    scroll = scrolled(("one two three four five", 0.0))
    pieces = [laid.text for line in scroll._lines for laid in line.laid]
    assert pieces == ["one two", "three four", "five"]


def test_a_mark_for_a_word_that_went_does_not_appear_alone():
    scroll = scrolled(("one", 0.0))
    scroll.append(Timed(Unit(".", spaced=False, glued=True), 30.0, 0))
    assert seen(scroll, 30.0) == {}


def test_the_next_segment_begins_a_line_only_after_a_pause():
    scroll = scrolled(("one", 0.0))
    scroll.append(Timed(Unit("two"), 1.0, 1))
    scroll.append(Timed(Unit("six"), 3.0, 2))
    assert seen(scroll, 3.0) == {0: "one two", 1: "six"}


WORD = st.one_of(
    st.sampled_from(
        ["a", "uno", "👍🏽", "👨‍👩‍👧👍", "e\u0301t\u0301", "今天", "话。", "שלום", "क्षि", "."]
    ),
    st.text("abcdefg", min_size=1, max_size=30),
)
STEP = st.tuples(st.lists(WORD, max_size=4), st.booleans(), st.floats(0, 4))


def cells(rows):
    """Each line that is seen: where it stands and what is on it."""
    return {(row.line.block, row.line.row): (row.slot, row.text) for row in rows}


def check_grown(before, after):
    """Nothing was taken back or changed; what moved, moved up by as many lines as were added."""
    newest = max(after) if after else None
    for key, (slot, text) in before.items():
        if key in after:
            assert after[key][1][: len(text)] == text
            added = max(0, newest[1] - max(row for _, row in before))
            assert slot - after[key][0] == max(0, added - (LINES - 1 - max_slot(before)))
        elif after and newest[0] == key[0]:
            assert newest[1] - key[1] >= LINES
    assert not before or not after or newest >= max(before)


def max_slot(shown):
    return max(slot for slot, _ in shown.values())


@settings(max_examples=150, deadline=None)
@given(st.lists(STEP, max_size=25), st.sampled_from(["en", "he", "ja"]))
def test_what_is_seen_only_ever_grows_at_its_end(steps, language):
    text, scroll = RunningText(language), Scroll(columns, WIDTH, LINES)
    number, said, pts, before = 0, [], 0.0, {}
    for words, final, pause in steps:
        said += words
        if final:
            text.finish(number, " ".join([*said[:-1], "x", *said[-1:]]), pts)
            number, said = number + 1, []
        else:
            text.hear(number, " ".join(said), pts)
        for _ in range(3):
            after = cells(scroll.follow(text, pts))
            assert len(after) <= LINES
            assert all(0 <= slot < LINES for slot, _ in after.values())
            check_grown(before, after)
            before = after
            pts += pause / 3


@settings(max_examples=100, deadline=None)
@given(st.lists(WORD, min_size=1, max_size=20))
def test_no_character_is_ever_cut_and_no_line_is_too_wide(words):
    text, scroll = RunningText("en"), Scroll(columns, WIDTH, LINES)
    text.finish(0, " ".join(words), 0.0)
    scroll.follow(text, 0.0)
    whole = graphemes("".join(words))
    laid = [piece.text for line in scroll._lines for piece in line.laid]
    assert [g for piece in laid for g in graphemes(piece) if g != " "] == whole or (
        "".join(laid).replace(" ", "") == "".join(words)
    )
    assert all(line.width <= WIDTH for line in scroll._lines)
