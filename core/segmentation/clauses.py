"""Where a speaker who does not pause can be cut: the ends of clauses in the running transcript."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.segmentation.grammar import Grammar, grammar
from core.segmentation.utterance import PAD
from core.types import Word

FEWEST_WORDS = 3
_JOINERS = ("and", "or", "y", "o", "et", "ou", "und", "oder")
_PREPOSITIONS = ("that", "before", "after", "since", "as", "until", "once")
"""They open a clause only where a verb follows: "before she goes", "before the end"."""
CLAUSE_WITHIN = 5
"""Words within which what nothing opens must have a verb to be a clause."""


@dataclass(frozen=True)
class ClauseEnd:
    """A place to cut: after word number `index`, at `time`; `score` says how good it is, `sure`
    whether a sentence ends there."""

    index: int
    time: float
    score: float
    sure: bool = False


@dataclass(frozen=True)
class Pause:
    """A pause that did not end the segment; `complete` is what the turn judge thought of it,
    `sure` whether that is enough for the end of a sentence."""

    start: float
    end: float
    complete: float
    sure: bool = False


Dip = Callable[[float, float], float]
"""How far the voice sinks between two moments, 0 (not at all) to 1 (silence)."""


def clause_ends(
    words: Sequence[Word], language: str, dip: Dip, pauses: Sequence[Pause] = ()
) -> list[ClauseEnd]:
    """Every place before the last word, with its score: at the pauses, and elsewhere after at
    least FEWEST_WORDS words.

    About 1 is a plain clause end, 0 an arbitrary place between words, below that nobody would
    cut there.
    """
    rules = grammar(language)
    texts = [word.text.lower().strip(",.?!") for word in words]
    ends = []
    for index in range(len(words) - 1):
        before, after = words[index], words[index + 1]
        score = _sound(before, after, dip)
        pause = _between(before, after, pauses)
        if pause is not None:
            middle = (pause.start + pause.end) / 2
            at = min(middle, pause.start + PAD)
            ends.append(ClauseEnd(index, at, _judged(pause), pause.sure))
        elif index >= FEWEST_WORDS - 1:
            if rules is not None:
                score += _words(rules, texts, index)
            ends.append(ClauseEnd(index, (before.end + after.start) / 2, score))
    return ends


def best_clause_end(
    words: Sequence[Word],
    language: str,
    dip: Dip,
    *,
    at_least: float,
    after: float = 0.0,
    pauses: Sequence[Pause] = (),
) -> ClauseEnd | None:
    """The best place that scores enough from the time `after` on, or before it if a sentence
    ends there; or None."""
    ends = [
        end
        for end in clause_ends(words, language, dip, pauses)
        if end.score >= at_least and (end.time >= after or end.sure)
    ]
    return max(ends, key=lambda end: end.score, default=None)


def _between(before: Word, after: Word, pauses: Sequence[Pause]) -> Pause | None:
    """The ear's times tremble: the words meet somewhere in the pause, or part around it."""
    first, last = (before.start + before.end) / 2, (after.start + after.end) / 2
    return next((p for p in pauses if first <= (p.start + p.end) / 2 <= last), None)


def _judged(pause: Pause) -> float:
    """A clause end only where the judge was sure, or nearly: the speaker did go on."""
    return pause.complete - 0.05


def _sound(before: Word, after: Word, dip: Dip) -> float:
    gap = max(0.0, after.start - before.end)
    return 0.5 * min(1.0, gap / 0.25) + 0.3 * dip(before.end - 0.06, after.start + 0.06)


def _words(rules: Grammar, texts: list[str], index: int) -> float:
    score = 0.3 if rules.finite(texts[: index + 1]) else -0.5
    if texts[index] in rules.dangling:
        score -= 1.0
    if texts[index + 1] in rules.attached:
        score -= 0.3
    if texts[index + 1] in rules.openers:
        score += 0.5
        if texts[index + 1] in _JOINERS:
            score += _joins_clauses(rules, texts[index + 2 :])
        elif texts[index + 1] in _PREPOSITIONS and not rules.finite(texts[index + 2 : index + 5]):
            score -= 0.5
        return score
    if texts[index + 1] in rules.subjects and texts[index] not in rules.subjects:
        score += 0.1
    if not rules.finite(texts[index + 1 : index + 1 + CLAUSE_WITHIN]):
        score -= 0.6
    return score


def _joins_clauses(rules: Grammar, following: list[str]) -> float:
    """ "And" joins clauses when a subject or verb follows it, else more likely two nouns."""
    if not following:
        return -0.4
    return 0.1 if following[0] in rules.subjects or following[0] in rules.verbs else -0.3
