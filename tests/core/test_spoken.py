from dataclasses import replace

import numpy as np
import pytest

from core.config import Languages, Picture, Voice
from core.events import Fate, Translated
from core.orchestrator import Orchestrator
from core.spoken import OwnVoice, SpokenLanguage, fate
from core.timeline import Placed
from core.types import AudioChunk, Segment, Speech, Transcript, Translation

RATE = 16000


def speech(start=10.0, seconds=2.0, *, own=True, language="es"):
    audio = AudioChunk(np.full(round(seconds * RATE), 0.1, np.float32), RATE, start)
    transcript = Transcript(Segment(0, audio), "hola", language)
    return Speech(Translation(transcript, "hola", "es", own=own), replace(audio, pts=0.0))


@pytest.mark.parametrize(
    ("original", "voice_from", "heard_again"),
    [
        ("pass", 10.0, False),
        ("off", 0.0, True),
        ("duck", 0.0, False),
        ("duck", 10.5, True),
        ("duck", 11.8, False),
    ],
)
def test_the_own_voice_is_heard_again_only_where_it_was_not_heard(
    original, voice_from, heard_again
):
    own = OwnVoice(Voice(original=original))
    own.placed(Placed(speech(own=False), voice_from, 0.0))
    assert bool(len(own.passed(speech()).audio.samples)) is heard_again


def test_a_translated_voice_is_left_alone():
    translated = speech(own=False)
    assert OwnVoice(Voice(original="pass")).passed(translated) is translated


def test_what_was_said_in_the_own_voice_counts_as_spoken():
    silent = OwnVoice(Voice(original="pass")).passed(speech())
    assert fate(Placed(silent, 12.0, 0.0)) == (Fate.SPOKEN, "in your own voice")


@pytest.mark.parametrize(
    ("languages", "found"),
    [
        (Languages("auto", "es"), ("es", True)),
        (Languages("en", "es", pass_theirs=True), ("es", True)),
        (Languages("en", "es"), ("", False)),
    ],
)
def test_the_language_is_told_where_it_is_found_out(languages, found):
    spoken = SpokenLanguage(languages)
    spoken.take(Translated(speech().translation))
    assert (spoken.language, spoken.own) == found


def test_the_dubbed_picture_shows_the_own_mouth_under_the_own_voice_and_the_live_one_follows():
    strengths = {}
    for mode in ("live", "dubbed"):
        orchestrator = Orchestrator(Picture(mode=mode))
        orchestrator.add(Placed(speech(), 12.0, 0.0))
        strengths[mode] = orchestrator.moment(13.0).strength
    assert strengths == {"live": 1.0, "dubbed": 0.0}
