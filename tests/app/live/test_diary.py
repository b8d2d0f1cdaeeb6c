"""What a live session heard and said."""

import json

import numpy as np

from app.live.diary import Diary
from core.events import Cut, Fate, Recognised, Settled, VoicePlaced
from core.types import AudioChunk, Segment, Speech, Transcript, Translation


def spoken(number, start):
    segment = Segment(number, AudioChunk(np.zeros(16000, np.float32), 16000, start))
    transcript = Transcript(segment, "good morning", "en")
    translation = Translation(transcript, "buenos días", "es")
    audio = AudioChunk(np.ones(8000, np.float32), 16000, 0.0)
    return segment, transcript, Speech(translation, audio)


def tell(diary, number, start):
    segment, transcript, speech = spoken(number, start)
    for event in (
        Cut(segment),
        Recognised(transcript),
        VoicePlaced(speech, start + 2.0, 1.0),
        Settled(number, Fate.SPOKEN),
    ):
        diary.take(event)


def test_a_segment_is_told_with_its_voice_and_its_fate():
    diary = Diary()
    tell(diary, 0, 3.0)
    (entry,) = diary.entries
    assert (entry.text, entry.translation, entry.fate) == ("good morning", "buenos días", "spoken")
    assert (entry.start, entry.end, entry.voice_start, entry.voice_end) == (3.0, 4.0, 5.0, 5.5)


def test_a_second_run_that_counts_from_zero_again_replaces_nothing():
    diary = Diary()
    tell(diary, 0, 3.0)
    tell(diary, 0, 30.0)
    assert [entry.start for entry in diary.entries] == [3.0, 30.0]


def test_with_a_recording_the_times_in_it_are_told():
    diary = Diary()
    tell(diary, 0, 3.0)
    report = json.loads(diary.report(to="es", recording_starts=1.25))
    told = {"start": 1.75, "end": 2.75, "voice_start": 3.75, "voice_end": 4.25}
    assert report["segments"][0]["in_recording"] == told
    assert report["segments"][0]["start"] == 3.0


def test_the_report_says_that_the_voice_is_synthetic():
    diary = Diary()
    tell(diary, 0, 3.0)
    report = json.loads(diary.report(to="es"))
    assert report["synthetic_voice"] is True
    assert report["to"] == "es"
    assert report["segments"][0]["lag"] == 1.0
