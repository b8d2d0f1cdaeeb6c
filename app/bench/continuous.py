"""An hour of talk without a pause, in simulated time: the lag has a bound, nothing is lost, and
memory does not grow."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle

import numpy as np

from app.bench.simulate import Simulation
from core.clock import Clock
from core.config import Lag
from core.lag import Governor
from core.text.care import TextCare
from core.timeline import Timeline
from core.translation import Recognise, Speak, Translate
from core.types import AudioChunk, Segment
from engines.audio.tempo import faster
from engines.mt.fake import FakeTranslator
from engines.stt.fake import FakeRecogniser
from engines.tts.fake import FakeVoice

RATE = 16000
_WORDS = (
    *("we", "go", "home", "today", "and", "good", "morning", "hello", "world", "because"),
    *("one", "two", "three", "four", "um"),
)


@dataclass(frozen=True)
class Hour:
    """What an hour did. `spoken` is the share that was spoken, `growth_mb` the memory gained
    between the tenth minute and the last."""

    lag_max: float
    lost: int
    spoken: float
    growth_mb: float


def talk_on(minutes: float, slower: float) -> Hour:
    """Segments of clause length, one after the other; the translated voice takes `slower` times
    as long as the speaker did before the governor does anything about it."""
    segments = list(_segments(minutes * 60))
    governor = Governor(Lag())
    simulation = _simulation(segments, governor, slower)
    timeline = Timeline(governor, faster)
    lag, spoken, came, early = 0.0, 0, 0, 0
    tracemalloc.start()
    for ready, speech in simulation.run(segments):
        placed = timeline.place(speech, due=speech.segment.end, ready=ready)
        came += 1
        spoken += placed.spoken
        lag = max(lag, placed.lag if placed.spoken else 0.0)
        if not early and ready > minutes * 10:
            early = tracemalloc.get_traced_memory()[0]
    late = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return Hour(lag, len(segments) - came, spoken / max(1, came), (late - early) / 2**20)


def _segments(seconds: float) -> Iterator[tuple[float, Segment]]:
    rng = np.random.default_rng(1)
    silence = np.zeros(6 * RATE, np.float32)
    at, number = 0.0, 0
    while at < seconds:
        length = float(rng.uniform(1.5, 4.5))
        audio = AudioChunk(silence[: round(length * RATE)], RATE, at)
        yield audio.end + 0.3, Segment(number, audio, cut="clause")
        at, number = audio.end, number + 1


def _simulation(
    segments: list[tuple[float, Segment]], governor: Governor, slower: float
) -> Simulation:
    def recognise(clock: Clock) -> Recognise:
        return Recognise(FakeRecogniser(clock=clock, per_second=0.2, script=_words(segments)))

    def translate(clock: Clock) -> Translate:
        translator = FakeTranslator(clock=clock, delay=0.01)
        return Translate(translator, TextCare("en", "es"), lambda: governor.step)

    def speak(clock: Clock) -> Speak:
        return Speak(FakeVoice(clock=clock, delay=0.01, seconds_per_character=slower / 16))

    return Simulation([recognise, translate, speak])


def _words(segments: list[tuple[float, Segment]]) -> Iterator[str]:
    """As much as a speaker says in the time of each segment: 16 characters a second."""
    words = cycle(_WORDS)
    for _, segment in segments:
        text = next(words)
        while len(text) < 16 * segment.audio.duration:
            text += f" {next(words)}"
        yield text
