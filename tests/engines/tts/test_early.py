"""The first sound of a clause leaves early; nothing of the clause is changed by that."""

from dataclasses import replace

import numpy as np
import pytest

from core.mouth import Phone, mouth_track
from core.types import Word
from engines.tts.early import Planned, early, place, whole
from engines.tts.utterance import trimmed

RATE, HOP = 16000, 160
STEP = 0.1


def planned(names, hop=HOP, asked=None):
    """Each sound lasts a tenth of a second; "" is silent, a vowel is loud."""
    phones = [Phone(name, STEP * at, STEP * (at + 1)) for at, name in enumerate(names)]
    random = np.random.default_rng(0)
    loud = np.repeat([float(bool(name)) for name in names], round(STEP * RATE))
    samples = (random.normal(0, 0.1, len(loud)) * loud).astype(np.float32)
    words = [Word(f"{n}", p.start, p.end) for n, p in enumerate(phones) if p.name]

    def sound(start, end):
        if asked is not None:
            asked.append((start, end))
        return samples[start:end].copy()

    return Planned(len(samples), RATE, hop, phones, words, sound)


LONG = ["", "", *"alamola", "p", *"alomana", "s", *"alo", ""]


def test_the_first_piece_leaves_before_the_rest_is_made():
    asked = []
    first = next(early(planned(LONG, asked=asked), 0.1))
    assert asked == [(0, round(0.9 * RATE))]
    assert not first.last
    assert len(first.samples) / RATE == pytest.approx(0.7 + 0.03, abs=0.01)


def test_one_behind_the_other_they_are_the_whole():
    plan = planned(LONG)
    first, second = early(plan, 0.1)
    (all_of_it,) = whole(plan, 0.1)
    np.testing.assert_array_equal(
        np.concatenate((first.samples, second.samples)), all_of_it.samples
    )
    assert (first.last, second.last, all_of_it.last) == (False, True, True)
    cut = len(first.samples) / RATE
    times = [(w.text, w.start) for w in first.words]
    times += [(w.text, w.start + cut) for w in second.words]
    assert [text for text, _ in times] == [w.text for w in all_of_it.words]
    assert [at for _, at in times] == pytest.approx([w.start for w in all_of_it.words], abs=1e-4)


def test_a_word_that_goes_on_in_the_second_piece_ends_behind_the_first():
    plan = planned(LONG)
    words = [Word("ala", 0.2, 0.5), Word("mola", 0.5, 1.2), Word("rest", 1.2, 1.9)]
    first, second = early(replace(plan, words=words), 0.1)
    by = 0.2 - 0.03
    ends = [(word.text, pytest.approx(word.end - by, abs=0.01)) for word in words[:2]]
    assert [(word.text, word.end) for word in first.words] == ends
    assert first.words[1].end > len(first.samples) / RATE + 0.2
    assert [word.text for word in second.words] == ["rest"]


def test_the_mouth_moves_on_over_the_cut():
    plan = planned(LONG)
    first, second = early(plan, 0.1)
    said = trimmed(plan.utterance(plan.sound(0, plan.size)), 0.1)
    expected = mouth_track(said.phones, len(said.samples) / RATE)
    cut = len(first.samples) / RATE
    for at in np.arange(0.02, expected.duration - 0.05, 0.01):
        piece, by = (first, 0.0) if at < cut else (second, cut)
        np.testing.assert_allclose(piece.mouth.at(at - by), expected.at(at), atol=0.05)
    assert first.mouth.duration == pytest.approx(cut, abs=1e-3)


@pytest.mark.parametrize(
    ("names", "seconds"),
    [
        (["", *"alamolapasa", "", *"alamola"], 0.8),  # the p, rather than the s behind it
        (["", *"alamola", "", *"apalamola"], 0.8),  # a pause, rather than the p
        (["", *"alamolasalomana"], 0.8),  # a noise, where there is nothing better
    ],
)
def test_it_is_cut_where_least_sounds(names, seconds):
    assert place(planned(names)) == round(seconds * RATE)


@pytest.mark.parametrize(
    "names",
    [
        ["", *"alamolamonalamola"],  # voiced throughout
        ["", *"alamopa"],  # nearly over by then
        ["", ""],
        [],
    ],
)
def test_where_it_would_be_heard_or_is_not_worth_it_a_clause_stays_whole(names):
    asked = []
    plan = planned(names, asked=asked)
    assert place(plan) == 0
    assert [piece.last for piece in early(plan, 0.0)] == [True]
    assert asked == [(0, plan.size)]


def test_it_is_cut_on_the_networks_grid_only():
    assert place(planned(LONG, hop=round(0.07 * RATE))) == 0


def test_a_beginning_that_is_silent_is_not_sent_ahead():
    plan = planned(["a", *[""] * 8, "p", *"alamola"])
    quiet = Planned(
        plan.size,
        RATE,
        HOP,
        plan.phones,
        plan.words,
        lambda start, end: np.zeros(end - start, np.float32),
    )
    (piece,) = early(quiet, 0.0)
    assert len(piece.samples) == 0
