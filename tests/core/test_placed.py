"""A voice whose mouth is found elsewhere, over one that is replaced while it works; one that
speaks in a process that ends in mid-sentence."""

import sys

import pytest

from core.errors import EngineUnavailable
from core.placed import MouthedVoice, PlacedVoice
from core.process import RemoteStage
from core.types import AudioChunk, Segment, Transcript, Translation
from core.work import RESTS
from engines.candidates import Candidate
from engines.ladder import on_rungs
from engines.registry import Choice
from engines.rungs import Telling
from engines.stt.tones import utter
from engines.tts.fake import FakeVoice


class Mouths:
    """Elsewhere, where the mouth is not known either."""

    def ahead(self, item):
        pass

    def process(self, speech):
        return [speech]

    def close(self):
        pass


class Other(FakeVoice):
    note = "the other one"


class Make:
    def below(self, at: Candidate) -> Choice:
        return Choice("tts", "flite", Other(rate=22050))

    def exactly(self, wanted: Candidate) -> Choice:
        raise EngineUnavailable("Not here.")


def test_rate_and_note_are_those_of_the_voice_that_took_over():
    top = Choice("tts", "piper", FakeVoice(failures=range(9)))
    voice = on_rungs(top, "auto", {}, None, Telling(), make=Make()).engine
    mouthed = MouthedVoice(voice, Mouths())
    assert (mouthed.rate, mouthed.note) == (16000, "")
    segment = Segment(0, AudioChunk(utter("one"), 16000, 0.0))
    speech = next(iter(mouthed.speak(Translation(Transcript(segment, "", "en"), "hola", "es"))))
    assert speech.audio.rate == mouthed.rate == 22050
    assert mouthed.note == "the other one"
    mouthed.close()


WORKSHOP = """
import os, signal
from pathlib import Path
from core.work import Speaking
from engines.tts.fake import FakeVoice

class Mortal(FakeVoice):
    # Dies behind its piece of that number, once.
    def __init__(self, behind, grave):
        super().__init__()
        self.behind, self.grave = behind, Path(grave)
    def speak(self, translation):
        for number, piece in enumerate(super().speak(translation), 1):
            yield piece
            if number == self.behind and not self.grave.exists():
                self.grave.touch()
                os.kill(os.getpid(), signal.SIGKILL)

def speaking(behind, grave):
    return Speaking(Mortal(behind, grave))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
@pytest.mark.parametrize("behind", [1, 2, 3])
def test_a_voice_whose_process_ends_goes_on_where_it_broke_off(tmp_path, monkeypatch, behind):
    (tmp_path / "workshop.py").write_text(WORKSHOP)
    monkeypatch.syspath_prepend(str(tmp_path))
    options = {"behind": behind, "grave": str(tmp_path / "grave")}
    stage = RemoteStage("workshop:speaking", options, rest=RESTS["tts"])
    voice = PlacedVoice(stage, "es", 16000)
    segment = Segment(7, AudioChunk(utter("one"), 16000, 0.0))
    text = "Uno dos. Dos uno dos! Tres?"
    translation = Translation(Transcript(segment, "", "en"), text, "es")
    pieces = list(voice.speak(translation))
    assert [word.text for piece in pieces for word in piece.words] == text.split()
    assert [piece.last for piece in pieces] == [False, False, True]
    assert all(piece.translation is translation for piece in pieces)
    stage.close()
