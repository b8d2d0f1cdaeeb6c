import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clock import ManualClock
from core.errors import EngineFailed
from core.types import AudioChunk, Segment
from engines.registry import build
from engines.stt.tones import GAP_S, VOCABULARY, WORD_S, understand, utter

RATE = 16000


def segment(text, pts=0.0, rate=RATE):
    return Segment(0, AudioChunk(utter(text, rate=rate), rate, pts))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(VOCABULARY), max_size=12), st.sampled_from([0.02, 0.3, 0.7]))
def test_what_is_uttered_is_understood(words, level):
    text = " ".join(words)
    heard = understand(utter(text, level=level))
    assert " ".join(word.text for word in heard) == text


@pytest.mark.parametrize("rate", [16000, 44100, 48000])
def test_word_times_are_right_on_the_session_clock_at_any_rate(rate):
    transcript = build("stt", "fake").recognise(segment("we go home", 7.0, rate))
    starts = [7.0 + index * (WORD_S + GAP_S) for index in range(3)]
    assert [word.start for word in transcript.words] == pytest.approx(starts, abs=0.02)
    ends = [start + WORD_S for start in starts]
    assert [word.end for word in transcript.words] == pytest.approx(ends, abs=0.02)


def test_words_are_understood_through_noise():
    noise = 0.03 * np.random.default_rng(0).standard_normal(RATE * 2).astype(np.float32)
    voice = utter("hello world")
    noise[: len(voice)] += voice
    assert [word.text for word in understand(noise)] == ["hello", "world"]


def test_noise_and_silence_hold_no_words():
    noise = 0.1 * np.random.default_rng(0).standard_normal(RATE * 3).astype(np.float32)
    assert understand(noise) == understand(np.zeros(RATE, np.float32)) == ()
    assert understand(np.full(RATE, np.nan, np.float32)) == ()


def test_a_word_the_language_lacks_is_refused():
    with pytest.raises(ValueError, match="'goodbye'"):
        utter("goodbye")


def test_recognising_takes_the_time_it_is_told_on_the_clock_it_is_given():
    clock = ManualClock(auto=True)
    stt = build("stt", "fake", clock=clock, delay=0.5, per_second=0.1)
    job = segment("one two three")
    stt.recognise(job)
    assert clock.now() == pytest.approx(0.5 + 0.1 * job.audio.duration)


def test_it_fails_when_told_to_and_goes_on():
    stt = build("stt", "fake", failures={0})
    with pytest.raises(EngineFailed):
        stt.recognise(segment("one"))
    assert stt.recognise(segment("two")).text == "two"


def test_a_script_is_spread_over_the_segment():
    stt = build("stt", "fake", language="es", script=["buenos días"])
    transcript = stt.recognise(segment("one two", pts=3.0))
    assert (transcript.text, transcript.language) == ("buenos días", "es")
    assert transcript.words[0].start == 3.0
    assert transcript.words[-1].end == pytest.approx(transcript.segment.end)


def test_a_draft_gives_a_running_transcript():
    job = Segment(0, AudioChunk(utter("one"), RATE, 0.0), final=False)
    assert not build("stt", "fake").recognise(job).final


def test_the_ear_hears_words_as_they_come_and_forgets_at_restart():
    ear = build("stt", "fake").ear()
    voice = utter("good morning")
    for first in range(0, len(voice), 1600):
        ear.feed(AudioChunk(voice[first : first + 1600], RATE, 2.0 + first / RATE))
    assert [word.text for word in ear.words()] == ["good", "morning"]
    assert ear.words()[0].start == pytest.approx(2.0, abs=0.02)
    ear.restart()
    assert ear.words() == ()


def test_an_engine_that_cannot_stream_has_no_ear():
    assert build("stt", "fake", streaming=False).ear() is None


def test_the_language_is_found_out_when_none_is_given_or_the_others_one_is_told():
    for options, expected in (
        ({"language": ""}, ("es", "en")),
        ({"language": "en", "theirs": "fr"}, ("fr", "en")),
        ({"language": "de"}, ("de", "de")),
    ):
        recogniser = build("stt", "fake", **options)
        found = tuple(recogniser.recognise(segment(text)).language for text in ("one two", "we go"))
        assert found == expected
        assert (recogniser.ear() is None) is (options["language"] == "")
