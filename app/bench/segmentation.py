"""Whether speech is cut where its sentences end, and nowhere else.

The basic rung hears synthetic meetings (see app/bench/meeting.py) as a recorded clip: Silero,
pocketsphinx as the ear with all the time it needs, the rules as the judge. What counts as a hit
stands in app/bench/boundaries.py.
"""

import statistics
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from threading import Event

from app.assembly import BASELINE
from app.bench.boundaries import Cut, Score, score
from app.bench.meeting import MEETINGS, RATE, Meeting, hold
from app.bench.report import Figure, Figures
from core.config import Segmentation
from core.ports import Turn
from core.segmentation.segmenter import Listening, Segmenter
from core.types import AudioChunk, Segment, Word
from engines.registry import build

BLOCK = 320
PATIENCE = 60.0


class TimedJudge:
    """Another judge, and the CPU time of each of its judgements in ms."""

    def __init__(self, judge: Turn) -> None:
        self._judge = judge
        self.took: list[float] = []

    def complete(self, audio: AudioChunk, words: tuple[Word, ...], language: str) -> float:
        began = time.thread_time()
        chance = self._judge.complete(audio, words, language)
        self.took.append((time.thread_time() - began) * 1000)
        return chance

    def close(self) -> None:
        self._judge.close()


@dataclass(frozen=True)
class Heard:
    """What became of one meeting. `judged`: CPU-ms of each judgement."""

    ours: Score
    baseline: Score
    segments: list[Segment]
    judged: list[float]


def run() -> Figures:
    stop = Event()
    # Each waits for an ear in a process of its own.
    with ThreadPoolExecutor(2) as pool, ExitStack() as ending:
        ending.callback(stop.set)  # Ctrl-C: the pool waits for those at work
        heard = list(pool.map(lambda meeting: hear(hold(*meeting), stop), MEETINGS))
    none = Score(0, 0, 0, 0, 0)
    return _figures(
        sum((one.ours for one in heard), none),
        sum((one.baseline for one in heard), none),
        [segment for one in heard for segment in one.segments],
        [ms for one in heard for ms in one.judged],
    )


def hear(meeting: Meeting, stop: Event) -> Heard:
    """Once `stop` is set, of as much of it as has been heard."""
    judge = TimedJudge(build("turn", "rules"))
    segments = list(_ours(_played(meeting, stop), judge))
    baseline = list(_segments(_played(meeting, stop), BASELINE, "energy", Listening(live=False)))
    return Heard(
        score(meeting.sentences, _cuts(segments)),
        score(meeting.sentences, _cuts(baseline)),
        segments,
        judge.took,
    )


def _figures(
    ours: Score, baseline: Score, segments: list[Segment], judged: list[float]
) -> dict[str, Figure]:
    return {
        "boundary_f1": Figure(ours.f1, at_least=0.92),
        "completion_rate": Figure(ours.completion, at_least=0.93),
        "judge_ms": Figure(statistics.median(judged), "ms", at_most=30),
        "baseline_f1": Figure(baseline.f1),
        "f1_over_baseline": Figure(ours.f1 / baseline.f1, "x"),
        "baseline_completion_rate": Figure(baseline.completion),
        "sentences": Figure(ours.sentences),
        "missed_ends": Figure(ours.sentences - ours.hits),
        "wrong_cuts": Figure(ours.wrong),
        "clause_cuts": Figure(sum(segment.cut == "clause" for segment in segments)),
        "clause_cuts_at_clauses": Figure(ours.clauses),
        "forced_cuts": Figure(sum(segment.cut == "forced" for segment in segments)),
        "segment_s": Figure(statistics.mean(s.audio.duration for s in segments), "s"),
        "decision_wait_s": Figure(statistics.median(ours.waits), "s"),
        "baseline_decision_wait_s": Figure(statistics.median(baseline.waits), "s"),
    }


def _cuts(segments: list[Segment]) -> list[Cut]:
    return [Cut(segment.end, segment.cut, segment.decided) for segment in segments]


def _ours(chunks: Iterable[AudioChunk], judge: Turn) -> Iterator[Segment]:
    with closing(build("stt", "sphinx")) as recogniser:
        listening = Listening(recogniser.ear(), judge, patience=PATIENCE, live=False)
        yield from _segments(chunks, Segmentation(), "silero", listening)


def _segments(
    chunks: Iterable[AudioChunk], settings: Segmentation, vad: str, listening: Listening
) -> Iterator[Segment]:
    """`decided` in seconds of the meeting: the sound that had to be heard for the decision."""
    clock = [0.0]
    segmenter = Segmenter(settings, build("vad", vad), listening, now=lambda: clock[0])
    with closing(segmenter):
        for chunk in chunks:
            clock[0] = chunk.end
            yield from segmenter.process(chunk)
        yield from segmenter.flush()


def _played(meeting: Meeting, stop: Event) -> Iterator[AudioChunk]:
    for at in range(0, len(meeting.sound), BLOCK):
        if stop.is_set():
            return
        yield AudioChunk(meeting.sound[at : at + BLOCK], RATE, at / RATE)
