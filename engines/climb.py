"""The way back up: which engines were left, and when the next better one is tried again.

A machine that was too busy for an engine has to be calm for a good while first, and calmer than it
needs to be for staying; each time that this was a mistake, the while is twice as long. An engine
that failed has more chances, each later than the one before, but not for ever.
"""

import logging
from collections import Counter
from dataclasses import dataclass, replace

from engines.candidates import Candidate
from engines.registry import Choice

log = logging.getLogger(__name__)

SPARE = 0.7
"""Of the time that an engine may take, what it may be expected to need to be tried again."""
_CALM_S = 120.0
_LONGEST_S = 3600.0
_CHANCES = 3
"""An engine that has failed so often in a session is not tried any more."""
_MOST_HEAVIER = 8.0
"""A basic engine is so much quicker that its pace tells little; then only the trial does."""


@dataclass(frozen=True)
class Left:
    """An engine that was left, without the engine itself; what would be done with it would take
    so many times as long."""

    choice: Choice
    heavier: float = 1.0

    @property
    def candidate(self) -> Candidate:
        return self.choice.candidate


class Climb:
    """Belongs to whoever holds the lock of its rungs."""

    def __init__(self, choice: Choice) -> None:
        """Of the first engine: what was passed over for no more than a busy moment is left, too."""
        self._left = [Left(_passed_over(choice, one)) for one in choice.doubtful]
        self._failures: Counter[Candidate] = Counter()
        self._wait = _CALM_S
        self._calm_since: float | None = None
        self._climbed = float("-inf")

    def too_busy(self, before: Choice, heavier: float, now: float) -> None:
        self._push(Left(_bare(before), min(max(heavier, 1.0), _MOST_HEAVIER)), now)

    def failed(self, before: Choice, now: float) -> None:
        """At its work."""
        if self._has_a_chance(before.candidate):
            self._push(Left(_bare(before)), now)

    def due(self, strain: float, behind: bool, now: float) -> Left | None:
        """What to try again at this moment, if anything; `strain` is of the engine at work."""
        if not self._left:
            return None
        if behind or strain * self._left[-1].heavier > SPARE:
            self._calm_since = None
            return None
        if self._calm_since is None:
            self._calm_since = now
        return self._left[-1] if now - self._calm_since >= self._wait else None

    def done(self, left: Left, now: float) -> None:
        """It is at work again."""
        self._left.remove(left)
        self._climbed, self._calm_since = now, None

    def in_vain(self, left: Left, *, failed: bool = False, gone: bool = False) -> None:
        """It was tried and is not taken: too slow still, or it `failed`, or it is `gone`."""
        self._longer()
        if gone or (failed and not self._has_a_chance(left.candidate)):
            self._left.remove(left)

    def _has_a_chance(self, candidate: Candidate) -> bool:
        self._failures[candidate] += 1
        if self._failures[candidate] < _CHANCES:
            return True
        log.warning("%s failed %d times and is given up", candidate, _CHANCES)
        return False

    def _push(self, left: Left, now: float) -> None:
        if now - self._climbed < 2 * self._wait:
            self._longer()
        else:
            self._wait = _CALM_S
        self._calm_since = None
        self._left.append(left)

    def _longer(self) -> None:
        self._wait = min(2 * self._wait, _LONGEST_S)
        self._calm_since = None


def _passed_over(choice: Choice, candidate: Candidate) -> Choice:
    """With what was refused before it."""
    refused = [one.startswith(f"{candidate}: ") for one in choice.refusals]
    before = choice.refusals[: refused.index(True)] if True in refused else ()
    return Choice(choice.kind, candidate.name, None, before, candidate.model)


def _bare(choice: Choice) -> Choice:
    return replace(choice, engine=None)
