"""What a session's events and voices make appear in the picture: both languages, and the floor."""

from dataclasses import replace

from core.captions.floor import FloorWatch
from core.captions.running import RunningText
from core.captions.timing import evenly
from core.captions.units import units
from core.events import Event, Fate, Hearing, Recognised, Settled, Translated
from core.timeline import Placed
from core.types import Transcript, Word


class LiveCaptions:
    """Fed by any thread, drawn by another. Every `pts` is on the session clock.

    Live: `take` each event of the session at the present moment and `place` each voice. In a
    recorded clip events may come long before their moment: `take` them at their segment's
    start; words appear when they are said.
    """

    def __init__(self, source: str, target: str) -> None:
        """The codes of the language that is spoken and of the one that is heard."""
        self.source = RunningText(source)
        self.target = RunningText(target)
        self.floor = FloorWatch()
        self._translated: dict[int, str] = {}
        """What is to be said, by number of the segment."""

    def take(self, event: Event, pts: float) -> None:
        match event:
            case Hearing(number, text):
                self.source.hear(number, text, pts)
            case Recognised(transcript):
                self._recognised(transcript, pts)
            case Translated(translation):
                self._translated[translation.segment.number] = translation.text
            case Settled(number, fate):
                self._settled(number, fate, pts)

    def place(self, placed: Placed) -> None:
        """A voice has its place; one that is silent is shown at once."""
        speech, start = placed.speech, placed.start
        number = speech.segment.number
        words = [_later(word, start) for word in speech.words]
        self.target.say(number, speech.translation.text, words, start, last=speech.last)
        if placed.spoken:
            self.floor.speak(number, start, placed.end)
        elif speech.last:
            self.floor.settle(number)

    def clear(self) -> None:
        """Everything goes at once: the translation was cancelled."""
        self._translated.clear()
        self.source.clear()
        self.target.clear()
        self.floor.clear()

    def _recognised(self, transcript: Transcript, pts: float) -> None:
        number, text = transcript.segment.number, transcript.text
        self.source.finish(number, text, pts, transcript.words or _guessed(transcript))
        if text:
            self.floor.expect(number, pts)

    def _settled(self, number: int, fate: Fate, pts: float) -> None:
        """What is translated and could not be said, or not to its end, is read."""
        self.floor.settle(number)
        self.source.close(number, pts)
        text = self._translated.pop(number, "")
        if fate is Fate.FAILED and text:
            self.target.finish(number, text, pts)
        elif fate not in (Fate.SPOKEN, Fate.CAPTION):
            self.target.close(number, pts)


def _later(word: Word, start: float) -> Word:
    return replace(word, start=word.start + start, end=word.end + start)


def _guessed(transcript: Transcript) -> tuple[Word, ...]:
    """Words spread over the segment, for a recogniser that tells no times."""
    texts = [unit.text for unit in units(transcript.text)]
    segment = transcript.segment
    starts = evenly(len(texts), segment.start, segment.end)
    ends = [*starts[1:], segment.end]
    return tuple(map(Word, texts, starts, ends))
