"""The engines of a kind from the one at work downwards: when it fails, or the machine has become
too busy for it, one below takes over, and the user is told; so they are when it is back."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol, TypeVar

from core.clock import Clock, RealClock
from core.errors import EngineFailed, EngineUnavailable
from core.pace import Pace, Strain
from engines.candidates import Candidate
from engines.climb import SPARE, Climb, Left
from engines.registry import Choice

log = logging.getLogger(__name__)

_Answer = TypeVar("_Answer")
Again = Callable[[Any], Pace]
"""Does an item once more, with another engine, and says what that took."""

BROKEN = (EngineFailed, MemoryError)
_TRIES = 2
_LIGHTER = 0.8
"""One below is taken for its speed only if it takes less than so much of the time."""
_REST_S = 60.0
"""Seconds after a search among those below before there is another one."""
_NO_TIME, _ANY_TIME = 1e-9, float("inf")


class Make(Protocol):
    """Builds an engine. EngineUnavailable when it cannot be."""

    def below(self, at: Candidate) -> Choice:
        """The next one below."""
        ...

    def exactly(self, wanted: Candidate) -> Choice:
        """This one and no other."""
        ...


def _thread(work: Callable[[], None]) -> None:
    threading.Thread(target=work, name="step-down", daemon=True).start()


@dataclass(frozen=True)
class Telling:
    """What rungs are told of the session, and tell it; on any thread. `told` hears sentences,
    `changed` which engine is at work; `behind` says whether the voice is late."""

    told: Callable[[str], None] = lambda text: None
    changed: Callable[[Choice], None] = lambda choice: None
    behind: Callable[[], bool] = lambda: False
    budget: Callable[[], float] = lambda: 4.0
    hurry: bool = True
    """Whether somebody waits; in a recording only failures make a difference."""


@dataclass(frozen=True)
class Time:
    """How time passes; tests have other."""

    clock: Clock = field(default_factory=RealClock)
    aside: Callable[[Callable[[], None]], None] = _thread
    """Does work next to everything else."""


class Rungs:
    """Any thread may ask and step. An engine that was left is closed when nobody uses it."""

    def __init__(
        self,
        choice: Choice,
        make: Make,
        telling: Telling,
        time: Time | None = None,
    ) -> None:
        self._choice, self._make, self._telling = choice, make, telling
        self._time = time or Time()
        self._lock = threading.RLock()
        self._users: Counter[int] = Counter()
        self._retired: list[Any] = []
        self._strain = Strain(choice.kind, telling.budget)
        self._climb = Climb(choice)
        self._upward = False
        self._searching = False
        self._rests_until = 0.0
        self._closed = False

    @property
    def engine(self) -> Any:
        return self._choice.engine

    @property
    def upward(self) -> bool:
        """Whether a better engine took the place of the one before: nobody needs to hurry."""
        return self._upward

    @property
    def now(self) -> Callable[[], float]:
        return self._time.clock.now

    def ask(self, work: Callable[[Any], _Answer], speech: float = 0.0) -> _Answer:
        """The answer of the rung at work or of the first below it that gives one. EngineFailed
        when none does. What that took counts, if it is spoken in so many seconds."""
        while True:
            with self.in_use() as engine:
                for left in reversed(range(_TRIES)):
                    try:
                        return self._timed(engine, work, speech)
                    except BROKEN as exc:
                        log.warning("%s failed: %s", self._choice.name, exc)
                        if not left:
                            self.step(engine, exc)

    @contextmanager
    def in_use(self) -> Iterator[Any]:
        engine = self.hold()
        try:
            yield engine
        finally:
            self.release(engine)

    def hold(self, engine: Any = None) -> Any:
        """The engine at work, or one that is in use; it is not closed before `release`."""
        with self._lock:
            engine = self.engine if engine is None else engine
            self._users[id(engine)] += 1
            return engine

    def release(self, engine: Any) -> None:
        with self._lock:
            self._users[id(engine)] -= 1
            idle = [one for one in self._retired if not self._users[id(one)]]
            self._retired = [one for one in self._retired if self._users[id(one)]]
        for one in idle:
            one.close()

    def step(self, failed: Any, reason: BaseException) -> None:
        """Down from the engine that failed, if it is still the one at work. EngineFailed, with the
        reason, when nothing is below it."""
        with self._lock:
            if failed is not self.engine:
                return
            before = self._choice
            try:
                choice = self._make.below(before.candidate)
            except EngineUnavailable as exc:
                raise EngineFailed(f"{before.candidate} failed ({reason}). {exc}") from exc
            failed = f"{before.candidate} failed ({_short(reason)})"
            self._climb.failed(before, self.now())
            self._take(_instead(choice, before, f"It failed ({_short(reason)})."))
        self._tell(f"{failed}; {choice.candidate} goes on.")

    def took(self, engine: Any, pace: Pace, again: Again) -> None:
        """What an item took. When the machine is too busy for the engine at work, one below that
        does it quicker, `again`, is looked for next to it; when it has been calm for long, the
        one that was left is tried."""
        with self._lock:
            if engine is not self.engine or self._searching or self._closed:
                return
            self._strain.took(pace)
            hurry, behind = self._telling.hurry, self._telling.behind()
            if hurry and self._strain.too_much(behind):
                if self.now() < self._rests_until:
                    return
                work = partial(self._search, pace, again)
            else:
                strain = self._strain.now if hurry else 0.0
                left = self._climb.due(strain, hurry and behind, self.now())
                if left is None:
                    return
                work = partial(self._try_again, left, again)
            self._searching = True
        self._time.aside(work)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            retired, self._retired = self._retired, []
        for engine in (*retired, self.engine):
            engine.close()

    def _timed(self, engine: Any, work: Callable[[Any], _Answer], speech: float) -> _Answer:
        begun = self.now()
        answer = work(engine)
        took = self.now() - begun

        def again(other: Any) -> Pace:
            begun = self.now()
            work(other)
            took = self.now() - begun
            return Pace(speech, took, took)

        if speech:
            self.took(engine, Pace(speech, took, took), again)
        return answer

    def _search(self, pace: Pace, again: Again) -> None:
        """Those below do what has just been done, as busy as the machine is; the first that is
        quicker takes over."""
        before, strain = self._choice, self._strain.now
        lighter, taken = None, False
        try:
            lighter = self._lighter(before, pace, again)
            if lighter is not None:
                taken = self._stepped_down(before, *lighter)
        except Exception:
            log.exception("Nothing quicker than %s could be looked for", before.candidate)
        finally:
            self._rests_until = self.now() + _REST_S
            self._searching = False
        if taken and lighter is not None:
            self._tell(
                f"This machine is too busy for {before.candidate}, which takes {strain:.1f} times "
                f"as long as it may; {lighter[0].candidate} goes on."
            )

    def _lighter(self, before: Choice, pace: Pace, again: Again) -> tuple[Choice, float] | None:
        """One that is, and how many times as long `before` takes."""
        strain = pace.strain(before.kind, self._telling.budget())
        at = before.candidate
        while not self._closed:
            try:
                choice = self._make.below(at)
            except EngineUnavailable as exc:
                log.info("nothing quicker than %s: %s", before.candidate, exc)
                return None
            tried = self._tried(choice, again, _LIGHTER * strain)
            if tried is not None:
                return choice, strain / max(tried, _NO_TIME)
            at = choice.candidate
        return None

    def _stepped_down(self, before: Choice, lighter: Choice, heavier: float) -> bool:
        why = "This machine is too busy for it at the moment."
        if not self._replace(before, _instead(lighter, before, why)):
            return False
        with self._lock:
            self._climb.too_busy(before, heavier, self.now())
        return True

    def _try_again(self, left: Left, again: Again) -> None:
        """What was left does what has just been done, and is back if the machine can do with it."""
        before = self._choice
        taken = failed = gone = False
        try:
            choice = self._make.exactly(left.candidate)
            enough = SPARE if self._telling.hurry else _ANY_TIME
            taken = self._tried(choice, again, enough, fails=True) is not None
            taken = taken and self._replace(before, _as_before(choice, left), upward=True)
        except BROKEN as exc:
            failed = True
            log.info("%s still fails: %s", left.candidate, exc)
        except EngineUnavailable as exc:
            gone = True
            log.info("%s is no more: %s", left.candidate, exc)
        except Exception:
            failed = True
            log.exception("%s could not be tried again", left.candidate)
        finally:
            self._judged(left, taken, failed, gone)
        if taken:
            self._tell(
                f"{left.candidate} does well here again and is back in place of {before.candidate}."
            )

    def _judged(self, left: Left, taken: bool, failed: bool, gone: bool) -> None:
        with self._lock:
            if taken:
                self._climb.done(left, self.now())
            else:
                self._climb.in_vain(left, failed=failed, gone=gone)
            self._searching = False

    def _tried(
        self, choice: Choice, again: Again, at_most: float, *, fails: bool = False
    ) -> float | None:
        """The strain of an engine that is to take over; of one that takes more than `at_most`,
        or breaks, None, and it is closed. One that breaks is raised if it `fails`."""
        budget = self._telling.budget()
        strain = None
        try:
            if not self._closed:
                strain = min(
                    again(choice.engine).strain(choice.kind, budget) for _ in range(_TRIES)
                )
                strain = strain if strain < at_most else None
        except BROKEN as exc:
            log.info("%s is of no use: %s", choice.candidate, exc)
            if fails:
                raise
        finally:
            if strain is None:
                choice.engine.close()
        return strain

    def _replace(self, before: Choice, other: Choice, *, upward: bool = False) -> bool:
        """Unless the session has ended meanwhile, or the engine has failed."""
        with self._lock:
            taken = not self._closed and before.engine is self.engine
            if taken:
                self._take(other, upward=upward)
        if taken:
            self.release(self.hold(before.engine))
        else:
            other.engine.close()
        return taken

    def _take(self, choice: Choice, *, upward: bool = False) -> None:
        self._retired.append(self.engine)
        self._choice = choice
        self._upward = upward
        self._strain.forget()

    def _tell(self, text: str) -> None:
        log.info("%s", text)
        self._telling.told(text)
        self._telling.changed(self._choice)


def _instead(choice: Choice, before: Choice, why: str) -> Choice:
    """Whoever asks why it is at work hears why the better ones are not."""
    refused = (*before.refusals, f"{before.candidate}: {why}", *choice.refusals)
    return replace(choice, refusals=refused)


def _as_before(choice: Choice, left: Left) -> Choice:
    return replace(left.choice, engine=choice.engine)


def _short(reason: BaseException) -> str:
    said = str(reason).strip() or type(reason).__name__
    return said if len(said) <= 160 else f"{said[:157]}..."
