"""The demo speaker at work: a few sentences, over and over, as sound and as mouth."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import soxr
from numpy.typing import NDArray

from core.devices import RATE
from core.errors import EngineUnavailable
from core.ports import Voice
from core.types import AudioChunk, MouthTrack, Samples, Segment, Speech, Transcript, Translation
from engines.registry import auto, build

SENTENCES = (
    "Hello, my name is nobody, and this is a demonstration.",
    "I speak English, and you hear me in another language.",
    "We have a lot of work to do, but we can finish it before the summer.",
    "Please tell me when you have time for the meeting.",
    "Thank you very much, and good bye.",
)
_LEAD, _PAUSE, _TAIL = 0.5, 0.8, 1.0


class Performance:
    """One round of sentences, said without end. The same sentences and voice give the same
    round, so a camera and a microphone that start at the same moment fit together, also from
    two processes. Speaking happens here, once; asking is cheap and may come from any thread.

    `length`: seconds of a round, until its first sentence begins again.
    """

    def __init__(self, sentences: Sequence[str], voice: Voice, language: str = "en") -> None:
        self._tracks: list[tuple[float, MouthTrack]] = []
        parts = [_silence(_LEAD)]
        for number, sentence in enumerate(sentences):
            for speech in voice.speak(_said(sentence, number, language)):
                self._tracks.append((_seconds(parts), speech.mouth))
                parts.append(_resampled(speech))
            parts.append(_silence(_PAUSE))
        self._round: Samples = np.concatenate([*parts, _silence(_TAIL)])
        self.length = len(self._round) / RATE

    def samples(self, first: int, count: int) -> Samples:
        """Mono at RATE; `first` counts from the start of the performance."""
        return self._round.take(np.arange(first, first + count), mode="wrap")

    def mouth(self, seconds: float) -> NDArray[np.float32]:
        """The mouth's shape at that time since the start."""
        within = seconds % self.length
        shapes = [
            track.at(within - start)
            for start, track in self._tracks
            if start <= within <= start + track.duration
        ]
        return np.asarray(np.max(shapes, axis=0) if shapes else np.zeros(6), np.float32)


@lru_cache(maxsize=1)
def demo_performance() -> Performance:
    """The demo speaker's sentences in the voice that the basic recogniser understands best.
    EngineUnavailable where no English voice is installed."""
    try:
        voice: Voice = build("tts", "flite", language="en", voice="rms")
    except EngineUnavailable:
        voice = auto("tts", options={"language": "en"}).engine
    try:
        return Performance(SENTENCES, voice)
    finally:
        voice.close()


def _silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


def _seconds(parts: Sequence[Samples]) -> float:
    return sum(map(len, parts)) / RATE


def _resampled(speech: Speech) -> Samples:
    return np.asarray(soxr.resample(speech.audio.samples, speech.audio.rate, RATE), np.float32)


def _said(text: str, number: int, language: str) -> Translation:
    segment = Segment(number, AudioChunk(np.zeros(0, np.float32), RATE, 0.0), complete=1.0)
    return Translation(Transcript(segment, text, language), text, language)
