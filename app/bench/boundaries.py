"""How well cuts agree with the ends of sentences that are known."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.bench.meeting import Said

NEAR = 0.35
"""Seconds from the end of a sentence within which a cut is at it."""
NEAR_CLAUSE = 0.2
"""Of the end of a clause; less, because a cut one word off is at no clause end."""


@dataclass(frozen=True)
class Cut:
    """The end of a segment: where its sound stops, `Segment.cut`, and when it was decided."""

    time: float
    reason: str
    decided: float = 0.0


@dataclass(frozen=True)
class Score:
    """Of one meeting, or of several added up.

    `hits`: cuts at the end of a sentence, at most one to a sentence. `clauses`: cuts that the
    segmenter made as clause cuts, without a pause, where the material has the end of a clause,
    at most one to a clause; they count neither for nor against. `wrong`: all other cuts.
    `whole`: sentences whose end was hit and that no wrong cut falls into. `waits`: from the last
    sound of each sentence that was hit to the decision.
    """

    sentences: int
    hits: int
    wrong: int
    clauses: int
    whole: int
    waits: tuple[float, ...] = ()

    @property
    def f1(self) -> float:
        return 2 * self.hits / max(1, self.hits + self.wrong + self.sentences)

    @property
    def completion(self) -> float:
        return self.whole / max(1, self.sentences)

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.sentences + other.sentences,
            self.hits + other.hits,
            self.wrong + other.wrong,
            self.clauses + other.clauses,
            self.whole + other.whole,
            self.waits + other.waits,
        )


def score(sentences: Sequence[Said], cuts: Sequence[Cut]) -> Score:
    """Sentences and cuts in the order of time."""
    hits = _pairs([said.end for said in sentences], [cut.time for cut in cuts], NEAR)
    at_end = set(hits.values())
    # A cut of another kind stays away from every clause end.
    others = [
        cut.time if cut.reason == "clause" and index not in at_end else float("inf")
        for index, cut in enumerate(cuts)
    ]
    ends = [end for said in sentences for end in said.clauses]
    at_clause = set(_pairs(ends, others, NEAR_CLAUSE).values())
    wrong = [c.time for i, c in enumerate(cuts) if i not in at_end and i not in at_clause]
    whole = [
        index in hits and not any(said.start <= time <= said.end + NEAR for time in wrong)
        for index, said in enumerate(sentences)
    ]
    waits = tuple(cuts[cut].decided - sentences[said].end for said, cut in hits.items())
    return Score(len(sentences), len(hits), len(wrong), len(at_clause), sum(whole), waits)


def _pairs(wanted: Sequence[float], found: Sequence[float], near: float) -> dict[int, int]:
    """Which of `found` belongs to which of `wanted`, each once, the closest first."""
    distances = sorted(
        (abs(one - other), i, j)
        for i, one in enumerate(wanted)
        for j, other in enumerate(found)
        if abs(one - other) <= near
    )
    pairs: dict[int, int] = {}
    for _, i, j in distances:
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs
