"""The engines of a kind from the one at work downwards: when it fails, or the machine has become
too busy for it, one below takes over, and the user is told."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from core.clock import Clock, RealClock
from core.errors import EngineFailed, EngineUnavailable
from core.pace import Pace, Strain
from engines.candidates import Candidate
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


class Make(Protocol):
    def __call__(self, below: Candidate) -> Choice:
        """The next engine below. EngineUnavailable when there is none."""
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
        options: Mapping[str, Any],
        time: Time | None = None,
    ) -> None:
        self._choice, self._make, self._telling, self._options = choice, make, telling, options
        self._time = time or Time()
        self._lock = threading.RLock()
        self._users: Counter[int] = Counter()
        self._retired: list[Any] = []
        self._strain = Strain(choice.kind, telling.budget)
        self._searching = False
        self._rests_until = 0.0
        self._closed = False

    @property
    def engine(self) -> Any:
        return self._choice.engine

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
                choice = self._make(before.candidate)
            except EngineUnavailable as exc:
                raise EngineFailed(f"{before.candidate} failed ({reason}). {exc}") from exc
            self._take(choice)
        self._tell(f"{before.candidate} failed ({_short(reason)}); {choice.candidate} goes on.")

    def took(self, engine: Any, pace: Pace, again: Again) -> None:
        """What an item took. When the machine is too busy for the engine at work, one below that
        does it quicker, `again`, is looked for next to it."""
        with self._lock:
            if not self._telling.hurry or engine is not self.engine:
                return
            if self._searching or self._closed:
                return
            self._strain.took(pace)
            if self.now() < self._rests_until or not self._strain.too_much(self._telling.behind()):
                return
            self._searching = True
        self._time.aside(lambda: self._search(pace, again))

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
                taken = self._replace(before, lighter)
        except Exception:
            log.exception("Nothing quicker than %s could be looked for", before.candidate)
        finally:
            self._rests_until = self.now() + _REST_S
            self._searching = False
        if taken and lighter is not None:
            self._tell(
                f"This machine is too busy for {before.candidate}, which takes {strain:.1f} times "
                f"as long as it may; {lighter.candidate} goes on."
            )

    def _lighter(self, before: Choice, pace: Pace, again: Again) -> Choice | None:
        at = before.candidate
        while not self._closed:
            try:
                choice = self._make(at)
            except EngineUnavailable as exc:
                log.info("nothing quicker than %s: %s", before.candidate, exc)
                return None
            lighter = False
            try:
                lighter = not self._closed and self._is_lighter(choice, pace, again)
            finally:
                if not lighter:
                    choice.engine.close()
            if lighter:
                return choice
            at = choice.candidate
        return None

    def _is_lighter(self, choice: Choice, pace: Pace, again: Again) -> bool:
        budget = self._telling.budget()
        try:
            quickest = min(again(choice.engine).strain(choice.kind, budget) for _ in range(_TRIES))
        except BROKEN as exc:
            log.info("%s is of no use: %s", choice.candidate, exc)
            return False
        return quickest < _LIGHTER * pace.strain(choice.kind, budget)

    def _replace(self, before: Choice, lighter: Choice) -> bool:
        """Unless the session has ended meanwhile, or the engine has failed."""
        with self._lock:
            if not self._closed and before.engine is self.engine:
                self._take(lighter)
                taken = True
            else:
                taken = False
        if taken:
            self.release(self.hold(before.engine))
        else:
            lighter.engine.close()
        return taken

    def _take(self, choice: Choice) -> None:
        self._retired.append(self.engine)
        self._choice = choice
        self._strain.forget()

    def _tell(self, text: str) -> None:
        self._telling.told(text)
        self._telling.changed(self._choice)


def _short(reason: BaseException) -> str:
    said = str(reason).strip() or type(reason).__name__
    return said if len(said) <= 160 else f"{said[:157]}..."
