import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from core.config import Segmentation
from core.segmentation.segmenter import Listening, Segmenter
from core.types import AudioChunk, Segment
from engines.stt.fake import FakeEar, utter
from engines.turn.fake import FakeTurn
from engines.vad.fake import FakeVad

RATE = 16000


def quiet(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * RATE), np.float32)


def talk(*parts: str | float) -> np.ndarray:
    """Words of the tone language and, as numbers, seconds of silence."""
    return np.concatenate([utter(p) if isinstance(p, str) else quiet(p) for p in parts])


def cut(
    sound: np.ndarray, settings: Segmentation | None = None, block: int = 1600, **listening
) -> list[Segment]:
    segmenter = Segmenter(settings or Segmentation(), FakeVad(), Listening(**listening))
    segments = []
    for at in range(0, len(sound), block):
        segments += segmenter.process(AudioChunk(sound[at : at + block], RATE, at / RATE))
    return segments + list(segmenter.flush())


def finals(segments: Sequence[Segment]) -> list[Segment]:
    return [segment for segment in segments if segment.final]


SENTENCE = "one two three four five six seven"


def test_silence_gives_no_segment():
    assert cut(quiet(5)) == []


def test_a_click_gives_no_segment():
    sound = quiet(3)
    sound[8000:8400] = 0.5
    assert cut(sound) == []


def test_sentences_are_cut_at_pauses_in_order_and_on_time():
    segments = finals(cut(talk(1.0, SENTENCE, 1.2, SENTENCE, 1.5)))
    assert [segment.number for segment in segments] == [0, 1]
    assert [segment.cut for segment in segments] == ["pause", "pause"]
    assert segments[0].start == pytest.approx(1.0 - 0.29, abs=0.05)
    assert segments[0].end == pytest.approx(1.0 + 7 * 0.26 + 0.14, abs=0.05)
    assert segments[1].start > segments[0].end


def test_a_pause_in_a_short_segment_does_not_end_it_until_it_is_long():
    segments = finals(cut(talk(0.5, "one two", 0.7, "three four", 1.5)))
    assert len(segments) == 1
    assert finals(cut(talk(0.5, "one", 1.2, "two three", 1.5)))[0].cut == "pause"


def test_a_complete_sentence_is_cut_before_the_pause_is_long():
    sound = talk(0.5, "one two three four five six over", 0.35, SENTENCE, 1.5)
    ear = FakeEar()
    segments = finals(cut(sound, ear=ear, turn=FakeTurn()))
    assert [segment.cut for segment in segments] == ["complete", "pause"]
    assert segments[0].complete >= 0.85


def test_an_unfinished_sentence_waits_for_a_longer_pause():
    sound = talk(0.5, SENTENCE, 0.7, SENTENCE, 1.5)
    assert len(finals(cut(sound, turn=FakeTurn(wordless=0.1)))) == 1
    assert len(finals(cut(sound, turn=FakeTurn(wordless=0.5)))) == 2


def test_a_short_answer_that_is_likely_complete_ends_at_a_pause():
    sound = talk(0.5, "one", 0.6, SENTENCE, 1.5)
    segments = finals(cut(sound, turn=FakeTurn(wordless=0.7)))
    assert [segment.cut for segment in segments] == ["pause", "pause"]
    assert segments[0].end < 1.0


def test_a_pause_is_judged_again_as_it_grows():
    sound = talk(0.5, SENTENCE, 0.6, SENTENCE, 1.5)
    turn = FakeTurn(script=[0.8, 0.9, 0.95], wordless=0.1)
    first = finals(cut(sound, turn=turn))[0]
    assert (first.cut, turn.calls > 2) == ("complete", True)


def test_words_that_the_ear_adds_in_the_silence_count_half():
    sound = talk(0.5, SENTENCE, 0.4, SENTENCE, 1.5)
    turn = FakeTurn(script=[0.05, 0.95], wordless=0.1)
    assert len(finals(cut(sound, turn=turn))) == 1


def test_a_sentence_that_ended_in_a_pause_too_short_is_cut_off_later():
    sound = talk(0.5, "one", 0.4, SENTENCE, 1.5)
    segments = finals(cut(sound, ear=FakeEar(), turn=FakeTurn(ends=("one",))))
    assert segments[0].cut == "clause"
    assert 0.5 + 0.2 < segments[0].end < 0.5 + 0.26 + 0.4


def test_a_clip_is_not_cut_at_a_poor_place_as_long_as_there_is_time():
    sound = talk(0.5, *["one two three four", 0.1] * 7, 1.0)
    hurried, patient = (
        finals(cut(sound, ear=FakeEar(), language="tr", live=live)) for live in (True, False)
    )
    assert {segment.cut for segment in hurried[:-1]} == {"clause"}
    assert len(patient) < len(hurried)


