"""A voice whose mouth is found elsewhere, over one that is replaced while it works."""

from core.errors import EngineUnavailable
from core.placed import MouthedVoice
from core.types import AudioChunk, Segment, Transcript, Translation
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
