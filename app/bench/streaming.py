"""Speech streamed into a live translation at the pace at which it is spoken, and when each answer
came."""

import threading
from dataclasses import dataclass

from app.assembly import Assembly
from core.clock import RealClock
from core.config import Config
from core.errors import TranslatedCameraError
from core.events import Event, Fate, Settled
from core.lag import Governor
from core.session import Session
from core.timeline import Placed, Timeline
from core.types import AudioChunk, Samples
from engines.audio.tempo import faster

RATE = 16000
BLOCK = 320


@dataclass(frozen=True)
class Answer:
    """A translated voice: `ready` on the session clock, and where it was placed on it."""

    ready: float
    placed: Placed

    @property
    def wait(self) -> float:
        """From the decision that the segment has ended to the first translated sample."""
        return self.ready - self.placed.speech.segment.decided


@dataclass(frozen=True)
class Streamed:
    """`began` is the session time of the first sample."""

    began: float
    answers: list[Answer]
    lost: int


def stream(sound: Samples, config: Config | None = None) -> Streamed:
    """16 kHz mono, in real time, through the engines that `auto` takes here."""
    clock = RealClock()
    assembly = Assembly(config or Config(), clock=clock)
    session = Session(assembly.pipeline)
    failed: list[Event] = []
    session.listen(lambda event: failed.append(event) if _is_failure(event) else None)
    session.start()
    try:
        began = clock.now()
        feeder = threading.Thread(target=_feed, args=(session, clock, sound), daemon=True)
        feeder.start()
        answers = _answers(session, assembly, clock)
        feeder.join()
    finally:
        session.stop()
    return Streamed(began, answers, session.ledger.open + len(failed))


def _is_failure(event: Event) -> bool:
    return isinstance(event, Settled) and event.fate is Fate.FAILED


def _feed(session: Session, clock: RealClock, sound: Samples) -> None:
    began = clock.now()
    for at in range(0, len(sound), BLOCK):
        chunk = AudioChunk(sound[at : at + BLOCK], RATE, began + at / RATE)
        clock.sleep(chunk.end - clock.now())
        if not session.feed(chunk):
            raise TranslatedCameraError("The session stopped while speech was fed to it.")
    session.finish()


def _answers(session: Session, assembly: Assembly, clock: RealClock) -> list[Answer]:
    timeline = Timeline(Governor(Config().lag, assembly.lag_changed), faster)
    answers: list[Answer] = []
    while (speech := session.receive(timeout=60)) is not None:
        now = clock.now()
        placed = timeline.place(speech, due=speech.segment.end, ready=now)
        answers.append(Answer(now, placed))
        if speech.last:
            session.ledger.settle(speech.segment.number, Fate.SPOKEN)
    return answers


def first_pieces(answers: list[Answer]) -> list[Answer]:
    """One answer a segment: its first sound. Segments that held no words are left out."""
    first: dict[int, Answer] = {}
    for answer in answers:
        if answer.placed.speech.audio.samples.size:
            first.setdefault(answer.placed.speech.segment.number, answer)
    return list(first.values())


def ear_voice_span(answers: list[Answer]) -> list[float]:
    """Seconds from each source word to the translated word that stands for it.

    Within a segment the words correspond by their share of it: the n-th of N translated words to
    the word at the same share of the source's.
    """
    spans: list[float] = []
    for group in _by_segment(answers).values():
        heard = group[0].placed.speech.translation.transcript.words
        said = [
            answer.placed.start + word.start
            for answer in group
            for word in answer.placed.speech.words
        ]
        for index, moment in enumerate(said if heard else ()):
            source = heard[min(len(heard) - 1, index * len(heard) // len(said))]
            spans.append(moment - source.start)
    return spans


def _by_segment(answers: list[Answer]) -> dict[int, list[Answer]]:
    groups: dict[int, list[Answer]] = {}
    for answer in answers:
        groups.setdefault(answer.placed.speech.segment.number, []).append(answer)
    return groups
