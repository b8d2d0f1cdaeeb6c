import numpy as np
import pytest

from core.captions.floor import Floor
from core.captions.live import LiveCaptions
from core.events import Fate, Hearing, Recognised, Settled, Translated
from core.timeline import Placed
from core.types import AudioChunk, Segment, Speech, Transcript, Translation, Word

SEGMENT = Segment(1, AudioChunk(np.zeros(32000, np.float32), 16000, 10.0))


def transcript(text="good morning all", words=()):
    return Transcript(SEGMENT, text, "en", words)


def placed(start=13.0, seconds=2.0, words=(), last=True):
    audio = AudioChunk(np.zeros(round(seconds * 16000), np.float32), 16000, 0.0)
    translation = Translation(transcript(), "Buenos días", "es")
    return Placed(Speech(translation, audio, words=words, last=last), start, 0.0)


def shown(text, pts=50.0):
    return [(timed.unit.text, timed.time) for timed in text.since(0, pts)[1]]


@pytest.fixture
def captions():
    return LiveCaptions("en", "es")


def test_what_is_heard_grows_in_the_source_language(captions):
    captions.take(Hearing(1, "good"), 11.0)
    captions.take(Recognised(transcript()), 13.0)
    assert shown(captions.source) == [("good", 11.0), ("morning", 13.0), ("all", 13.0)]


def test_ahead_of_time_words_appear_when_they_are_said(captions):
    words = (Word("good", 10.0, 10.4), Word("morning", 10.5, 11.0), Word("all", 11.2, 11.5))
    captions.take(Recognised(transcript(words=words)), SEGMENT.start)
    assert [time for _, time in shown(captions.source, 0.0)] == [10.0, 10.5, 11.2]


def test_without_word_times_they_are_spread_over_the_segment(captions):
    captions.take(Recognised(transcript("a b")), SEGMENT.start)
    assert [time for _, time in shown(captions.source, 0.0)] == [10.0, 11.0]


def test_the_voice_s_words_appear_as_they_are_spoken(captions):
    captions.place(placed(words=(Word("Buenos", 0.1, 0.5), Word("días", 0.6, 1.0))))
    assert shown(captions.target, 0.0) == [("Buenos", 13.1), ("días", 13.6)]


def test_a_translation_that_is_not_spoken_is_shown_whole(captions):
    captions.take(Recognised(transcript()), 12.0)
    captions.place(placed(seconds=0.0))
    assert shown(captions.target, 0.0) == [("Buenos", 13.0), ("días", 13.0)]
    assert captions.floor.at(13.1) is None


def test_the_floor_is_taken_from_the_recognised_words_to_the_end_of_the_voice(captions):
    captions.take(Recognised(transcript()), 12.0)
    assert captions.floor.at(12.5) == Floor(None, 1.0)
    captions.place(placed())
    captions.take(Settled(1, Fate.SPOKEN), 13.0)
    assert captions.floor.at(13.5) == Floor(1.5, 0.5)
    assert captions.floor.at(15.0) is None


def test_a_failed_segment_keeps_its_source_caption_and_frees_the_floor(captions):
    captions.take(Recognised(transcript()), 12.0)
    captions.take(Settled(1, Fate.FAILED, "mt broke"), 12.5)
    assert captions.floor.at(12.6) is None
    assert len(shown(captions.source)) == 3


@pytest.mark.parametrize("begun", [False, True])
def test_what_a_voice_that_fails_has_not_said_is_read(captions, begun):
    captions.take(Translated(placed().speech.translation), 12.5)
    if begun:
        captions.place(placed(words=(Word("Buenos", 0.1, 0.5),), last=False))
    captions.take(Settled(1, Fate.FAILED, "speak: it broke"), 14.0)
    first = 13.1 if begun else 14.0
    assert shown(captions.target, 0.0) == [("Buenos", first), ("días", 14.0)]
    captions.place(placed(words=(Word("días", 0.1, 0.5),)))
    assert len(shown(captions.target)) == 2


def test_what_was_cancelled_is_not_read(captions):
    captions.take(Translated(placed().speech.translation), 12.5)
    captions.take(Settled(1, Fate.CANCELLED), 12.6)
    assert shown(captions.target) == []


def test_clear_leaves_nothing(captions):
    captions.take(Recognised(transcript()), 12.0)
    captions.place(placed())
    captions.clear()
    assert shown(captions.source) == shown(captions.target) == []
    assert captions.floor.at(13.5) is None
