"""Running transcripts that only ever grow, made from hypotheses that change their mind."""

from dataclasses import replace

from core.types import Word


class Agreement:
    """Commits a word once two hypotheses in a row agree on it; a committed word never changes.

    The last `keep` words of a hypothesis are not counted: the speaker is in the middle of them.
    With 0 instead of 1, words are committed 0.2 s sooner and twice as many of them are wrong
    (pocketsphinx, read speech).

    One utterance long: take a fresh one for the next. Words that a later hypothesis moves to
    before the last committed one are dropped, so times never go back.
    """

    def __init__(self, keep: int = 1) -> None:
        self._keep = keep
        self._sure: tuple[Word, ...] = ()
        self._committed: tuple[Word, ...] = ()
        self._tail: tuple[Word, ...] = ()
        self._last: tuple[Word, ...] | None = None

    @property
    def words(self) -> tuple[Word, ...]:
        """What is committed so far."""
        return self._committed

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self._committed)

    @property
    def guess(self) -> str:
        """What the last hypothesis holds beyond that; it may still change."""
        return " ".join(word.text for word in self._tail)

    def hear(self, hypothesis: tuple[Word, ...]) -> tuple[Word, ...]:
        """The words that this hypothesis, the whole utterance so far, has newly committed.

        The very same tuple again is no second opinion and commits nothing.
        """
        if hypothesis is self._last:
            return ()
        self._last = hypothesis
        tail = self._uncommitted(hypothesis)
        sure = tail[: max(0, len(tail) - self._keep)]
        agreed = _common(sure, self._sure)
        self._sure, self._tail = sure[agreed:], tail[agreed:]
        return self._commit(sure[:agreed])

    def flush(self, hypothesis: tuple[Word, ...] | None = None) -> tuple[Word, ...]:
        """The utterance is over: commits what is left of `hypothesis`, or of the last one."""
        tail = self._tail if hypothesis is None else self._uncommitted(hypothesis)
        self._sure = self._tail = ()
        return self._commit(tail)

    def _uncommitted(self, hypothesis: tuple[Word, ...]) -> tuple[Word, ...]:
        """What follows the committed words: by their number where the texts are the same (times
        tremble from one hypothesis to the next), else by time."""
        done = len(self._committed)
        if _common(hypothesis, self._committed) == done:
            return hypothesis[done:]
        end = self._committed[-1].end
        later = (i for i, word in enumerate(hypothesis) if (word.start + word.end) / 2 >= end)
        return hypothesis[next(later, len(hypothesis)) :]

    def _commit(self, words: tuple[Word, ...]) -> tuple[Word, ...]:
        committed = list(self._committed)
        for word in words:
            start = max(word.start, committed[-1].end) if committed else word.start
            committed.append(replace(word, start=start, end=max(start, word.end)))
        fresh = tuple(committed[len(self._committed) :])
        self._committed = tuple(committed)
        return fresh


def _common(one: tuple[Word, ...], other: tuple[Word, ...]) -> int:
    """How many words the two have in common from their beginning."""
    pairs = zip(one, other, strict=False)
    return next(
        (i for i, (a, b) in enumerate(pairs) if a.text != b.text), min(len(one), len(other))
    )
