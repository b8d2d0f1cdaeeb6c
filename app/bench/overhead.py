"""What the pipeline itself costs a segment: real lanes and queues around engines whose times are
known, because they sleep."""

import statistics

import numpy as np

from core.clock import RealClock
from core.config import Segmentation
from core.events import Fate
from core.pipeline import Pipeline
from core.segmentation.segmenter import Segmenter
from core.session import Session
from core.text.care import TextCare
from core.translation import Recognise, Speak, Stages, Translate, asynchronous
from core.types import AudioChunk, Samples
from engines.mt.fake import FakeTranslator
from engines.stt.fake import FakeRecogniser
from engines.stt.tones import RATE, utter
from engines.tts.fake import FakeVoice
from engines.vad.fake import FakeVad

SLEEP = 0.01
BLOCK = RATE // 10


class _SleepCounter(RealClock):
    """Knows how long the engines really slept on it."""

    slept = 0.0

    def sleep(self, seconds: float) -> None:
        begun = self.now()
        super().sleep(seconds)
        self.slept += self.now() - begun


def overhead_ms(segments: int) -> float:
    """Median over the segments of the time from the cut to the voice, less the engines' own."""
    clock = _SleepCounter()
    session = Session(lambda session: _pipeline(session, clock))
    session.start()
    sentence = np.concatenate([utter("we go home today hello world"), np.zeros(RATE, np.float32)])
    over: list[float] = []
    try:
        for number in range(segments):
            before = clock.slept
            _feed(session, sentence, number * len(sentence) / RATE)
            speech = session.receive(timeout=20)
            assert speech is not None
            over.append(clock.now() - speech.segment.decided - (clock.slept - before))
            session.ledger.settle(speech.segment.number, Fate.SPOKEN)
    finally:
        session.stop()
    return 1000 * statistics.median(over)


def _feed(session: Session, sentence: Samples, pts: float) -> None:
    for at in range(0, len(sentence), BLOCK):
        session.feed(AudioChunk(sentence[at : at + BLOCK], RATE, pts + at / RATE))


def _pipeline(session: Session, clock: RealClock) -> Pipeline:
    stages = Stages(
        Segmenter(Segmentation(), FakeVad(), now=clock.now),
        Recognise(FakeRecogniser(clock=clock, delay=SLEEP)),
        Translate(FakeTranslator(clock=clock, delay=SLEEP), TextCare("en", "es")),
        Speak(FakeVoice(clock=clock, delay=SLEEP)),
    )
    return asynchronous(stages, session.watch)
