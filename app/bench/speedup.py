"""How much sooner the asynchronous pipeline answers than the sequential baseline, with the
stages' times simulated.

Both run the project's real segmenter and stages on the same made-up talk in simulated time; only
the engines' times are acted, by sleeping on the clock. What we have of the paper says what it
gained (up to 3.1 times end to end) and not how long each stage took, so `TIMES` is our estimate
for the models that it names on one consumer GPU. It is the same for both pipelines.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from app.assembly import BASELINE
from app.bench.simulate import Simulation
from core.clock import Clock
from core.config import Segmentation
from core.segmentation.segmenter import Listening, Segmenter
from core.text.care import TextCare
from core.translation import Chain, Recognise, Speak, Translate
from core.types import AudioChunk, Samples, Speech
from engines.mt.fake import FakeTranslator
from engines.stt.fake import FakeEar, FakeRecogniser
from engines.stt.tones import RATE, utter
from engines.tts.fake import FakeVoice
from engines.turn.fake import FakeTurn
from engines.vad.fake import FakeVad


@dataclass(frozen=True)
class Times:
    """Seconds a stage takes: once, and for each second of sound."""

    recognise: tuple[float, float] = (0.15, 0.03)  # Whisper small, FP16
    translate: float = 0.20  # NLLB 600M
    speak: float = 0.25  # XTTS v2, its first sound
    speak_each: float = 0.30
    lips_each: float = 25 * (0.012 + 0.005)  # Wav2Lip in PyTorch, 25 frames, and the face


TIMES = Times()
LEAD, TAIL = 0.5, 2.5
_CLAUSE = "we go home today because hello world good morning and"


class _Rest:
    """What the baseline does before anything is heard or seen: the rest of the voice, and the
    lips of all of it. The asynchronous pipeline does both while it plays."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def process(self, speech: Speech) -> Iterable[Speech]:
        self._clock.sleep((TIMES.speak_each + TIMES.lips_each) * speech.segment.audio.duration)
        return (speech,)

    def flush(self) -> Iterable[Speech]:
        return ()

    def close(self) -> None:
        pass


def speedup(seconds: float) -> float:
    """Baseline's wait over ours, for a clip of so many seconds of unbroken talk: from the end of
    speech to the first sound of its last words with their lips."""
    sound = _talk(seconds)
    spoken = LEAD + seconds
    return (_last(_baseline(), sound) - spoken) / (_last(_ours(), sound) - spoken)


def _talk(seconds: float) -> Samples:
    words = utter(f"{_CLAUSE} " * 12)[: round(seconds * RATE)]
    ending = utter("over")
    words[-len(ending) :] = ending
    quiet = [np.zeros(round(length * RATE), np.float32) for length in (LEAD, TAIL)]
    return np.concatenate([quiet[0], words, quiet[1]])


def _chunks(sound: Samples) -> Iterator[tuple[float, AudioChunk]]:
    for at in range(0, len(sound), 320):
        chunk = AudioChunk(sound[at : at + 320], RATE, at / RATE)
        yield chunk.end, chunk


def _last(simulation: Simulation, sound: Samples) -> float:
    return max(moment for moment, _ in simulation.run(_chunks(sound)))


def _recognise(clock: Clock) -> Recognise:
    delay, each = TIMES.recognise
    return Recognise(FakeRecogniser(clock=clock, delay=delay, per_second=each))


def _translate(clock: Clock) -> Translate:
    return Translate(FakeTranslator(clock=clock, delay=TIMES.translate), TextCare("en", "es"))


def _speak(clock: Clock) -> Speak:
    return Speak(FakeVoice(clock=clock, delay=TIMES.speak))


def _ours() -> Simulation:
    def segment(clock: Clock) -> Segmenter:
        return Segmenter(Segmentation(shortest=0.8), FakeVad(), Listening(FakeEar(), FakeTurn()))

    return Simulation([segment, _recognise, _translate, _speak])


def _baseline() -> Simulation:
    def segment(clock: Clock) -> Segmenter:
        return Segmenter(BASELINE, FakeVad())

    def chain(clock: Clock) -> Chain:
        return Chain(_recognise(clock), _translate(clock), _speak(clock), _Rest(clock))

    return Simulation([segment, chain])