def test_a_language_that_the_ear_finds_out_is_cut_like_one_that_is_given():
    class Knowing(FakeEar):
        language = "en"

    sound = talk(0.5, *["one two three four", 0.1] * 7, 1.0)
    found = [
        [segment.end for segment in finals(cut(sound, ear=ear, turn=FakeTurn(), language=language))]
        for ear, language in ((Knowing(), ""), (FakeEar(), "en"))
    ]
    assert found[0] == found[1]


def test_a_speaker_who_never_pauses_is_cut_by_force_between_words():
    sound = talk(0.5, " ".join(["one two three"] * 30), 1.0)
    settings = Segmentation(longest=4.0, clauses=False)
    segments = finals(cut(sound, settings, ear=FakeEar()))
    assert len(segments) >= 5
    assert {segment.cut for segment in segments[:-1]} == {"forced"}
    assert all(segment.audio.duration <= 4.1 for segment in segments)
    for segment in segments[:-1]:
        edge = segment.audio.samples[-160:]
        assert float(np.abs(edge).max()) < 0.25


def test_nothing_of_the_speech_is_lost_or_said_twice_when_it_is_cut_by_force():
    sound = talk(0.5, " ".join(["one two three four"] * 20), 1.0)
    segments = finals(cut(sound, Segmentation(longest=3.0, clauses=False)))
    for before, after in itertools.pairwise(segments):
        assert after.start == pytest.approx(before.end, abs=1e-6)
    spoken = np.concatenate([segment.audio.samples for segment in segments])
    start = round(segments[0].start * RATE)
    assert np.array_equal(spoken, sound[start : start + len(spoken)])


def test_continuous_speech_is_cut_where_a_clause_ends():
    sound = talk(0.5, " ".join(["we go home today because hello world good morning"] * 4), 1.0)
    segments = finals(cut(sound, Segmentation(clause_after=1.0, shortest=1.0), ear=FakeEar()))
    assert segments[0].cut == "clause"
    first = FakeEar()
    first.feed(segments[0].audio)
    assert [word.text for word in first.words()] == ["we", "go", "home", "today"]


def test_a_draft_goes_out_in_the_pause_with_the_sound_of_the_final_segment():
    segments = cut(talk(0.5, SENTENCE, 1.5), turn=FakeTurn(wordless=0.5))
    draft, final = segments
    assert not draft.final
    assert final.final
    assert (draft.id, draft.number) == (final.id, final.number)
    assert np.array_equal(draft.audio.samples, final.audio.samples)


def test_the_running_transcript_only_ever_grows():
    told: list[tuple[int, str]] = []
    sound = talk(0.5, SENTENCE, 1.2, "hello world good morning", 1.5)
    segmenter = Segmenter(
        Segmentation(),
        FakeVad(),
        Listening(ear=FakeEar()),
        heard=lambda number, text: told.append((number, text)),
    )
    for at in range(0, len(sound), 800):
        list(segmenter.process(AudioChunk(sound[at : at + 800], RATE, at / RATE)))
    by_number = {n: [text for number, text in told if number == n] for n in (0, 1)}
    assert by_number[0][-1] == SENTENCE
    for texts in by_number.values():
        assert all(b.startswith(a) for a, b in itertools.pairwise(texts))


def test_no_later_segment_begins_before_the_horizon():
    sound = talk(0.5, SENTENCE, 1.2, SENTENCE, 0.9, "one two", 2.0)
    segmenter = Segmenter(Segmentation(), FakeVad())
    horizons, starts = [], []
    for at in range(0, len(sound), 400):
        for segment in segmenter.process(AudioChunk(sound[at : at + 400], RATE, at / RATE)):
            assert segment.start >= max(horizons)
            starts.append(segment.start)
        horizons.append(segmenter.horizon)
    assert horizons == sorted(horizons)
    assert len(starts) >= 3


def test_a_new_turn_forgets_what_was_being_heard():
    turn = [0]
    segmenter = Segmenter(Segmentation(), FakeVad(), turn_number=lambda: turn[0])
    first, second = talk(0.5, SENTENCE), talk(1.5, "one two three four five six", 1.5)
    list(segmenter.process(AudioChunk(first, RATE, 0.0)))
    turn[0] = 1
    segments = finals(list(segmenter.process(AudioChunk(second, RATE, len(first) / RATE))))
    assert [segment.turn for segment in segments] == [1]
    assert segments[0].start > len(first) / RATE + 1.0


def test_another_rate_than_sixteen_kilohertz_is_refused():
    with pytest.raises(ValueError, match="48000"):
        list(Segmenter(Segmentation(), FakeVad()).process(AudioChunk(quiet(1), 48000, 0.0)))
