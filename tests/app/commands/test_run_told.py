import io

import numpy as np
from rich.console import Console

from app.commands.run_told import Told
from core.events import SpeakerEvent, VoicePlaced
from core.types import AudioChunk, Segment, Speech, Transcript, Translation


def voice(number, text):
    segment = Segment(number, AudioChunk(np.zeros(10, np.float32), 16000, 0.0))

    def piece(start, *, last):
        audio = AudioChunk(np.zeros(1600, np.float32), 16000, 0.0)
        translation = Translation(Transcript(segment, "a", "en"), text, "es")
        return VoicePlaced(Speech(translation, audio, last=last), start, 0.5)

    return [piece(1.0, last=False), piece(1.1, last=True)]


def test_a_sentence_that_is_spoken_in_pieces_is_shown_once():
    written = io.StringIO()
    told = Told(Console(file=written, width=200), words=True)
    for event, hers in zip(voice(0, "Hola."), voice(0, "Mundo."), strict=True):
        told.take(event)
        told.take(SpeakerEvent("Ana", hers))
    for event in voice(1, "Hola."):
        told.take(event)
    assert [line.strip() for line in written.getvalue().splitlines()] == [
        "said (0.5 s behind): Hola.",
        "Ana said (0.5 s behind): Mundo.",
        "said (0.5 s behind): Hola.",
    ]
