"""A sentence as a voice says it, for benches that need a mouth to move."""

from dataclasses import replace

import numpy as np

from core.ports import Voice
from core.types import AudioChunk, MouthTrack, Segment, Speech, Transcript, Translation


def speech_of(text: str, voice: Voice) -> Speech:
    """The first piece of it."""
    segment = Segment(0, AudioChunk(np.zeros(0, np.float32), 16000, 0.0))
    transcript = Transcript(segment, text, voice.language)
    return next(iter(voice.speak(Translation(transcript, text, voice.language))))


def said(text: str, voice: Voice) -> MouthTrack:
    return replace(speech_of(text, voice).mouth)
